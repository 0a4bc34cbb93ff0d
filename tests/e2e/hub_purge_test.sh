# SPDX-License-Identifier: Apache-2.0
# A purge that was accepted comes to its end though the hub is killed, and takes the rows with it that were on their way; a backup
# made afterwards has none of them. Tables that come and go meanwhile, and more queries than the hub runs.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
[ -f "$BULWARK_ENGINE_LIBRARY" ] || skip "no file $BULWARK_ENGINE_LIBRARY"

# purge FIRST LAST: records with these numbers; $operation is what it is known by.
purge() {
  local body="{\"table\":\"Numbers_CL\",\"filters\":[{\"column\":\"n\",\"operator\":\"between\",\"value\":[$1,$2]}]}"
  operation=$(api POST "$workspace/purge?api-version=2023-09-01" "$body" | json 'd["operationId"]') || fail "a purge of $1 to $2 is refused"
}
purge_state() { api GET "$workspace/operations/$operation?api-version=2023-09-01"; }
purged() { purge_state | grep '"completed"' >/dev/null; }
end_hub() {
  kill "-$1" "$hub_pid"
  wait "$hub_pid" 2>/dev/null || true
}

start_hub
sign_in_first
may_send_records
make_numbers_table

echo "a hub that is killed goes on with what it accepted"
send 1 5000 || fail "records were not taken: $(cat "$work/hub.log")"
purge 101 5000
end_hub KILL
start_hub
wait_for 60 purged || fail "the purge is not completed: $(purge_state)"
counted 100 || fail "$(ask 'Numbers_CL | count') of 100 records are there"
[ "$(ask 'Numbers_CL | summarize max(n)')" = "[100]" ] || fail "the greatest number is $(ask 'Numbers_CL | summarize max(n)')"

echo "it is told once more, and stands in the activity log"
end_hub TERM
start_hub
purged || fail "the purge is not known any more: $(purge_state)"
api GET "/subscriptions/$subscription/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01" |
  grep 'workspaces/purge/action' >/dev/null || fail "the activity log does not have it"
counted 100 || fail "after a restart $(ask 'Numbers_CL | count') of 100 records are there"

echo "a backup made afterwards does not have the records"
"$BULWARK" hub backup --data "$work/hub" "$work/backup.tar.gz" || fail "no backup is made"
end_hub TERM
"$BULWARK" hub restore "$work/backup.tar.gz" --data "$work/restored" || fail "the backup is not restored"
mv "$work/hub" "$work/old"
mv "$work/restored" "$work/hub"
start_hub
counted 100 || fail "the backup has $(ask 'Numbers_CL | count') records"

echo "a table may be asked for at once, and leaves nothing to the next one of its name"
make_table() { api PUT "$workspace/tables/$1?api-version=2023-09-01" "{\"properties\":{\"schema\":{\"columns\":[{\"name\":\"TimeGenerated\",\"type\":\"dateTime\"},{\"name\":\"v\",\"type\":\"$2\"}]}}}" | grep '"Succeeded"' >/dev/null; }
for number in 1 2 3 4 5; do
  make_table "AtOnce${number}_CL" string || fail "the table is not made"
  [ "$(ask "AtOnce${number}_CL | count")" = "[0]" ] || fail "a table that was just made: $(api POST "/v1/workspaces/default/query" "{\"query\":\"AtOnce${number}_CL | count\"}")"
done
api POST "/api/logs/tables/AtOnce1_CL" '{"v":"one"}' | grep '"accepted":1' >/dev/null || fail "the row is refused"
api DELETE "$workspace/tables/AtOnce1_CL?api-version=2023-09-01" >/dev/null
make_table AtOnce1_CL long || fail "a table of a name that was there before"
api POST "/api/logs/tables/AtOnce1_CL" '{"v":5}' | grep '"accepted":1' >/dev/null || fail "the row of the new table is refused"
has_new_row() { [ "$(ask 'AtOnce1_CL | summarize count(), max(v)')" = "[1, 5]" ]; }
wait_for 30 has_new_row || { cat "$work/hub.log"; fail "the new table has $(ask 'AtOnce1_CL | summarize count(), max(v)')"; }
[ -z "$(ls "$work/hub/workspace/set-aside" 2>/dev/null)" ] || fail "rows were set aside: $(ls "$work/hub/workspace/set-aside")"

echo "who comes while eight queries run and sixteen wait is told to come again"
send 10001 1000 || fail "records were not taken"
wait_for 30 counted 1100 || fail "$(ask 'Numbers_CL | count') of 1100 records are there"
slow='Numbers_CL | extend k = 1 | join kind=inner (Numbers_CL | extend k = 1) on k | join kind=inner (Numbers_CL | extend k = 1) on k | summarize dcount(hash_sha256(strcat(n, n1, n2)))'
askers=()
for number in $(seq 40); do
  curl -s -o /dev/null -D "$work/head$number" -b "$work/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' -H 'Prefer: wait=3' \
    -d "{\"query\":\"$slow\"}" "$hub/v1/workspaces/default/query" &
  askers+=($!)
done
wait "${askers[@]}"
turned_away=$(grep -il '^Retry-After: ' "$work"/head* | wc -l)
[ "$turned_away" -ge 8 ] || fail "of 40 that ask at once $turned_away are turned away: $(head -qn1 "$work"/head* | sort | uniq -c)"
