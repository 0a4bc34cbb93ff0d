# SPDX-License-Identifier: Apache-2.0
# kill -9 of the hub at random points while images are pushed: what was pushed is scanned once, and nothing is lost.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
kills=50
[ -z "${BULWARK_LONG:-}" ] || kills=500

"$BULWARK" -q db import --db "$work/advisories.db" content/demo/advisories
start_demo_registry
sed -i 's/pollMinutes: 0/pollMinutes: 1/' "$work/configuration.yaml"
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
sign_in_first
token=$(api POST /api/v1/tokens '{"name":"storm","scope":"/","actions":["*"],"days":1}' | json 'd["secret"]')

echo "a second hub in the same directory is refused"
expect_exit 1 "$BULWARK" hub --data "$work/hub" --listen "127.0.0.1:$(free_port)"
expect_err "another hub runs with the data directory"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"

echo "the hub is killed $kills times while images are pushed"
BULWARK_STORM_SECRET=$webhook_secret BULWARK_STORM_TOKEN=$token BULWARK_STORM_SUBSCRIPTION=$subscription \
  python3 tests/e2e/tools/hub_storm.py "$work/hub" "$hub" "127.0.0.1:$registry_port" "$kills" -- \
  "$BULWARK" hub --data "$work/hub" --listen "127.0.0.1:$hub_port" --refresh-hours 0 --db "$work/advisories.db" --config "$work/configuration.yaml" ||
  { tail -20 "$work/storm.log" >&2; fail "the storm left damage"; }
