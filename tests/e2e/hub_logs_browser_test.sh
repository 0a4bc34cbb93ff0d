# SPDX-License-Identifier: Apache-2.0
# Chromium on the Logs page and the dashboards of a hub that keeps records in its own workspace: web/tests/hub_logs/*.test.mjs
# over what seed.mjs sends in. BULWARK_SCREENSHOTS=DIR has them leave pictures there.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
need node
need chromium
[ -d web/node_modules/playwright-core ] || skip "web/node_modules lacks playwright-core (./check installs it)"
[ -f "${BULWARK_ENGINE_LIBRARY:-}" ] || skip "no file ${BULWARK_ENGINE_LIBRARY:-(BULWARK_ENGINE_LIBRARY is not set)}"

export BULWARK_ENGINE_LIBRARY BULWARK_HUB=$hub
if [ -f "${BULWARK_DEMO_DIR:-}/layout/index.json" ]; then  # verdicts and events of a registry to ask about, where there is an image
  "$BULWARK" -q db import --db "$work/advisories.db" content/demo/advisories
  start_demo_registry
  start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
  push "oci:$BULWARK_DEMO_DIR/layout:latest" shop/checkout:1.0
else
  start_hub
fi
[ "$(curl -s -o /dev/null -w '%{http_code}' "$hub/")" = 200 ] || skip "the executable was built without the pages"
BULWARK_LINK=$(sed -n 's/^sign in once at //p' "$work/hub.log")
export BULWARK_LINK

node web/tests/hub_logs/seed.mjs || { tail -20 "$work/hub.log" >&2; fail "the workspace cannot be filled"; }
node --test --test-concurrency=2 --test-reporter=spec web/tests/hub_logs/*.test.mjs || { tail -20 "$work/hub.log" >&2; fail "the pages do other than they should"; }
