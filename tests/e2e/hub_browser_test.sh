# SPDX-License-Identifier: Apache-2.0
# Chromium against a hub and a registry: web/tests/hub/*.test.mjs go from a push to a finding, its fix and its end, and look
# at every page. BULWARK_SCREENSHOTS=DIR has them leave pictures there.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
layout=$(demo_layout)
need node
need chromium
need skopeo
[ -d web/node_modules/playwright-core ] || skip "web/node_modules lacks playwright-core (./check installs it)"

# A new build of the demo's application that has nothing to find: mended packages, and a configuration that all checks accept.
make_fixed_image() {
  local layer=$work/layer package
  for package in axios:1.12.2 handlebars:4.7.8 jquery:3.7.1 lodash:4.17.21 minimist:1.2.8 moment:2.30.1; do
    mkdir -p "$layer/srv/app/node_modules/${package%:*}"
    printf '{"name": "%s", "version": "%s"}' "${package%:*}" "${package#*:}" >"$layer/srv/app/node_modules/${package%:*}/package.json"
  done
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$layer" -cf "$work/layer.tar" .
  cat >"$work/image.json" <<CONFIG
{"Cmd": ["node", "/srv/app"], "User": "1000:1000", "Healthcheck": {"Test": ["CMD", "node", "/srv/app/alive"]},
 "Labels": {"org.opencontainers.image.base.name": "registry.example.com/node:22",
            "org.opencontainers.image.base.digest": "sha256:$(printf base | sha256sum | cut -d' ' -f1)"}}
CONFIG
  python3 scripts/make_image.py --config "$work/image.json" "$work/fixed" latest "$(date +%s)" "$work/layer.tar"
}

make_fixed_image
"$BULWARK" -q db import --db "$work/advisories.db" content/demo/advisories
start_demo_registry
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$hub/")" = 200 ] || skip "the executable was built without the pages"

export BULWARK_HUB=$hub BULWARK_REGISTRY=127.0.0.1:$registry_port BULWARK_IMAGE=oci:$layout:latest BULWARK_FIXED_IMAGE=oci:$work/fixed:latest
BULWARK_LINK=$(sed -n 's/^sign in once at //p' "$work/hub.log")
export BULWARK_LINK
# One file after the other, by name: the first makes the administrator's password and what the second looks at.
node --test --test-concurrency=1 --test-reporter=spec web/tests/hub/*.test.mjs || { tail -20 "$work/hub.log" >&2; fail "the pages do other than they should"; }
