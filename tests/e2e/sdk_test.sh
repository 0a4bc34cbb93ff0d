# SPDX-License-Identifier: Apache-2.0
# Microsoft's own Azure SDKs for JavaScript, unmodified, against the hub: tests/sdk/*.test.mjs.
. "$(dirname "$0")/lib.sh"
need node
need skopeo
[ -d "${BULWARK_SDK_NODE_MODULES:-}/@azure/identity" ] || skip "BULWARK_SDK_NODE_MODULES names no folder with the Azure SDKs (./check installs them)"

# An image with a dozen copies of old packages: more findings than one page of a list holds.
make_image() {
  local layer=$work/layer copy package
  for copy in $(seq 1 12); do
    for package in axios:0.21.0 handlebars:4.7.6 jquery:3.4.1 lodash:4.17.15 minimist:1.2.0 moment:2.29.1; do
      mkdir -p "$layer/srv/app$copy/node_modules/${package%:*}"
      printf '{"name": "%s", "version": "%s"}' "${package%:*}" "${package#*:}" >"$layer/srv/app$copy/node_modules/${package%:*}/package.json"
    done
  done
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$layer" -cf "$work/layer.tar" .
  python3 scripts/make_image.py "$work/image" latest 0 "$work/layer.tar"
}

start_hub() {
  hub_port=$(free_port)
  hub_url=https://127.0.0.1:$hub_port
  "$BULWARK" hub --data "$work/data" --listen "127.0.0.1:$hub_port" --self-signed --db "$work/db" --refresh-hours 0 >"$work/hub.log" 2>&1 &
  hub_pid=$!
  at_end "kill $hub_pid; wait $hub_pid 2>/dev/null"
  wait_for 30 curl -sf --cacert "$work/data/tls/certificate.pem" "$hub_url/healthz" || { cat "$work/hub.log" >&2; fail "the hub did not start"; }
}

make_image
"$BULWARK" -q db import --db "$work/db" content/demo/advisories
run_registry
start_hub
skopeo copy --quiet --insecure-policy --dest-tls-verify=false "oci:$work/image:latest" "docker://127.0.0.1:$registry_port/team/app:1"

# The tests import the SDKs by name, as anybody would: their folder stands beside node_modules.
mkdir "$work/sdk"
cp tests/sdk/*.mjs "$work/sdk/"
ln -s "$BULWARK_SDK_NODE_MODULES" "$work/sdk/node_modules"
export NODE_EXTRA_CA_CERTS=$work/data/tls/certificate.pem NODE_NO_WARNINGS=1 BULWARK_SDK_FACTS=$work/facts.json
export BULWARK_SDK_IMAGE=$work/image BULWARK_SDK_REGISTRY=127.0.0.1:$registry_port
node "$work/sdk/prepare.mjs" "$hub_url" "$(grep -o 'welcome#[A-Za-z0-9_-]*' "$work/hub.log" | head -1 | cut -d'#' -f2)" ||
  { tail -5 "$work/hub.log" >&2; fail "the hub could not be prepared"; }
# One file after the other: the plans that one of them switches off are the others' too.
node --test --test-concurrency=1 --test-reporter=spec "$work"/sdk/*.test.mjs || { tail -20 "$work/hub.log" >&2; fail "an SDK meets another hub than it expects"; }
