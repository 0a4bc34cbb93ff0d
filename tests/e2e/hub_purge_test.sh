# SPDX-License-Identifier: Apache-2.0
# A purge that was accepted comes to its end though the hub is killed, and takes the rows with it that were on their way; a backup
# made afterwards has none of them.
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
