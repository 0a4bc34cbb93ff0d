# SPDX-License-Identifier: Apache-2.0
# The pages with a stand-in for the hub: their plain logic, long lists and keys, dialogs, live updates, small screens, empty pages.
# What hub_browser_test.sh shows of them with a real hub is left out; `npm run test:e2e` in web/ runs all.
. "$(dirname "$0")/lib.sh"
need node
need chromium
[ -d web/node_modules/playwright-core ] || skip "web/node_modules lacks playwright-core (./check installs it)"
[ -f web/dist/index.html ] || skip "the pages are not built (./check builds them)"

(cd web && node node_modules/vitest/vitest.mjs run) || fail "the pages' logic"
for file in grid journey hosts small_and_empty; do
  node --test --test-reporter=spec "web/tests/e2e/$file.test.mjs" || fail "web/tests/e2e/$file.test.mjs"
done
