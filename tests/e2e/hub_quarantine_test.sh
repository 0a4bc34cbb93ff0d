# SPDX-License-Identifier: Apache-2.0
# Azure's registry: its events, its quarantine that what is pushed leaves as Passed or Failed; the gate on images and indexes;
# approvals.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
tools=tests/e2e/tools
acr_port=$(free_port)
acr=127.0.0.1:$acr_port
log=$work/acr.jsonl
mkdir "$work/acr" && touch "$log"
python3 $tools/fake_acr.py "$acr_port" "$work/acr" "$log" &
acr_pid=$!
at_end "kill $acr_pid 2>/dev/null"
wait_for 10 curl -s -o /dev/null "http://$acr/v2/"

cat >"$work/configuration.yaml" <<CONFIGURATION
registries:
  - name: demo
    kind: AzureContainerRegistry
    loginServer: $acr
    username: scanner
    password: secret
    webhookSecret: $webhook_secret
    pollMinutes: 0
    policies: {quarantinePolicy: {status: enabled}}
CONFIGURATION
start_hub --config "$work/configuration.yaml"
sign_in_first
image() { python3 $tools/debian_image.py "$work/acr/$1" "${@:2}"; }
digest_of() { json 'd["manifests"][0]["digest"]' <"$work/acr/$1/index.json"; }
child_of() { json "d['manifests'][$2]['digest']" <"$work/acr/$1/blobs/sha256/$(digest_of "$1" | cut -d: -f2)"; }
hook() { curl -s -o "$work/answer" -w '%{http_code}' -H 'Content-Type: application/json; charset=utf-8' "$@" "$hub/webhooks/registries/demo"; }
# event ACTION REPOSITORY DIGEST: the payload as Azure sends it, with its custom header.
event() {
  local tag=',"length":524,"size":524,"tag":"1"'
  [ "$1" = delete ] && tag=
  hook -H "Authorization: Bearer $webhook_secret" -d "{\"id\":\"$(cat /proc/sys/kernel/random/uuid)\",\"timestamp\":\"2026-11-17T16:52:01.343145347Z\",\"action\":\"$1\",
    \"target\":{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"digest\":\"$3\",\"repository\":\"$2\"$tag},
    \"request\":{\"id\":\"3cbb6949-7549-4fa1-86cd-a6d5451dffc7\",\"host\":\"myregistry.azurecr.io\",\"method\":\"PUT\",\"useragent\":\"docker/27\"}}"
}
# marks REPOSITORY: state and digest of what was marked, in order.
marks() { python3 -c 'import json,sys; print([(e["state"], e["digest"]) for e in map(json.loads, open(sys.argv[1])) if e.get("repository") == sys.argv[2]])' "$log" "$1"; }
marked() { [ "$(marks "$1")" = "$2" ]; }
expect_marks() { wait_for 20 marked "$1" "$2" || { marks "$1"; images "$1"; cat "$work/hub.log"; fail "marks of $1 are not $2"; }; }
gate_of() { api GET "/subscriptions/$subscription/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/demo/repositories/$1/images/$2/gate?${3:-}"; }

echo "a ping is answered, with the secret alone"
ping='{"id":"p1","timestamp":"2026-11-17T16:52:01Z","action":"ping"}'
[ "$(hook -H "Authorization: Bearer $webhook_secret" -d "$ping")" = 200 ] || fail "the ping: $(cat "$work/answer")"
[ "$(hook -d "$ping")" = 401 ] || fail "a ping without the secret"

echo "without vulnerability data an image stays in quarantine; the first data ends it"
image early linux/amd64:openssl=3.0.16-1
[ "$(event quarantine early "$(digest_of early)")" = 200 ] || fail "the quarantine event: $(cat "$work/answer")"
scanned() { [ "$(images "$1" | json 'd["value"][0]["scanState"]')" = complete ]; }
wait_for 20 scanned early || { images early; cat "$work/hub.log"; fail "early was not scanned"; }
marked early "[]" || fail "marked without data: $(marks early)"
python3 $tools/advisory.py CVE-2026-3001 openssl 3.0.16-1 >"$work/advisory.json"
curl -s -b "$work/jar" -H "X-CSRF-Token: $csrf" --data-binary "@$work/advisory.json" "$hub/api/v1/data/import" >/dev/null
expect_marks early "[('Passed', '$(digest_of early)')]"

echo "a clean image passes, a bad one fails, with what was found"
image clean linux/amd64:openssl=3.0.17-1
image bad linux/amd64:openssl=3.0.15-1
for name in clean bad; do event quarantine $name "$(digest_of $name)" >/dev/null; done
expect_marks clean "[('Passed', '$(digest_of clean)')]"
expect_marks bad "[('Failed', '$(digest_of bad)')]"
python3 - "$log" <<'PYTHON' || fail "the details of the marks"
import json, sys
marks = {e["repository"]: e for e in map(json.loads, open(sys.argv[1])) if "state" in e}
bad, clean = marks["bad"], marks["clean"]
assert bad["members"] == ["quarantineDetails", "quarantineState"], bad
counts = {entry["severity"]: entry["count"] for entry in bad["details"]["result"]["summary"]}
assert counts["Critical"] + counts["High"] == 1, bad
assert set(bad["details"]) <= {"scanner", "state", "link", "result"} and bad["details"]["result"]["version"], bad
assert not any(entry["count"] for entry in clean["details"]["result"]["summary"]), clean
PYTHON
quarantine() { api GET "/api/v1/registries/demo/images/$(digest_of "$1")?repository=$1" | json 'd["quarantine"]'; }
[ "$(quarantine bad)" = Failed ] && [ "$(quarantine clean)" = Passed ] || fail "the images show $(quarantine bad), $(quarantine clean)"

echo "the push that follows marks nothing again"
[ "$(event push clean "$(digest_of clean)")" = 200 ] || fail "the push event"
image after linux/amd64:openssl=3.0.18-1
event quarantine after "$(digest_of after)" >/dev/null
expect_marks after "[('Passed', '$(digest_of after)')]"
expect_marks clean "[('Passed', '$(digest_of clean)')]"

echo "Event Grid delivers CloudEvents once its handshake is answered, the secret as parameter or as password"
handshake() { curl -s -o /dev/null -D "$work/headers" -w '%{http_code}' -X OPTIONS -H 'WebHook-Request-Origin: eventgrid.azure.net' -H 'WebHook-Request-Rate: 120' "$@"; }
[ "$(handshake "$hub/webhooks/registries/demo")" = 401 ] || fail "a handshake without the secret"
grep -i '^webhook-allowed' "$work/headers" && fail "a handshake without the secret was granted"
[ "$(handshake "$hub/webhooks/registries/demo?secret=$webhook_secret")" = 200 ] || fail "the handshake: $(cat "$work/headers")"
for header in 'WebHook-Allowed-Origin: eventgrid.azure.net' 'WebHook-Allowed-Rate: 120' 'Allow: POST, OPTIONS'; do grep -i "^$header" "$work/headers" >/dev/null || fail "lacks $header"; done
image grid linux/amd64:openssl=3.0.20-1
cloud_event() {  # cloud_event CURL_ARGUMENT…
  curl -s -o "$work/answer" -w '%{http_code}' -H 'Content-Type: application/cloudevents+json; charset=utf-8' -d "{\"specversion\":\"1.0\",\"id\":\"831e1650-001e-001b-66ab-eeb76e069631\",
    \"source\":\"/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r\",\"subject\":\"grid:1\",\"type\":\"Microsoft.ContainerRegistry.ImagePushed\",
    \"time\":\"2026-11-29T01:02:03Z\",\"data\":{\"id\":\"d1\",\"timestamp\":\"2026-11-29T01:02:03Z\",\"action\":\"push\",\"target\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",
    \"size\":524,\"digest\":\"$(digest_of grid)\",\"repository\":\"grid\",\"tag\":\"1\"},\"request\":{\"host\":\"r.azurecr.io\",\"method\":\"PUT\",\"useragent\":\"docker/27\"}}}" "$@"
}
[ "$(cloud_event -u "any:wrong" "$hub/webhooks/registries/demo")" = 401 ] || fail "a wrong password was taken"
[ "$(cloud_event -u "any:$webhook_secret" "$hub/webhooks/registries/demo")" = 200 ] || fail "the event: $(cat "$work/answer")"
[ "$(json '(d["pushed"], d["ignored"])' <"$work/answer")" = "(1, 0)" ] || fail "the event: $(cat "$work/answer")"
[ "$(cloud_event "$hub/webhooks/registries/demo?secret=$webhook_secret")" = 200 ] && [ "$(json '(d["pushed"], d["ignored"])' <"$work/answer")" = "(0, 1)" ] || fail "the event again: $(cat "$work/answer")"
expect_marks grid "[('Passed', '$(digest_of grid)')]"

echo "an index passes where each of its images does"
image multi linux/amd64:openssl=3.0.16-1 linux/arm64:openssl=3.0.16-1
image mixed linux/amd64:openssl=3.0.16-1 linux/arm64:openssl=3.0.14-1
for name in multi mixed; do event quarantine $name "$(digest_of $name)" >/dev/null; done
of_index() { marks "$1" | python3 -c 'import ast,sys; print([s for s, d in ast.literal_eval(sys.stdin.read()) if d == sys.argv[1]])' "$(digest_of "$1")"; }
is_marked() { [ "$(of_index "$1")" = "['$2']" ]; }
wait_for 20 is_marked multi Passed || fail "marks of multi: $(marks multi)"
wait_for 20 is_marked mixed Failed || fail "marks of mixed: $(marks mixed)"

echo "the gate on an index: the worst of its images decides, within the platforms of the registry"
[ "$(gate_of multi "$(digest_of multi)" | json '(d["allowed"], d["scanned"], len(d["images"]))')" = "(True, True, 2)" ] || fail "the gate: $(gate_of multi "$(digest_of multi)")"
gate_of mixed "$(digest_of mixed)" | json '(d["allowed"], [(i["platform"], i["allowed"]) for i in d["images"]], d["reasons"][0].split(" has ")[0])' |
  grep -Fx "(False, [('linux/amd64', True), ('linux/arm64', False)], 'mixed@$(child_of mixed 1)')" >/dev/null || fail "the gate: $(gate_of mixed "$(digest_of mixed)")"
export HOME=$work
printf %s "$admin_password" | expect_exit 0 "$BULWARK" login "$hub" --username admin --password-stdin
expect_exit 0 "$BULWARK" gate "$acr/multi@$(digest_of multi)"
expect_exit 2 "$BULWARK" gate "$acr/mixed@$(digest_of mixed)"
expect_out "mixed@$(child_of mixed 1) has open findings"
expect_exit 2 "$BULWARK" gate "$acr/mixed:1"
expect_exit 0 "$BULWARK" gate "$acr/mixed@$(child_of mixed 0)"
sed 's|    policies|    platforms: [linux/amd64]\n    policies|' "$work/configuration.yaml" >"$work/narrow.yaml"
api POST /api/v1/apply "$(cat "$work/narrow.yaml")" | json 'len(d["changed"])' | grep -x 1 >/dev/null || fail "the platforms were not applied"
expect_exit 0 "$BULWARK" gate "$acr/mixed@$(digest_of mixed)"

echo "an image is approved by who has the role for it, an Owner without it does not"
approve() { api POST "/subscriptions/$subscription/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/demo/repositories/multi/images/$(digest_of multi)/approve" '{"decision":"Approved","reason":"looked at"}'; }
expect_exit 2 "$BULWARK" gate "$acr/multi@$(digest_of multi)" --require-approval
approve | json 'd["properties"]["decision"]' | grep -x Approved >/dev/null || fail "the first administrator approves: $(approve)"
expect_exit 0 "$BULWARK" gate "$acr/multi@$(digest_of multi)" --require-approval
expect_exit 0 "$BULWARK" gate "$acr/multi@$(child_of multi 0)" --require-approval
assignment=$(api GET "/subscriptions/$subscription/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01" |
  json '[a["id"] for a in d["value"] if a["properties"]["roleDefinitionId"].endswith("afcea888-3354-4bfa-8ae4-72ac4fdcc7cf")][0]')
api DELETE "$assignment?api-version=2022-04-01" >/dev/null
approve | json 'd["error"]["code"]' | grep -x AuthorizationFailed >/dev/null || fail "an Owner without the role approved: $(approve)"
api GET /api/v1/session | json 'd["capabilities"]["approve"]' | grep -x False >/dev/null || fail "the pages offer to approve"

echo "credentials that may not end it are told"
touch "$work/acr/refuse"
image refused linux/amd64:openssl=3.0.19-1
event quarantine refused "$(digest_of refused)" >/dev/null
told() { images refused | json 'd["value"][0]["scanError"]' | grep AcrQuarantineWriter; }
wait_for 20 told || fail "not told: $(images refused)"

echo "a deleted image leaves, with its findings"
event delete bad "$(digest_of bad)" >/dev/null
[ "$(images bad | json 'd["total"]')" = 0 ] || fail "the deleted image is listed"
[ "$(api GET "/api/v1/findings?repository=bad" | json 'd["total"]')" = 0 ] || fail "its findings stay"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
