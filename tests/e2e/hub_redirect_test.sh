# SPDX-License-Identifier: Apache-2.0
# A registry that sends the hub on to addresses inside the network is not followed there, unless that is allowed.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
. tests/e2e/fake_registry.sh

"$BULWARK" -q db import --db "$work/advisories.db" content/demo/advisories
start_fake_registry
start() { start_hub --db "$work/advisories.db" --config "$work/configuration.yaml" "$@"; }
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
scan_error() { images "${1/\//%2F}" | json 'd["value"][0]["scanError"]' 2>/dev/null; }
was_refused() { scan_error "$1" | grep "may not connect to\|the scheme\|no credentials are sent there" >/dev/null; }
start
sign_in_first

echo "blobs, manifests and token services at addresses inside are not asked"
service=127.0.0.2:$service_port
targets=(
  "blob http://$service/x" "blob http://2130706434:$service_port/x" "blob http://0x7f.2:$service_port/x"
  "blob http://[::1]:$service6_port/x" "blob http://[::ffff:127.0.0.2]:$service_port/x"
  "blob http://169.254.169.254/latest/meta-data" "blob http://10.0.0.1/x" "blob http://192.168.0.1/x" "blob http://172.16.0.1/x"
  "blob http://[fe80::1]/x" "blob http://[fd00::1]/x" "blob http://0.0.0.0:$service_port/x" "blob file:///etc/passwd" "blob gopher://$service/x"
  "manifest http://$service/x" "realm http://$service/token" "realm http://169.254.169.254/token"
)
for target in "${targets[@]}"; do deliver "${target%% *}/$(hex "${target#* }")" || fail "a delivery was refused"; done
for target in "${targets[@]}"; do
  repository=${target%% *}/$(hex "${target#* }")
  wait_for 30 was_refused "$repository" || { images "${repository/\//%2F}"; fail "not refused: $target"; }
done
[ ! -e "$fake/reached" ] || { cat "$fake/reached"; fail "the service inside was reached"; }

echo "nor is a next page of tags there"
next=next/$(hex "http://$service/v2/x/tags/list")
deliver "$next"
registry=/subscriptions/$subscription/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/demo
api POST "$registry/scan?api-version=2025-11-01" '{}' >/dev/null
asked() { grep -x "$next" "$fake/asked"; }
polled() { api GET /api/v1/registries | json 'd["value"][0]["lastError"]' | grep .; }
wait_for 30 asked || fail "the tags were not listed"
wait_for 30 polled || fail "the poll did not meet the page"

echo "a registry that behaves is scanned all the while"
deliver plain/one
wait_for 30 is_scanned plain/one || { images plain/one; fail "plain/one was not scanned"; }
[ ! -e "$fake/reached" ] || { cat "$fake/reached"; fail "the service inside was reached"; }

echo "where private registries are allowed, the redirect is followed"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
start --allow-private-registries
followed=blob/$(hex "http://$service/ok")
deliver "$followed"
reached() { grep -q "GET /ok" "$fake/reached"; }
wait_for 30 reached || { images "${followed/\//%2F}"; fail "the redirect was not followed"; }
