# SPDX-License-Identifier: Apache-2.0
# A backup holds the records that were acknowledged before it, each once, also while more come in; what is restored goes on
# from there. Retention that a request sets is the engine's at once, and stays. A data directory is asked with no hub.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
[ -f "$BULWARK_ENGINE_LIBRARY" ] || skip "no file $BULWARK_ENGINE_LIBRARY"

start_hub
sign_in_first
may_send_records
make_numbers_table

numbers='Numbers_CL | summarize count(), dcount(n, 4), min(n), max(n)'

echo "backups while records come in"
send 1 500 || fail "the first records were not taken: $(cat "$work/hub.log")"
(
  first=501
  while send $first 50; do
    first=$((first + 50))
    echo $((first - 1)) >"$work/acknowledged.new" && mv "$work/acknowledged.new" "$work/acknowledged"
  done
) 2>/dev/null &
sender=$!
at_end "kill $sender 2>/dev/null"
more_than() { [ -f "$work/acknowledged" ] && [ "$(cat "$work/acknowledged")" -gt "$1" ]; }
wait_for 60 more_than 1000 || fail "records do not come in"
for backup in 1 2; do
  cat "$work/acknowledged" >"$work/before$backup"
  "$BULWARK" -q hub backup --data "$work/hub" "$work/online$backup.tar.gz" || fail "no backup while the hub runs"
  wait_for 60 more_than $(($(cat "$work/before$backup") + 200)) || fail "records do not come in after a backup"
done
kill $sender
wait $sender 2>/dev/null || true
[ "$(stat -c %a "$work/online1.tar.gz")" = 600 ] || fail "others may read the backup"
ls -d "$work"/hub/.backup-* 2>/dev/null && fail "the backup left something behind"

echo "the command line asks a hub, says where a query is wrong, and when an answer was cut"
export BULWARK_HUB=$hub BULWARK_TOKEN=$(api POST /api/v1/tokens '{"name":"query","scope":"/","actions":["*"],"days":1}' | json 'd["secret"]')
expect_exit 0 "$BULWARK" -q query -o csv 'print a = real(nan), b = 9007199254740993, c = 1d'
expect_out 'NaN,9007199254740993,1.00:00:00'
expect_exit 2 "$BULWARK" query 'Heartbeat | sumarize count() | where'
expect_err "line 1, column 13: 'sumarize' is not a query operator. Did you mean 'summarize'?"
expect_exit 0 "$BULWARK" query -o csv 'range x from 1 to 500100 step 1'
expect_err "the answer has more than 500000 rows"
unset BULWARK_HUB BULWARK_TOKEN

echo "the API's backup holds state and records, and no keys"
send_until=$(cat "$work/acknowledged")
curl -sf -b "$work/jar" "$hub/api/v1/backup" -o "$work/api.tar.gz" || fail "no backup over the API"
tar -tzf "$work/api.tar.gz" >"$work/held"
grep -E 'hub\.key|tls/' "$work/held" && fail "keys left the hub"
ls -d "$work"/hub/.backup-* 2>/dev/null && fail "the API's backup left something behind"

echo "retention of a built-in table reaches the engine at once"
days_of() { sed -n "s/.*TTL .*toIntervalDay(\([0-9]*\)).*/\1/p" "$work"/hub/workspace/engine/data/store/*/*/"$1.sql"; }
kept_for() { [ "$(days_of "$1")" = "$2" ]; }
api PUT "$workspace/tables/Syslog?api-version=2023-09-01" '{"properties":{"retentionInDays":90}}' | grep '"retentionInDays":90' >/dev/null || fail "retention was refused"
wait_for 60 kept_for Syslog 90 || fail "Syslog is kept for $(days_of Syslog) days, not 90"

echo "a hub that was killed is backed up without it"
acknowledged=$(cat "$work/acknowledged")
kill -9 "$hub_pid"
wait "$hub_pid" 2>/dev/null || true
"$BULWARK" -q hub backup --data "$work/hub" "$work/offline.tar.gz" || fail "no backup without the hub"

# check_restored ARCHIVE ACKNOWLEDGED: all of these are there once, and none twice. The last one to $highest.
check_restored() {
  "$BULWARK" -q hub restore "$1" --data "$work/restored" || fail "no restore of $1"
  local query="$BULWARK -q query --data $work/restored -o csv" count different lowest
  $query "$numbers" | tail -1 | tr -d '\r' >"$work/found"
  IFS=, read -r count different lowest highest <"$work/found"
  [ "$count" = "$different" ] && [ "$count" = "$highest" ] && [ "$lowest" = 1 ] && [ "$highest" -ge "$2" ] ||
    fail "$1: $count records, $different different ones, from $lowest to $highest; $2 were acknowledged before"
  [ "$($query 'AzureActivity | summarize n = count() - dcount(EventDataId, 4)' | tail -1 | tr -d '\r')" = 0 ] || fail "$1: the activity log is there twice"
  rm -rf "$work/restored"
}
check_restored "$work/offline.tar.gz" "$acknowledged"
check_restored "$work/online1.tar.gz" "$(cat "$work/before1")"
check_restored "$work/api.tar.gz" "$send_until"
expect_exit 0 "$BULWARK" hub restore "$work/api.tar.gz" --data "$work/restored"
expect_err "put the hub's own hub.key into"
rm -rf "$work/restored"
check_restored "$work/online2.tar.gz" "$(cat "$work/before2")"

echo "a restored hub goes on"
rm -rf "$work/hub"
"$BULWARK" -q hub restore "$work/online2.tar.gz" --data "$work/hub"
start_hub
at=$highest
wait_for 60 counted "$at" || fail "the restored hub has $(ask "$numbers") of $at records"
send $((at + 1)) 10 || fail "no records for the restored hub: $(cat "$work/hub.log")"
wait_for 60 counted $((at + 10)) || fail "the restored hub has $(ask "$numbers") of $((at + 10)) records"
api PUT "$workspace/tables/Heartbeat?api-version=2023-09-01" '{"properties":{"retentionInDays":40}}' >/dev/null
told() { [ "$(ask "AzureActivity | where ResourceId endswith '/tables/Heartbeat' and ActivityStatusValue == 'Succeeded' | count")" = '[1]' ]; }
wait_for 60 told || fail "what was done after the restore is not in the activity table: $(ask 'AzureActivity | summarize count(), max(TimeGenerated)')"

echo "retention stays over a start"
kept_for Heartbeat 40 || wait_for 60 kept_for Heartbeat 40 || fail "Heartbeat is kept for $(days_of Heartbeat) days"
expect_exit 1 "$BULWARK" query --data "$work/hub" 'Numbers_CL | count'
expect_err "a hub runs with the data directory"
expect_err "--hub"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
start_hub
beat() { [ "$(ask "Heartbeat | where TimeGenerated > ago(1m) | summarize n = iff(count() > 0, 1, 0)")" = '[1]' ]; }
wait_for 90 beat || fail "no sign of life"
kept_for Heartbeat 40 || fail "the first record after a start set the retention of Heartbeat to $(days_of Heartbeat) days"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"

echo "what a hub took in is told when it stops, too"
"$BULWARK" -q query --data "$work/hub" -o csv 'Usage | where DataType == "Numbers_CL" and TotalBatches > 0 and EndTime > StartTime | count' | tail -1 | tr -d '\r' | grep -x '[1-9]' >/dev/null || fail "no usage of Numbers_CL"

echo "the data directory is asked with no hub"
"$BULWARK" -q query --data "$work/hub" -o csv 'Numbers_CL | count' | tail -1 | tr -d '\r' | grep -x $((at + 10)) >/dev/null || fail "other records without the hub"
echo 'Heartbeat | take 1 | project Category' | "$BULWARK" -q query --data "$work/hub" -o jsonl -f - | grep '"Category":"Hub"' >/dev/null || fail "no query from standard input"
"$BULWARK" -q query --data "$work/hub" --workspace default --timespan PT1H -o csv 'Heartbeat | take 1 | project Category' | grep -x 'Hub.*' >/dev/null || fail "no answer for a named workspace"
expect_exit 1 "$BULWARK" query --data "$work/hub" --workspace none 'Heartbeat'
expect_err "there is no workspace 'none'; there is: default"
expect_exit 2 "$BULWARK" query --data "$work/hub" 'Heartbeat | where Nonsense == 1'
expect_err "line 1, column 19"
expect_exit 1 "$BULWARK" query --data "$work" 'Heartbeat'
expect_err "it has no state.db"
expect_exit 1 env BULWARK_ENGINE_LIBRARY="$work/none.so" "$BULWARK" query --data "$work/hub" 'Heartbeat'
expect_err "no file $work/none.so"
