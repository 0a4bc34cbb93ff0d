# SPDX-License-Identifier: Apache-2.0
# One image from a registry, an OCI layout, archives and a Docker daemon gives the same packages and findings.
. "$(dirname "$0")/lib.sh"
layout=$(demo_layout)
need skopeo

database=$work/advisories.db
data=content/demo/advisories
[ -z "${BULWARK_TEST_DATA:-}" ] || data=$BULWARK_TEST_DATA/vulndb
"$BULWARK" -q db import --db "$database" "$data"

report=tests/e2e/tools/report.py
scan() {  # scan NAME REF: every source on a cold cache, into $work/NAME.packages and .findings
  BULWARK_CACHE_DIR=$work/cache-$1 "$BULWARK" -q scan --db "$database" --format "json=$work/$1.json" "$2" || fail "scan of $2"
  python3 $report packages "$work/$1.json" >"$work/$1.packages"
  python3 $report findings "$work/$1.json" >"$work/$1.findings"
}
same_as_layout() {
  cmp "$work/layout.packages" "$work/$1.packages" || fail "packages of $1 differ"
  cmp "$work/layout.findings" "$work/$1.findings" || fail "findings of $1 differ"
  echo "$1: same packages and findings"
}
copy() { skopeo copy --quiet --insecure-policy "$@"; }

scan layout "oci:$layout:latest"
[ "$(wc -l <"$work/layout.packages")" -gt 90 ] || fail "fewer packages than a minimal Debian has"
[ "$(wc -l <"$work/layout.findings")" -ge 10 ] || fail "fewer than ten findings"
python3 $report check-dpkg "$work/layout.json"

expect_exit 1 "$BULWARK" scan --platform linux/arm64 "oci:$layout:latest"
expect_err "is for linux/amd64 alone"

run_registry
copy --dest-tls-verify=false "oci:$layout:latest" "docker://127.0.0.1:$registry_port/demo/app:1"
scan registry "127.0.0.1:$registry_port/demo/app:1"
same_as_layout registry

copy "oci:$layout:latest" "oci-archive:$work/oci.tar:demo:1"
scan oci-archive "oci-archive:$work/oci.tar"
same_as_layout oci-archive

copy "oci:$layout:latest" "docker-archive:$work/docker.tar:demo/app:1"
scan docker-archive "docker-archive:$work/docker.tar"
same_as_layout docker-archive

gzip -1 -k "$work/docker.tar"
scan docker-archive-gz "docker-archive:$work/docker.tar.gz"
same_as_layout docker-archive-gz

copy --dest-compress --dest-compress-format zstd "oci:$layout:latest" "oci:$work/zstd:latest"
scan zstd "oci:$work/zstd:latest"
same_as_layout zstd
