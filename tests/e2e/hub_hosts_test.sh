# SPDX-License-Identifier: Apache-2.0
# A container host enrols, reports a real audit, and its failed rules come out of the workspace by both queries of "Take action".
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
[ -f "$BULWARK_ENGINE_LIBRARY" ] || skip "no file $BULWARK_ENGINE_LIBRARY"

agent() { python3 tests/e2e/tools/fake_agent.py "$@"; }
host() { api GET "/api/v1/hosts/web-1$1"; }
# rows QUERY: how many rows the query of a file has.
rows() { api POST /v1/workspaces/default/query "$(python3 -c 'import json,sys; print(json.dumps({"query": open(sys.argv[1]).read()}))' "$1")" | json 'len(d["tables"][0]["rows"])' 2>/dev/null; }
rows_are() { [ "$(rows "$1")" = "$2" ]; }

start_hub --heartbeat-seconds 5
sign_in_first
"$BULWARK" audit --facts tests/benchmark/insecure.facts.json --format json >"$work/audit.json" || true
failed=$(json 'd["summary"]["fail"]' <"$work/audit.json")
[ "$failed" -gt 20 ] || fail "the sample fails $failed controls"

echo "a machine enrols once with a token"
token=$(api POST /api/v1/enrollment-tokens '{"labels":{"env":"lab"}}' | json 'd["token"]')
agent enroll "$hub" "$token" web-1 >"$work/state" || fail "not enrolled: $(cat "$work/state")"
expect_exit 1 agent enroll "$hub" "$token" web-2
expect_out "used already"

echo "its report becomes findings, one a failed control"
agent report "$hub" "$work/state" "$work/audit.json" | json 'd["acknowledged"]' | grep -x 1 >/dev/null || fail "the report is not taken"
[ "$(host '' | json '(d["status"], d["benchmark"]["counts"]["fail"], d["labels"]["env"])')" = "('Unhealthy', $failed, 'lab')" ] || fail "the host: $(host '')"
[ "$(host '/controls' | json 'len(d["value"])')" = 117 ] || fail "not all controls are listed"
open=$(api GET "/api/v1/findings?category=Configuration" | json 'd["total"]')
[ "$open" = "$failed" ] || fail "$open findings for $failed failed controls"

echo "both queries of Take action list the failed rules"
host '' | json 'd["failedRulesQuery"]' >"$work/ours.kql"
cat >"$work/original.kql" <<'KQL'
SecurityBaseline
| where BaselineType == "Docker"
| where Computer == "web-1"
| where AnalyzeResult == "Failed"
| summarize arg_max(TimeGenerated, *) by CceId
| project CceId, Description, Resource, ResourceGroup, RuleSeverity, ActualResult, BaselineType, Type, SubscriptionId, TenantId, ResourceId, ComputerEnvironment
| order by RuleSeverity asc nulls last
KQL
wait_for 30 rows_are "$work/ours.kql" "$failed" || fail "ours: $(rows "$work/ours.kql") rows instead of $failed"
rows_are "$work/original.kql" "$failed" || fail "the original: $(rows "$work/original.kql") rows instead of $failed"
[ "$(ask 'SecurityBaselineSummary | project TotalAssessedRules, CriticalFailedRules + WarningFailedRules + InformationalFailedRules')" = "[$(json 'd["summary"]["pass"] + d["summary"]["fail"]' <"$work/audit.json"), $failed]" ] \
  || fail "the summary: $(ask SecurityBaselineSummary)"
[ "$(ask 'Heartbeat | where Category == \"Bulwark Agent\" | project Computer, Version')" = "['web-1', '1.0.0']" ] || fail "no sign of life"

echo "a rule that is mended leaves ours at once"
id=$(host '/controls?status=fail' | json 'd["value"][0]["id"]')
agent pass "$hub" "$work/state" "$id" >"$work/answer" || fail "$(cat "$work/answer")"
wait_for 30 rows_are "$work/ours.kql" $((failed - 1)) || fail "ours still has $(rows "$work/ours.kql")"
rows_are "$work/original.kql" "$failed" || fail "the original asks for the last failure"
[ "$(host '/history?kind=control' | json '[(r["control"], r["before"], r["after"]) for r in d["value"]]')" = "[('$id', 'fail', 'pass')]" ] || fail "drift: $(host /history)"

echo "what was acknowledged is there once, whatever happens to the hub"
kill -9 "$hub_pid"; wait "$hub_pid" 2>/dev/null || true
start_hub --heartbeat-seconds 5
before=$(ask 'SecurityBaseline | count')
agent again "$hub" "$work/state" | json 'd["acknowledged"]' | grep -x 2 >/dev/null || fail "the batch that came again"
agent sign "$hub" "$work/state" >/dev/null
[ "$(ask 'SecurityBaseline | count')" = "$before" ] || fail "rows came twice"

echo "a host that falls silent is late, and back at its next sign of life"
state_is() { [ "$(host '' | json 'd["state"]')" = "$1" ]; }
wait_for 40 state_is late || fail "the host is $(host '' | json 'd["state"]')"
agent sign "$hub" "$work/state" >/dev/null
state_is connected || fail "the host is not back"

echo "a person asks for an assessment, and removes the host"
api POST /api/v1/hosts/web-1/assess
agent sign "$hub" "$work/state" | grep '"assess"' >/dev/null || fail "the agent is not asked to assess"
api DELETE "$(json 'd["id"]' <"$work/state")?api-version=2025-01-13" >/dev/null
expect_exit 1 agent sign "$hub" "$work/state"
expect_out "401"
[ "$(api GET /api/v1/hosts | json 'd["total"]')" = 0 ] || fail "the host is still listed"
