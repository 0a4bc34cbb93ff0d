# SPDX-License-Identifier: Apache-2.0
# Webhooks of every kind of sender: forged and unsigned deliveries are refused and in the activity log, genuine ones are taken.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
. tests/e2e/fake_registry.sh

start_fake_registry
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
sign_in_first
token=$(api POST /api/v1/tokens '{"name":"forged","scope":"/","actions":["*"],"days":1}' | json 'd["secret"]')
python3 tests/e2e/tools/hub_forged.py "$hub" "$token" "$webhook_secret" plain/one "$(python3 tests/e2e/tools/fake_registry.py digest plain/one)" ||
  fail "a delivery was not answered as it should be"
