# SPDX-License-Identifier: Apache-2.0
# audit --facts: recorded hosts, every format and exit code, without any engine.
. "$(dirname "$0")/lib.sh"
host() { echo "tests/benchmark/$1.facts.json"; }

echo "formats"
expect_exit 0 "$BULWARK" audit --facts "$(host insecure)"
expect_out "Total: 117"
expect_out "2.7"
expect_exit 0 "$BULWARK" audit docker --facts "$(host insecure)" --format "json=$work/a.json" --format "junit=$work/a.xml" \
  --format "sarif=$work/a.sarif" --format table -o "$work/a.txt"
grep -q "Docker 20.10.24" "$work/a.txt" || fail "the table does not name the engine"
python3 tests/e2e/tools/audit_report.py "$work/a.json" 2.7=fail 5.2=notApplicable 1.2.1=manual 3.1=pass 5.11:plain=fail
python3 - "$work/a.json" "$work/a.xml" "$work/a.sarif" <<'EOF'
import json, sys, xml.etree.ElementTree
report = json.load(open(sys.argv[1]))
assert list(report) == ["schemaVersion", "host", "benchmark", "results", "summary"], list(report)
summary = report["summary"]
assert summary["total"] == 117 == sum(summary[status] for status in ("pass", "fail", "manual", "notApplicable", "error"))
suites = xml.etree.ElementTree.parse(sys.argv[2]).getroot()
assert sum(int(suite.get("failures")) for suite in suites) == summary["fail"]
run = json.load(open(sys.argv[3]))["runs"][0]
assert {result["ruleId"] for result in run["results"]} == {"CIS-Docker-" + r["id"] for r in report["results"] if r["status"] == "fail"}
EOF

echo "exit codes"
expect_exit 2 "$BULWARK" audit --facts "$(host insecure)" --fail-on critical
expect_exit 0 "$BULWARK" audit --facts "$(host hardened)" --fail-on high
expect_exit 2 "$BULWARK" audit --facts "$(host hardened)" --fail-on medium
expect_exit 0 "$BULWARK" audit --facts "$(host hardened)" --fail-on medium --section 5
expect_exit 0 "$BULWARK" audit --facts "$(host insecure)" --fail-on critical --skip 2.7
expect_exit 4 "$BULWARK" audit --facts "$(host badfiles)"
expect_exit 0 "$BULWARK" audit --facts "$(host badfiles)" --allow-partial
expect_exit 0 "$BULWARK" audit --facts "$(host badfiles)" --section 3

echo "bad usage and bad facts"
expect_exit 3 "$BULWARK" audit --facts "$(host hardened)" --check 5.99
expect_err "5.99"
expect_exit 3 "$BULWARK" audit --facts "$(host hardened)" --fail-on awful
expect_exit 3 "$BULWARK" audit --facts "$(host hardened)" --format yaml
expect_exit 3 "$BULWARK" audit --facts "$(host hardened)" --save-facts "$work/x"
expect_exit 3 "$BULWARK" audit --host tcp://192.0.2.1:2375
expect_exit 1 "$BULWARK" audit --facts "$work/missing"
echo '{"schemaVersion": 9}' >"$work/newer"
expect_exit 1 "$BULWARK" audit --facts "$work/newer"
expect_err "schema version 9"
