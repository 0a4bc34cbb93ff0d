# SPDX-License-Identifier: Apache-2.0
# bulwark query on tables from files, with no hub.
. "$(dirname "$0")/lib.sh"

ask() { "$BULWARK" -q query -o jsonl "$@"; }
printf 'small,owner\n0,anna\n1,bert\n' >"$work/owners.csv"

echo "CSV and JSON lines need no engine"
printf '{"level":"error","n":1}\n{"level":"info","n":2}\n' >"$work/log.jsonl"
[ "$(BULWARK_ENGINE_LIBRARY=$work/none.so ask --table "Log=$work/log.jsonl" "Log | where level == 'error' | project n")" = '{"n":1}' ] || fail "JSON lines"

echo "odd files"
printf '\xef\xbb\xbfa,,a,a1\r\n1,2,3,4\r\n' >"$work/names.csv"
[ "$(ask --table "T=$work/names.csv" T)" = '{"a":1,"Column2":2,"a2":3,"a1":4}' ] || fail "names of columns: $(ask --table "T=$work/names.csv" T)"
printf '\xef\xbb\xbf[{"a":1},{"b":"x","a":2}]' >"$work/array.json"
[ "$(ask --table "T=$work/array.json" 'T | where isnotempty(b) | project a')" = '{"a":2}' ] || fail "an array of objects"
: >"$work/empty.csv"
expect_exit 1 "$BULWARK" query --table "T=$work/empty.csv" T
expect_err "its first line names the columns"
printf 'a,b\n1,2\n3\n' >"$work/ragged.csv"
expect_exit 1 "$BULWARK" query --table "T=$work/ragged.csv" T
expect_err "record 3 has 1 fields and the header 2"
[ "$(ask --table "Owners=$work/owners.csv" 'union Owners, (Owners | where small == 0) | count')" = '{"Count":3}' ] || fail "a table that is asked twice"

printf 'name\nZo\xeb\n' >"$work/latin1.csv"
[ "$(ask --table "T=$work/latin1.csv" T)" = '{"name":"Zo�"}' ] || fail "a text that is no UTF-8: $(ask --table "T=$work/latin1.csv" T)"
expect_exit 1 "$BULWARK" query --table "T=$work/owners.csv" --table "T=$work/names.csv" T
expect_err "two files are the table T"

echo "a row is a line of -o tsv, whatever is in it"
[ "$("$BULWARK" -q query -o tsv --table "Owners=$work/owners.csv" 'print a = "x\ty\r\nz", b = 1')" = "$(printf 'a\tb\nx\\ty\\r\\nz\t1')" ] || fail "a row of several lines"

echo "an answer that cannot be written is told"
for form in table json csv; do
  "$BULWARK" query -o "$form" 'print 1' --table "T=$work/owners.csv" >/dev/full 2>"$work/err" && fail "a full disk is passed over with -o $form"
  expect_err "cannot write to standard output"
done

echo "a time range narrows TimeGenerated, and nothing else"
printf 'TimeGenerated,n\n2026-01-01T00:00:00Z,1\n2026-01-02T00:00:00Z,2\n' >"$work/times.csv"
[ "$(ask --table "T=$work/times.csv" --timespan 2026-01-01T12:00:00Z/P1D 'T | project n')" = '{"n":2}' ] || fail "--timespan"
expect_exit 0 "$BULWARK" query --table "T=$work/names.csv" --timespan PT1H T
expect_err "which the table T does not have"
expect_exit 2 "$BULWARK" query --table "T=$work/times.csv" --timespan yesterday T
expect_err "PT12H"

echo "a query without a table needs neither file nor hub"
[ "$(ask 'range x from 1 to 3 step 1 | summarize sum(x)')" = '{"sum_x":6}' ] || fail "a query of no table"
expect_exit 1 "$BULWARK" query 'Heartbeat | count'
expect_err "no hub is chosen"

echo "tables to check against, from a file that others wrote"
printf 'table_name,column_name,column_type,description\nLog,Level,String,x\nLog,Took,Double,\nLog,Seen,DateTime,\nLog,Big,BigInt,\nLog,odd,def,y\n' >"$work/schema.csv"
expect_exit 0 "$BULWARK" query --check --schema "$work/schema.csv" 'Log | where Level == "a" and Took > 1.5 and Seen > ago(1h) | extend n = Big + 1'
expect_err "record 6 names no type of KQL; 1 such lines are passed over"
expect_exit 2 "$BULWARK" query --check --schema "$work/schema.csv" 'Log | where odd == 1'
if [ -f "${BULWARK_TEST_DATA:-}/kql/la_table_schemas.csv" ]; then
  expect_exit 0 "$BULWARK" query --check --schema "$BULWARK_TEST_DATA/kql/la_table_schemas.csv" 'SigninLogs | summarize count() by UserPrincipalName'
fi

echo "the prompt goes on after Ctrl-C"
python3 tests/e2e/tools/query_prompt.py "$BULWARK" "$work/owners.csv" "$work/home" || fail "the prompt"

echo "Parquet is read by the engine, and says so where there is none"
: >"$work/empty.parquet"
expect_exit 1 env BULWARK_ENGINE_LIBRARY="$work/none.so" "$BULWARK" query --table "T=$work/empty.parquet" T
expect_err "$work/none.so"
[ -f "$BULWARK_ENGINE_LIBRARY" ] || skip "no file $BULWARK_ENGINE_LIBRARY"
expect_exit 1 "$BULWARK" query --table "T=$work/missing.parquet" T
expect_err "missing.parquet"
expect_exit 1 "$BULWARK" query --table "T=$work/empty.parquet" T
expect_err "empty.parquet"

echo "columns have KQL's types"
python3 tests/e2e/tools/make_parquet.py "$BULWARK_ENGINE_LIBRARY" "$work/made.parquet" || fail "no Parquet file could be made"
mv "$work/made.parquet" "$work/some [odd] {name}.parquet"
types=$(ask --table "T=$work/some [odd] {name}.parquet" 'T | getschema | summarize s = strcat_array(make_list(strcat(ColumnName, ":", ColumnType)), " ")' | python3 -c 'import json,sys; print(json.load(sys.stdin)["s"])')
[ "$types" = "small:int large:long unsigned:decimal ratio:real name:string even:bool at:datetime day:datetime list:dynamic pairs:dynamic pair:dynamic price:decimal" ] || fail "types: $types"
row=$(ask --table "T=$work/some [odd] {name}.parquet" 'T | where small == 1 | project large, unsigned = tostring(unsigned), ratio, name, even, at, day, list[0], pairs.k, pair.q, price' | python3 -c 'import json,sys; print(list(json.load(sys.stdin).values()))')
[ "$row" = "[10000000000, '18446744073709551611', 0.25, '', False, '2026-01-02T03:04:06.1234560Z', '2026-01-02T00:00:00.0000000Z', 1, 1, 'x', 1.5]" ] || fail "values: $row"

echo "tables of several kinds are joined"
answer=$(ask --table "T=$work/some [odd] {name}.parquet" --table "Owners=$work/owners.csv" 'Owners | join kind=inner (T | extend small = tolong(small)) on small | where large > 0 | project owner, large')
[ "$answer" = '{"owner":"bert","large":10000000000}' ] || fail "join: $answer"
echo 'T | count' | ask --table "T=$work/some [odd] {name}.parquet" -f - | grep -x '{"Count":3}' >/dev/null || fail "a query from standard input"
