# SPDX-License-Identifier: Apache-2.0
# New vulnerability data: stored package lists are matched again without a pull, what did not change is not written; the
# scheduled refresh.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
tools=tests/e2e/tools

start_demo_registry
start_hub --config "$work/configuration.yaml"
sign_in_first
registry_id=/subscriptions/$subscription/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/demo
key=dbd0cb49-b563-45e7-9724-889e799fa648

import() {  # import ADVISORY…: one archive of the source "OSV Debian", which replaces what it said before
  python3 - "$work/debian.zip" "$@" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name in sys.argv[2:]:
        archive.write(name, name.rsplit("/", 1)[-1])
PYTHON
  curl -s -b "$work/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/zip' --data-binary "@$work/debian.zip" "$hub/api/v1/data/import"
}
advisory() { python3 $tools/advisory.py "$1" "$2" "$3" >"$work/$1.json"; echo "$work/$1.json"; }
status_of() { images "$1" | json 'd["value"][0]["status"] if d["value"] else ""'; }
is() { [ "$(status_of "$1")" = "$2" ]; }
image_id() { images "$1" | json 'd["value"][0]["id"]'; }
assessment() { api GET "$1/providers/Microsoft.Security/assessments/$key?api-version=2021-06-01"; }
changed() { assessment "$1" | json 'd["properties"]["status"]["statusChangeDate"]'; }
rows() { python3 -c 'import sqlite3,sys; print(sqlite3.connect("file:"+sys.argv[1]+"?mode=ro",uri=True).execute(sys.argv[2]).fetchall())' "$work/hub/state.db" "$1"; }
row_of() { rows "SELECT * FROM assessments WHERE resource_key LIKE '%/repositories/$1/%'"; }

echo "without data an image has no verdict, and the gate does not let it in"
python3 $tools/debian_image.py "$work/app" linux/amd64:openssl=3.0.15-1,bash=5.2-1
python3 $tools/debian_image.py "$work/other" linux/amd64:bash=5.2-1
push "oci:$work/app:latest" app:1
push "oci:$work/other:latest" other:1
wait_for 30 is app NotApplicable && wait_for 30 is other NotApplicable || { images app; cat "$work/hub.log"; fail "not scanned"; }
api GET "$(image_id app)/gate" | json '(d["scanned"], d["allowed"], d["reasons"])' | grep "(True, False, .*no vulnerability data" >/dev/null || fail "the gate: $(api GET "$(image_id app)/gate")"

echo "the first data gives the verdicts"
import "$(advisory CVE-2026-1001 sudo 1.9)" | json 'd["sources"][0]["records"]' | grep -x 1 >/dev/null || fail "the import"
wait_for 15 is app Healthy && wait_for 15 is other Healthy || { images app; fail "no verdict after the first import"; }
api GET "$(image_id app)/gate" | json 'd["allowed"]' | grep -x True >/dev/null || fail "the gate keeps a clean image out"
[ "$(api GET /api/v1/recommendations | json 'd["total"]')" = 0 ] || fail "a recommendation without findings"

echo "a new advisory is found with the registry switched off"
kill "$registry_pid"; wait "$registry_pid" || true
healthy_since=$(changed "$registry_id")
other_before=$(row_of other)
import "$work/CVE-2026-1001.json" "$(advisory CVE-2026-1002 openssl 3.0.16-1)" >/dev/null
wait_for 15 is app Unhealthy || { images app; cat "$work/hub.log"; fail "no finding after the import"; }
api GET "/api/v1/findings?repository=app" | json '[(f["vulnerability"], f["package"], f["fixedVersion"], f["severity"]) for f in d["value"]]' |
  grep -Fx "[('CVE-2026-1002', 'openssl', '3.0.16-1', 'Critical')]" >/dev/null || fail "findings: $(api GET "/api/v1/findings?repository=app")"
[ "$(api GET /api/v1/recommendations | json '[r["key"] for r in d["value"]]')" = "['$key']" ] || fail "no recommendation"
unhealthy_since=$(changed "$registry_id")
[[ $unhealthy_since > $healthy_since ]] || fail "statusChangeDate stayed at $healthy_since"
[ "$(row_of other)" = "$other_before" ] || fail "the image that did not change was written: $(row_of other)"

echo "the same data again writes no verdict"
app_before=$(row_of app)
import "$work/CVE-2026-1001.json" "$work/CVE-2026-1002.json" >/dev/null
matched() { [ "$(rows "SELECT count(*) FROM jobs WHERE kind = 'data.match' AND state <> 'succeeded'")" = "[(0,)]" ]; }
wait_for 15 matched || fail "the match does not end"
[ "$(row_of app)" = "$app_before" ] || fail "an unchanged verdict was written: $(row_of app)"

echo "data that says it is fixed resolves the finding, with the cause"
import "$work/CVE-2026-1001.json" "$(advisory CVE-2026-1002 openssl 3.0.15-1)" >/dev/null
wait_for 15 is app Healthy || { images app; fail "the finding stays"; }
[ "$(api GET /api/v1/recommendations | json 'd["total"]')" = 0 ] || fail "the recommendation stays"
[ "$(rows "SELECT vulnerability, cause FROM resolved_findings")" = "[('CVE-2026-1002', 'RescanWithNewData')]" ] || fail "resolved: $(rows "SELECT vulnerability, cause FROM resolved_findings")"
[[ $(changed "$registry_id") > $unhealthy_since ]] || fail "statusChangeDate stayed at $unhealthy_since"
[ "$(row_of other)" = "$other_before" ] || fail "the image that did not change was written"

echo "what cannot be imported is refused, and the data stays"
curl -s -b "$work/jar" -H "X-CSRF-Token: $csrf" --data-binary 'no advisories' "$hub/api/v1/data/import" >"$work/refused.json"
json '"error" in d or d["warnings"]' <"$work/refused.json" | grep -v False >/dev/null || fail "accepted: $(cat "$work/refused.json")"
[ "$(api GET /api/v1/data | json 'd["advisories"]')" = 2 ] || fail "the data went: $(api GET /api/v1/data)"

echo "the schedule downloads what is due, and tells of failures"
kill "$hub_pid"; wait "$hub_pid"
mkdir -p "$work/mirror/Debian"
advisory CVE-2026-1003 bash 5.3 >/dev/null
python3 -c 'import sys,zipfile; zipfile.ZipFile(sys.argv[1],"w").write(sys.argv[2],"a.json")' "$work/mirror/Debian/all.zip" "$work/CVE-2026-1003.json"
mirror_port=$(free_port)
serve_mirror() {
  python3 -m http.server --bind 127.0.0.1 --directory "$work/mirror" "$mirror_port" >/dev/null 2>>"$work/mirror.log" &
  mirror_pid=$!
  at_end "kill $mirror_pid 2>/dev/null"
  wait_for 15 curl -s -o /dev/null "http://127.0.0.1:$mirror_port/"
}
refresh_hours=6
restart_hub() {
  kill "$hub_pid" 2>/dev/null && wait "$hub_pid"
  start_hub --config "$work/configuration.yaml" --update-url "http://127.0.0.1:$mirror_port"
}
data() { api GET /api/v1/data; }
downloads() { grep -c 'Debian/all.zip' "$work/mirror.log" || true; }
touch "$work/mirror.log"
restart_hub
failed() { data | json 'bool(d["lastError"])' | grep -x True; }
wait_for 15 failed || fail "the failure is not told: $(data)"
data | json '(lambda t: (t(d["next"]) - t(d["lastRefresh"])).total_seconds())(lambda s: __import__("datetime").datetime.fromisoformat(s.replace("Z", "+00:00")))' |
  grep -x '1800.0' >/dev/null || fail "the next try is not in half an hour: $(data)"
serve_mirror
api POST /api/v1/data/refresh '{}' >/dev/null
refreshed() { is other Unhealthy && data | json 'd["lastError"] == ""' | grep -x True; }
wait_for 20 refreshed || { data; cat "$work/hub.log"; fail "the download did not arrive"; }
data | json '(lambda t: (t(d["next"]) - t(d["lastRefresh"])).total_seconds())(lambda s: __import__("datetime").datetime.fromisoformat(s.replace("Z", "+00:00")))' |
  grep -x '21600.0' >/dev/null || fail "the next refresh is not in six hours: $(data)"

echo "a restart within the hours downloads nothing, one after them does"
change_store() { kill "$hub_pid"; wait "$hub_pid"; python3 -c 'import sqlite3,sys; s=sqlite3.connect(sys.argv[1]); s.execute(sys.argv[2]); s.commit()' "$work/hub/state.db" "$1"; }
before=$(downloads)
change_store "DELETE FROM score_history"  # written anew by the clock, after it looked whether a refresh is due
restart_hub
ticked() { [ "$(rows "SELECT count(*) FROM score_history")" = "[(1,)]" ]; }
wait_for 15 ticked || fail "the clock does not tick"
[ "$(downloads)" = "$before" ] || fail "downloaded again before it was due"
change_store "UPDATE settings SET value = json_set(value, '\$.at', json_extract(value, '\$.at') - 6 * 3600000) WHERE name = 'data.refresh'"
restart_hub
again() { [ "$(downloads)" -gt "$before" ]; }
wait_for 15 again || { cat "$work/hub.log"; fail "what was due was not downloaded"; }
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
