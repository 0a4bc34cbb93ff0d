# SPDX-License-Identifier: Apache-2.0
# Shared by the tests that connect a hub to tools/fake_registry.py: sourced after hub_lib.sh.

fake=$work/fake

# Sets fake_port, service_port and service6_port, and connects the registry as "demo".
start_fake_registry() {
  mkdir -p "$fake"
  python3 tests/e2e/tools/fake_registry.py "$fake" 2>"$work/fake.log" &
  fake_pid=$!
  at_end "kill $fake_pid"
  wait_for 15 test -f "$fake/ports" || { cat "$work/fake.log"; fail "the fake registry did not start"; }
  read -r fake_port service_port service6_port <"$fake/ports" || true
  cat >"$work/configuration.yaml" <<CONFIGURATION
registries:
  - name: demo
    loginServer: 127.0.0.1:$fake_port
    webhookSecret: $webhook_secret
    pollMinutes: 0
CONFIGURATION
}

# deliver REPOSITORY: tells the hub that the repository's image was pushed.
deliver() {
  local digest
  digest=$(python3 tests/e2e/tools/fake_registry.py digest "$1")
  curl -sf -o /dev/null -H "Authorization: Bearer $webhook_secret" -H 'Content-Type: application/json' \
    -d "{\"events\":[{\"action\":\"push\",\"target\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"repository\":\"$1\",\"digest\":\"$digest\",\"tag\":\"1\"}}]}" \
    "$hub/webhooks/registries/demo"
}

scan_state() { images "${1/\//%2F}" | json 'd["value"][0]["scanState"]' 2>/dev/null; }
is_scanned() { [ "$(scan_state "$1")" = complete ]; }
