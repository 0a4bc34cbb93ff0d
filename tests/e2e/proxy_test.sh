# SPDX-License-Identifier: Apache-2.0
# Proxies of the environment are used, and NO_PROXY is heeded. The registry's name exists for the proxy alone.
. "$(dirname "$0")/lib.sh"
layout=$(demo_layout)
need skopeo
run_registry
skopeo copy --quiet --insecure-policy --dest-tls-verify=false "oci:$layout:latest" "docker://127.0.0.1:$registry_port/demo/app:1"

python3 tests/e2e/tools/proxy.py "$registry_port" >"$work/proxy.log" &
at_end "kill $!"
wait_for 10 test -s "$work/proxy.log" || fail "the proxy did not start"
export http_proxy=http://127.0.0.1:$(head -1 "$work/proxy.log")

expect_exit 0 "$BULWARK" scan --insecure --no-cache -f "json=$work/report.json" registry.invalid/demo/app:1
grep -q "http://registry.invalid/v2/demo/app/manifests/1" "$work/proxy.log" || fail "the proxy was not asked"
[ "$(python3 tests/e2e/tools/report.py packages "$work/report.json" | wc -l)" -gt 90 ] || fail "packages are missing"
expect_exit 1 env NO_PROXY=registry.invalid "$BULWARK" scan --insecure --no-cache registry.invalid/demo/app:1
expect_err "registry.invalid"
