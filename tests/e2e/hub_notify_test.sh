# SPDX-License-Identifier: Apache-2.0
# Notifications by signed webhook and by mail: what is told to whom, tests, retries, secrets.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
tools=tests/e2e/tools
secret=signs-every-message
webhook_port=$(free_port)
smtp_port=$(free_port)
log=$work/received.jsonl

start_receivers() {
  python3 $tools/receivers.py "$webhook_port" "$smtp_port" "$secret" "$log" &
  receivers_pid=$!
  at_end "kill $receivers_pid 2>/dev/null"
  wait_for 10 curl -s -o /dev/null "http://127.0.0.1:$webhook_port/"
}
# received EXPRESSION: over the list of what came, as `d`.
received() { python3 -c "import json,sys; d=[json.loads(line) for line in open(sys.argv[1])]; print($1)" "$log"; }
is_so() { [ "$(received "$1")" = True ]; }
# arrived SECONDS EXPRESSION: what was received becomes so.
arrived() { wait_for "$1" is_so "$2" || { cat "$log" "$work/hub.log"; fail "not received: $2"; }; }

advisory() { python3 $tools/advisory.py "$@" >"$work/data/$1.json"; }
mkdir "$work/data"; touch "$log"
critical=CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H high=CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N medium=CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N
advisory CVE-2026-2001 openssl 3.0.16-1 $high
advisory CVE-2026-2002 bash 5.3 $medium
"$BULWARK" -q db import --db "$work/advisories.db" "$work/data"
start_demo_registry
start_receivers
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
sign_in_first
channels=/subscriptions/$subscription/providers/Bulwark.Security/notificationChannels
version=api-version=2026-01-01
every='"NewRecommendation","NewFinding","ScanFailed"'
webhook() {  # webhook NAME EVENTS MINIMUM [MORE]
  api PUT "$channels/$1?$version" "{\"properties\":{\"kind\":\"Webhook\",\"url\":\"http://127.0.0.1:$webhook_port/$1\",\"secret\":\"$secret\",
    \"allowPrivate\":[\"127.0.0.1\"],\"events\":[$2],\"minimumSeverity\":\"$3\"${4:-}}}"
}

echo "channels are made, and give no secret back"
webhook all "$every" High | json 'd["properties"].get("secret")' | grep -x None >/dev/null || fail "the answer to PUT has the secret"
webhook findings '"NewFinding"' Medium >/dev/null
webhook critical "$every" Critical >/dev/null
webhook off "$every" Low ',"enabled":false' >/dev/null
webhook flaky '"NewRecommendation"' Low >/dev/null
webhook gone '"NewRecommendation"' Low >/dev/null
api PUT "$channels/mail?$version" "{\"properties\":{\"kind\":\"Email\",\"host\":\"127.0.0.1\",\"port\":$smtp_port,\"security\":\"None\",\"username\":\"bulwark\",\"password\":\"of-the-mail-server\",
  \"from\":\"bulwark@example.com\",\"to\":[\"a@example.com\",\"b@example.com\"],\"events\":[$every],\"minimumSeverity\":\"High\"}}" >/dev/null
api GET "$channels?$version" >"$work/channels.json"
[ "$(json 'len(d["value"])' <"$work/channels.json")" = 7 ] || fail "channels: $(cat "$work/channels.json")"
for word in "$secret" of-the-mail-server; do
  for path in "$channels?$version" "$channels/all?$version" "$channels/mail?$version"; do api GET "$path"; done | grep "$word" >/dev/null && fail "GET gives $word"
  grep -a "$word" "$work"/hub/state.db* "$work/hub.log" >/dev/null && fail "$word is stored in the open, or logged"
done
webhook wrong '"Everything"' High | json 'd["error"]["message"]' | grep "none of NewRecommendation" >/dev/null || fail "an unknown event was taken"

echo "the test button says what became of it"
test_of() { api POST "$channels/$1/test?$version" '{}'; }
[ "$(test_of all | json 'd["sent"]')" = True ] && [ "$(test_of mail | json 'd["sent"]')" = True ] || fail "tests: $(test_of all) $(test_of mail)"
test_of gone | json '(d["sent"], d["message"])' | grep -F "(False, 'the receiver answered 410')" >/dev/null || fail "the test of gone: $(test_of gone)"
arrived 5 'any(one["to"] == "/all" and one["type"] == "bulwark.test" and one["signed"] and one["content"] == "application/cloudevents+json" for one in d)'
arrived 5 'any(one["to"] == "mail" and one["login"] == ["bulwark", "of-the-mail-server"] and one["recipients"] == ["a@example.com", "b@example.com"] and one["subject"] == "Bulwark: test message" and one["from"] == "bulwark@example.com" for one in d)'

echo "a push with findings is told, to each channel what it asks for"
python3 $tools/debian_image.py "$work/app" linux/amd64:openssl=3.0.15-1,bash=5.2-1,curl=7.88
push "oci:$work/app:latest" team/app:1
of() { echo "[one for one in d if one['to'] == '$1' and one.get('type') == 'bulwark.$2']"; }
names() { echo "[[f['vulnerability'] for f in one['event']['data']['findings']] for one in $(of "$1" finding.new)]"; }
arrived 20 "$(names /all) == [['CVE-2026-2001']]"
arrived 5 "$(names /findings) == [['CVE-2026-2001', 'CVE-2026-2002']]"
arrived 5 "len($(of /all recommendation.new)) == 1 and len($(of /critical recommendation.new)) == 1"
arrived 5 'sum(one["subject"] == "Bulwark: 1 new finding in team/app" and "CVE-2026-2001 openssl 3.0.15-1, fixed in 3.0.16-1" in one["text"] for one in d if one["to"] == "mail") == 1'
arrived 5 'sum("should be remediated" in one["subject"] and "title: " in one["text"] for one in d if one["to"] == "mail") == 1'
received "$(of /all finding.new)[0]['event']" >"$work/event"
for part in "'specversion': '1.0'" "'source': '$hub'" "'registry': 'demo'" "'repository': 'team/app'" "'severity': 'High'" "'fixedVersion': '3.0.16-1'" "'total': 1"; do
  grep -F "$part" "$work/event" >/dev/null || fail "the event lacks $part: $(cat "$work/event")"
done
is_so "len($(of /findings recommendation.new)) == 0 and len($(of /critical finding.new)) == 0 and not any(one['to'] == '/off' for one in d)" || fail "told what was not asked for"

echo "an image that cannot be scanned is told"
python3 $tools/debian_image.py "$work/broken" linux/amd64:broken=1
python3 - "$work/broken" <<'PYTHON'
import hashlib, json, pathlib, sys
blobs = pathlib.Path(sys.argv[1]) / "blobs" / "sha256"
index = pathlib.Path(sys.argv[1]) / "index.json"
read = lambda descriptor: json.loads((blobs / descriptor["digest"][7:]).read_text())
def put(document, descriptor):
    content = json.dumps(document).encode()
    descriptor.update(digest="sha256:" + hashlib.sha256(content).hexdigest(), size=len(content))
    (blobs / descriptor["digest"][7:]).write_bytes(content)
top = json.loads(index.read_text())
manifest = read(top["manifests"][0])
config = read(manifest["config"])
config["rootfs"]["diff_ids"] = ["no digest"]
put(config, manifest["config"])
put(manifest, top["manifests"][0])
index.write_text(json.dumps(top))
PYTHON
push "oci:$work/broken:latest" team/broken:1
arrived 20 "[one['event']['data']['repository'] for one in $(of /all scan.failed)] == ['team/broken'] and bool($(of /all scan.failed)[0]['event']['data']['error'])"
arrived 5 'sum(one["subject"] == "Bulwark: the scan of team/broken failed" and "error: " in one["text"] for one in d if one["to"] == "mail") == 1'
is_so "not $(of /findings scan.failed)" || fail "a channel for findings heard of a failed scan"

echo "new data tells of what is new alone"
advisory CVE-2026-2003 curl 8.0 $critical
python3 -c 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1],"w"); [z.write(n) for n in sys.argv[2:]]; z.close()' "$work/debian.zip" "$work"/data/*.json
curl -s -b "$work/jar" -H "X-CSRF-Token: $csrf" --data-binary "@$work/debian.zip" "$hub/api/v1/data/import" >/dev/null
arrived 10 "$(names /critical) == [['CVE-2026-2003']] and $(names /all)[1:] == [['CVE-2026-2003']]"

echo "what a receiver could not take comes again under the same id; what it will never take does not"
arrived 15 "[one['status'] for one in $(of /flaky recommendation.new)] == [503, 204] and len({one['id'] for one in $(of /flaky recommendation.new)}) == 1"
is_so "len($(of /gone recommendation.new)) == 1" || fail "tried again after 410"
outbox() { python3 -c 'import sqlite3,sys; print(sqlite3.connect("file:"+sys.argv[1]+"?mode=ro",uri=True).execute(sys.argv[2]).fetchall())' "$work/hub/state.db" "$1"; }
[ "$(outbox "SELECT state, attempts, error FROM outbox WHERE channel_key LIKE '%/gone'")" = "[('dead', 1, 'the receiver answered 410')]" ] || fail "outbox: $(outbox "SELECT * FROM outbox")"

echo "a receiver that was down hears of it once it is up, also over a restart of the hub"
kill "$receivers_pid"; wait "$receivers_pid" 2>/dev/null || true
python3 $tools/debian_image.py "$work/second" linux/amd64:openssl=3.0.15-1
push "oci:$work/second:latest" team/second:1
waits() { [ "$(outbox "SELECT count(*) FROM outbox WHERE state = 'pending' AND attempts > 0 AND error <> ''")" = "[(3,)]" ]; }
wait_for 20 waits || fail "outbox: $(outbox "SELECT channel_key, state, attempts, error FROM outbox")"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
start_receivers
start_hub --db "$work/advisories.db" --config "$work/configuration.yaml"
arrived 20 "sum(one['event']['data'].get('repository') == 'team/second' for one in $(of /all finding.new)) == 1 and sum(one['subject'].endswith('new finding in team/second') for one in d if one['to'] == 'mail') == 1"
is_so 'all(one["signed"] and one["timestamp"].isdigit() for one in d if "event" in one)' || fail "not every webhook is signed"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
