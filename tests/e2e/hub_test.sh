# SPDX-License-Identifier: Apache-2.0
# Push → scan → recommendation → fixed push → gone; deletion; plans; restart; refusals.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
layout=$(demo_layout)
need skopeo

"$BULWARK" -q db import --db "$work/advisories.db" content/demo/advisories
start_demo_registry
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
sign_in_first
registry_id=/subscriptions/$subscription/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/demo
key=dbd0cb49-b563-45e7-9724-889e799fa648

echo "nothing is to be had without signing in"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$hub/api/v1/findings")" = 401 ] || fail "findings without a session"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$hub/subscriptions/$subscription?api-version=2022-12-01")" = 401 ] || fail "ARM without a session"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$hub/healthz")" = 200 ] || fail "healthz"

echo "a pushed image is scanned and its findings stand as a recommendation"
push "oci:$layout:latest" demo/app:1.0
unhealthy() { [ "$(images demo/app | json 'd["value"][0]["status"]')" = Unhealthy ]; }
wait_for 60 unhealthy || { images demo/app; cat "$work/hub.log"; fail "the image did not become unhealthy"; }
digest=$(images demo/app | json 'd["value"][0]["digest"]')
[ "$(api GET /api/v1/recommendations | json 'd["value"][0]["key"]')" = $key ] || fail "no recommendation"
total=$(api GET "/api/v1/findings?registry=demo&repository=demo/app" | json 'd["total"]')
[ "$total" -ge 5 ] || fail "only $total findings"
rows=$(api GET "/api/v1/findings?registry=demo&repository=demo/app&format=csv" | wc -l)
[ "$rows" = $((total + 1)) ] || fail "the CSV has $rows lines for $total findings"
api GET "$registry_id/providers/Microsoft.Security/assessments/$key?api-version=2021-06-01" | json 'd["properties"]["status"]["code"]' | grep -x Unhealthy >/dev/null || fail "assessment of the registry"
[ "$(api GET "$registry_id/providers/Microsoft.Security/assessments/$key/subAssessments?api-version=2019-01-01-preview&\$top=1000" | json 'len(d["value"])')" = "$total" ] || fail "sub-assessments"

echo "forged deliveries are refused"
forged() { curl -s -o /dev/null -w '%{http_code}' -d '{"events":[]}' "$@" "$hub/webhooks/registries/demo"; }
[ "$(forged)" = 401 ] || fail "a delivery without the secret"
[ "$(forged -H 'Authorization: Bearer wrong')" = 401 ] || fail "a delivery with the wrong secret"
api GET "/api/v1/activity?status=Failed" | grep webhook >/dev/null || fail "the refusal is not in the activity log"

echo "a Contributor may write registries, but make nobody a sign-in link"
carol=$(api POST /api/v1/users '{"name":"carol"}')
assignment=/subscriptions/$subscription/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000001
api PUT "$assignment?api-version=2022-04-01" "{\"properties\":{\"roleDefinitionId\":\"b24988ac-6180-42a0-ab88-20f7382dd24c\",\"principalId\":\"$(echo "$carol" | json 'd["id"]')\"}}" >/dev/null
token=$(echo "$carol" | json 'd["link"].split("#")[1]')
curl -sf -c "$work/carol" -H 'Content-Type: application/json' -d "{\"token\":\"$token\",\"password\":\"another-long-passphrase\"}" "$hub/api/v1/links" >"$work/carol.json"
carol_csrf=$(json 'd["csrf"]' <"$work/carol.json")
as_carol() { curl -s -o /dev/null -w '%{http_code}' -b "$work/carol" -H "X-CSRF-Token: $carol_csrf" -H 'Content-Type: application/json' -X "$@"; }
admin=$(json 'd["user"]["id"]' <"$work/session.json")
[ "$(as_carol POST "$hub/api/v1/users/$admin/link")" = 403 ] || fail "a Contributor got a link for the administrator"
[ "$(as_carol GET "$hub/api/v1/backup")" = 403 ] || fail "a Contributor got a backup"
[ "$(as_carol POST -d '{}' "$hub$registry_id/scan?api-version=2025-11-01")" = 202 ] || fail "a Contributor may not scan a registry"
[ "$(curl -s -o /dev/null -w '%{http_code}' -b "$work/carol" -X POST -d '{}' "$hub$registry_id/scan?api-version=2025-11-01")" = 401 ] || fail "a write without the CSRF token"

echo "disabled findings do not count; taken back they do"
rule=/subscriptions/$subscription/providers/Bulwark.Security/disableRules/all?api-version=2025-11-01
api PUT "$rule" '{"properties":{"state":"Enabled","reason":"test","criteria":{"severities":["Critical","High","Medium","Low","Unknown"]}}}' | grep '"reason"' >/dev/null || fail "the rule was refused"
[ "$(images demo/app | json 'd["value"][0]["status"]')" = Healthy ] || fail "the disabled findings count"
api DELETE "$rule" >/dev/null
unhealthy || fail "the findings do not count again"

echo "a fixed image under the same tag changes the verdict"
mkdir -p "$work/empty" && echo hello >"$work/empty/hello"
tar -C "$work/empty" --sort=name --owner=0 --group=0 -cf "$work/empty.tar" .
python3 scripts/make_image.py "$work/fixed" latest 1767225600 "$work/empty.tar"
push "oci:$work/fixed:latest" demo/app:1.0
moved() { images demo/app | json '[(i["status"], i["current"]) for i in d["value"] if i["digest"] == "'"$digest"'"]' | grep "('NotApplicable', False)" >/dev/null; }
wait_for 60 moved || { images demo/app; fail "the old image still counts"; }

echo "a deleted image leaves the list"
image_id=$registry_id/repositories/demo%2Fapp/images/$digest
api DELETE "$image_id?api-version=2025-11-01" >/dev/null
images demo/app | grep "$digest" >/dev/null && fail "the deleted image is still listed"
skopeo inspect --tls-verify=false "docker://127.0.0.1:$registry_port/demo/app@$digest" >/dev/null 2>&1 && fail "the image is still in the registry"

echo "the same configuration again changes nothing"
[ "$(api POST /api/v1/apply "$(cat "$work/configuration.yaml")" | json 'd["changed"]')" = "[]" ] || fail "applying twice changed something"

echo "a hub that was killed goes on where it was"
kill -9 "$hub_pid"
push "oci:$layout:latest" demo/other:1 
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
api POST "$registry_id/scan?api-version=2025-11-01" '{}' >/dev/null
other() { [ "$(images demo/other | json 'd["value"][0]["scanState"]')" = complete ]; }
wait_for 60 other || { images demo/other; cat "$work/hub.log"; fail "what was pushed meanwhile was not found"; }

echo "backup and restore"
"$BULWARK" hub backup --data "$work/hub" "$work/backup.tar.gz"
"$BULWARK" hub restore "$work/backup.tar.gz" --data "$work/restored"
[ -f "$work/restored/state.db" ] || fail "nothing was restored"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
