# SPDX-License-Identifier: Apache-2.0
# The official parser of KQL as oracle: the same accept or reject as `bulwark query --check`, the same columns and types.
. "$(dirname "$0")/lib.sh"
need node
[ -d "${BULWARK_NODE_MODULES:-}/@kusto/language-service-next" ] || skip "BULWARK_NODE_MODULES lacks @kusto/language-service-next (./check installs it)"
files=(tests/kql/oracle/queries.jsonl)
if [ -d "${BULWARK_TEST_DATA:-}/kql" ]; then
  cases=("$BULWARK_TEST_DATA"/kql/*_cases_dev.jsonl)
  cat "${cases[@]}" >"$work/cases.jsonl"
  # Every fourth, unless all are asked for.
  [ -n "${BULWARK_LONG:-}" ] || { awk 'NR % 4 == 1' "$work/cases.jsonl" >"$work/some.jsonl"; mv "$work/some.jsonl" "$work/cases.jsonl"; }
  files+=("$work/cases.jsonl")
fi
node tests/e2e/tools/kql_oracle.cjs "$BULWARK" tests/kql/oracle/tables.csv tests/kql/oracle/differences.tsv "${files[@]}" ||
  fail "the query language differs from the official parser"
