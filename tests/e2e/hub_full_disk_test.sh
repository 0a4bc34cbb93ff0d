# SPDX-License-Identifier: Apache-2.0
# A disk that is full: writes are refused and say why, reads go on, and once there is room nothing of what was said is lost.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
. tests/e2e/fake_registry.sh

disk=$work/hub
mkdir "$disk"
[ "$(id -u)" = 0 ] || skip "a small file system can be mounted by root alone"
mount -t tmpfs -o size=32m,mode=700 tmpfs "$disk" 2>"$work/mount.log" || skip "no small file system can be mounted here: $(cat "$work/mount.log")"
at_end "umount -l '$disk'"

"$BULWARK" -q db import --db "$work/advisories.db" content/demo/advisories
start_fake_registry
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
sign_in_first
registries=/subscriptions/$subscription/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries
deliver plain/one
wait_for 30 is_scanned plain/one || { cat "$work/hub.log"; fail "the image was not scanned"; }
findings=$(api GET /api/v1/findings | json 'd["total"]')
[ "$findings" -ge 1 ] || fail "no findings"

# with_status METHOD PATH [BODY_FILE]: the status; the body is in $work/answer.
with_status() {
  curl -s -o "$work/answer" -w '%{http_code}' -b "$work/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' -X "$1" ${3:+--data-binary "@$3"} "$hub$2"
}
python3 -c 'import json; print(json.dumps({"location": "local", "tags": {"t": "x" * 200_000}, "properties": {"loginServer": "127.0.0.1:1", "scanEnabled": False}}))' >"$work/registry.json"
says_full() { python3 -c 'import json,sys; e=json.load(open(sys.argv[1]))["error"]; assert e["code"] and "full" in e["message"] and "free some space" in e["message"], e' "$work/answer"; }

echo "writes on a full disk are refused, and say why"
deliver slow/one
scanning() { [ "$(scan_state slow/one)" = scanning ]; }
wait_for 20 scanning || fail "the scan did not begin"
dd if=/dev/zero of="$disk/filler" bs=64k 2>/dev/null && fail "the disk did not fill"
kept=() status=
for number in $(seq 1 60); do
  status=$(with_status PUT "$registries/kept$number?api-version=2025-11-01" "$work/registry.json")
  [ "$status" = 201 ] || break
  kept+=("kept$number")
done
[ "$status" = 503 ] || [ "$status" = 507 ] || { cat "$work/answer"; fail "a write on a full disk is answered with $status"; }
says_full || { cat "$work/answer"; fail "the refusal does not say what is wrong"; }
refused=$number
refused_deliveries=()
for number in 1 2 3 4 5; do deliver "plain/full$number" || refused_deliveries+=("plain/full$number"); done
touch "$fake/go"
status=$(curl -s -o "$work/answer" -w '%{http_code}' -H 'Content-Type: application/json' -d "{\"name\":\"admin\",\"password\":\"$admin_password\"}" "$hub/api/v1/session")
[ "$status" = 200 ] || { [ "$status" = 503 ] && says_full; } || { cat "$work/answer"; fail "signing in on a full disk is answered with $status"; }

echo "reads go on"
for path in /healthz "/api/v1/findings" "/api/v1/overview" "/api/v1/activity" "$registries?api-version=2025-11-01" "$registries/demo?api-version=2025-11-01"; do
  [ "$(with_status GET "$path")" = 200 ] || { cat "$work/answer"; fail "reading $path on a full disk"; }
done
[ "$(api GET /api/v1/findings | json 'd["total"]')" -ge "$findings" ] || fail "findings are missing"
[ "$(with_status GET "$registries/kept$refused?api-version=2025-11-01")" = 404 ] || fail "a write that was refused was made"

echo "with room again writes succeed, and what was acknowledged is there"
rm "$disk/filler"
[ "$(with_status PUT "$registries/kept$refused?api-version=2025-11-01" "$work/registry.json")" = 201 ] || { cat "$work/answer"; fail "a write with room again"; }
for name in "${kept[@]}" "kept$refused"; do
  [ "$(with_status GET "$registries/$name?api-version=2025-11-01")" = 200 ] || fail "$name was acknowledged and is lost"
done
for name in "${refused_deliveries[@]}"; do deliver "$name" || fail "a delivery with room again"; done
for name in slow/one plain/full1 plain/full2 plain/full3 plain/full4 plain/full5; do
  wait_for 90 is_scanned $name || { images "${name/\//%2F}"; cat "$work/hub.log"; fail "$name was not scanned after all"; }
done
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
python3 -c 'import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone()[0])' "$disk/state.db" | grep -x ok >/dev/null ||
  fail "the store is damaged"
