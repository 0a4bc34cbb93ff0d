# SPDX-License-Identifier: Apache-2.0
# A hub whose records are on a ClickHouse server: what is sent in is there to be asked for, also after the server was away and
# after a restart of the hub; nothing of it is in the hub's data directory.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
[ -f "$BULWARK_ENGINE_LIBRARY" ] || skip "no file $BULWARK_ENGINE_LIBRARY"

# start_server: the stand-in of a server, which ends when its standard input does.
start_server() {
  rm -f "$work/server.in" "$work/server.port"  # of one before
  mkfifo "$work/server.in"
  "$BULWARK_CHDB_HTTP_SERVER" "$BULWARK_ENGINE_LIBRARY" "$work/server" records secret-of-records <"$work/server.in" >"$work/server.port" 2>"$work/server.log" &
  server_pid=$!
  at_end "kill $server_pid 2>/dev/null"
  exec 9>"$work/server.in"
  wait_for 30 test -s "$work/server.port" || { cat "$work/server.log"; fail "the server did not start"; }
}

# purge FIRST LAST: records with these numbers; $operation is what it is known by.
purge() {
  local body="{\"table\":\"Numbers_CL\",\"filters\":[{\"column\":\"n\",\"operator\":\"between\",\"value\":[$1,$2]}]}"
  operation=$(api POST "$workspace/purge?api-version=2023-09-01" "$body" | json 'd["operationId"]') || fail "a purge of $1 to $2 is refused"
}
purge_state() { api GET "$workspace/operations/$operation?api-version=2023-09-01"; }
purged() { purge_state | grep '"completed"' >/dev/null; }

start_server
cat >"$work/clickhouse.yaml" <<SETTINGS
url: http://127.0.0.1:$(cat "$work/server.port")/
user: records
SETTINGS
BULWARK_CLICKHOUSE_PASSWORD=secret-of-records start_hub --clickhouse-file "$work/clickhouse.yaml"
sign_in_first
may_send_records
make_numbers_table

echo "records go to the server and are asked for there"
send 1 500 || fail "records were not taken: $(cat "$work/hub.log")"
wait_for 60 counted 500 || fail "$(ask 'Numbers_CL | count') of 500 records are there"
[ "$(ask 'Numbers_CL | where n > 490 | summarize sum(n)')" = "[4955]" ] || fail "a sum is $(ask 'Numbers_CL | where n > 490 | summarize sum(n)')"
[ ! -e "$work/hub/workspace/engine" ] || fail "the hub opened an engine of its own"

echo "a table that is deleted is gone there"
api DELETE "$workspace/tables/Numbers_CL?api-version=2023-09-01" >/dev/null
gone() { [ -z "$(ask 'Numbers_CL | count')" ]; }
wait_for 30 gone || fail "the deleted table answers"

echo "a hub that starts again finds what is there"
make_numbers_table
send 1 20 || fail "records of a second table were not taken"
wait_for 60 counted 20 || fail "records of a second table are not there"
kill "$hub_pid"
wait "$hub_pid" 2>/dev/null || true
BULWARK_CLICKHOUSE_PASSWORD=secret-of-records start_hub --clickhouse-file "$work/clickhouse.yaml"
wait_for 60 counted 20 || fail "after a restart $(ask 'Numbers_CL | count') of 20 records are there"

echo "records are purged, those on their way among them"
send 1001 20 || fail "records to be purged were not taken"
purge 1011 2000
wait_for 60 purged || fail "the purge is not completed: $(purge_state)"
counted 30 || fail "after a purge $(ask 'Numbers_CL | count') of 30 records are there"
purge 1000 2000
wait_for 60 purged || fail "the second purge is not completed: $(purge_state)"
counted 20 || fail "after a second purge $(ask 'Numbers_CL | count') of 20 records are there"

echo "a server that is away loses nothing"
kill "$server_pid"
wait "$server_pid" 2>/dev/null || true
send 21 30 || fail "records are not taken while the server is away"
purge 41 50
grep pending <<<"$(purge_state)" >/dev/null || fail "a purge without the server is not pending: $(purge_state)"
answer=$(api POST "/v1/workspaces/default/query" '{"query":"Numbers_CL | count"}')
grep -q '"error"' <<<"$answer" || fail "a query is answered without the server: $answer"
kill "$hub_pid"
wait "$hub_pid" 2>/dev/null || true
start_server
sed -i "s|^url:.*|url: http://127.0.0.1:$(cat "$work/server.port")/|" "$work/clickhouse.yaml"
BULWARK_CLICKHOUSE_PASSWORD=secret-of-records start_hub --clickhouse-file "$work/clickhouse.yaml"
wait_for 90 purged || fail "the purge from before the restart is not completed: $(purge_state)"
wait_for 90 counted 40 || fail "$(ask 'Numbers_CL | count') of 40 records are there"
[ "$(ask 'Numbers_CL | summarize max(n)')" = "[40]" ] || fail "the greatest number is $(ask 'Numbers_CL | summarize max(n)')"

echo "what is wrong with the settings is said"
"$BULWARK" hub --data "$work/other" --listen 127.0.0.1:0 --clickhouse-file "$work/missing.yaml" >"$work/said" 2>&1 && fail "a missing file is no error"
grep "missing.yaml" "$work/said" >/dev/null || fail "the missing file is not named: $(cat "$work/said")"
BULWARK_CLICKHOUSE_URL=http://clickhouse.example/ BULWARK_CLICKHOUSE_PASSWORD=x "$BULWARK" hub --data "$work/other" --listen 127.0.0.1:0 >"$work/said" 2>&1 &&
  fail "a password goes over the network in clear"
grep https "$work/said" >/dev/null || fail "the mend is not said: $(cat "$work/said")"
