# SPDX-License-Identifier: Apache-2.0
# Chromium on the pages of hosts: web/tests/hub_hosts/*.test.mjs add one, whose agent is the test itself, and go from the list of
# containers to the rows of the failed rules. BULWARK_SCREENSHOTS=DIR has them leave pictures there.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
need node
need chromium
[ -d web/node_modules/playwright-core ] || skip "web/node_modules lacks playwright-core (./check installs it)"
[ -f "${BULWARK_ENGINE_LIBRARY:-}" ] || skip "no file ${BULWARK_ENGINE_LIBRARY:-(BULWARK_ENGINE_LIBRARY is not set)}"

export BULWARK_ENGINE_LIBRARY BULWARK_HUB=$hub
start_hub
[ "$(curl -s -o /dev/null -w '%{http_code}' "$hub/")" = 200 ] || skip "the executable was built without the pages"
BULWARK_LINK=$(sed -n 's/^sign in once at //p' "$work/hub.log")
export BULWARK_LINK
node --test --test-concurrency=1 --test-reporter=spec web/tests/hub_hosts/*.test.mjs || { tail -20 "$work/hub.log" >&2; fail "the pages do other than they should"; }
