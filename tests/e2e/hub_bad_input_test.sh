# SPDX-License-Identifier: Apache-2.0
# What nobody should send is refused in Azure's form of errors, and never reaches another resource.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
. tests/e2e/fake_registry.sh

"$BULWARK" -q db import --db "$work/advisories.db" content/demo/advisories
start_fake_registry
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
sign_in_first
deliver plain/one
wait_for 30 is_scanned plain/one || { cat "$work/hub.log"; fail "the image was not scanned"; }
token=$(api POST /api/v1/tokens '{"name":"bad input","scope":"/","actions":["*"],"days":1}' | json 'd["secret"]')
tenant=$(json 'd["tenantId"]' <"$work/session.json")
before=$(api GET /api/v1/registries | json 'd["value"]')

python3 tests/e2e/tools/hub_bad_input.py "${hub#http://}" "$subscription" "$tenant" "$token" || fail "the hub takes what it should not"

echo "nothing changed, and the hub goes on"
[ "$(api GET /api/v1/registries | json 'd["value"]')" = "$before" ] || fail "registries changed"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
