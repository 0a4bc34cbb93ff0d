# SPDX-License-Identifier: Apache-2.0
# bulwark query on tables from files, with no hub.
. "$(dirname "$0")/lib.sh"

ask() { "$BULWARK" -q query -o jsonl "$@"; }
printf 'small,owner\n0,anna\n1,bert\n' >"$work/owners.csv"

echo "CSV and JSON lines need no engine"
printf '{"level":"error","n":1}\n{"level":"info","n":2}\n' >"$work/log.jsonl"
[ "$(BULWARK_ENGINE_LIBRARY=$work/none.so ask --table "Log=$work/log.jsonl" "Log | where level == 'error' | project n")" = '{"n":1}' ] || fail "JSON lines"

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
