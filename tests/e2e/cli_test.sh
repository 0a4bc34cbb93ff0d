# SPDX-License-Identifier: Apache-2.0
# The command line as a person meets it: exit codes, filters, suppression, messages, completions, manual page.
. "$(dirname "$0")/lib.sh"

# A folder with two vulnerable packages and one that is not.
mkdir -p "$work/app"
cat >"$work/app/package-lock.json" <<'LOCK'
{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": {
  "": {"name": "app", "version": "1.0.0"},
  "node_modules/lodash": {"version": "4.17.15"},
  "node_modules/jquery": {"version": "3.4.1", "dev": true},
  "node_modules/once": {"version": "1.4.0"}}}
LOCK
app=dir:$work/app

echo "no database: packages are listed, loudly unmatched"
expect_exit 0 "$BULWARK" scan "$app"
expect_out "NOTHING WAS MATCHED"
expect_err "NOTHING WAS MATCHED"
expect_out "lodash"
expect_exit 1 "$BULWARK" scan --db "$work/none.db" "$app"
expect_err "bulwark db import"

"$BULWARK" -q db import content/demo/advisories
echo "findings, filters and thresholds"
expect_exit 0 "$BULWARK" scan "$app"
expect_out "CVE-2020-8203"
expect_out "CVE-2020-11023"
expect_exit 2 "$BULWARK" scan --fail-on high "$app"
expect_out "CVE-2021-23337"
expect_exit 0 "$BULWARK" scan --fail-on critical "$app"
expect_exit 0 "$BULWARK" scan --severity high "$app"
if grep -q CVE-2020-28500 "$work/out"; then fail "--severity high shows a medium finding"; fi
expect_exit 0 env NO_COLOR=1 "$BULWARK" scan --color auto "$app"
if grep -q $'\x1b' "$work/out"; then fail "colours on a pipe"; fi
expect_exit 0 "$BULWARK" scan --color always "$app"
grep -q $'\x1b\[' "$work/out" || fail "--color always gives no colours"

echo "suppression by ignore file and VEX"
printf 'CVE-2020-8203 reason=not reachable\nCVE-2020-11022 until=2020-01-01 reason=too old\n' >"$work/ignore"
expect_exit 0 "$BULWARK" scan --ignore-file "$work/ignore" --show-suppressed "$app"
expect_out "not reachable"
expect_err "2020-01-01"
grep -q "CVE-2020-11022" "$work/out" || fail "a rule past its date still applies"
cat >"$work/vex.json" <<'VEX'
{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex/1", "author": "A", "version": 1,
 "timestamp": "2026-01-01T00:00:00Z", "statements": [{"vulnerability": {"name": "CVE-2021-23337"},
 "products": [{"@id": "pkg:npm/lodash@4.17.15"}], "status": "not_affected",
 "justification": "vulnerable_code_not_in_execute_path"}]}
VEX
expect_exit 0 "$BULWARK" scan --vex "$work/vex.json" --fail-on critical --format "json=$work/vexed.json" "$app"
python3 - "$work/vexed.json" <<'PY' || fail "VEX does not suppress"
import json, sys
found = {f["id"]: f for f in json.load(open(sys.argv[1]))["findings"]}
assert found["CVE-2021-23337"]["suppressed"]["status"] == "not_affected"
assert not found["CVE-2020-28500"].get("suppressed")
PY

echo "several formats in one run"
expect_exit 0 "$BULWARK" scan --format table --format "json=$work/a.json" --format "sarif=$work/a.sarif" \
  --format "cyclonedx=$work/a.cdx.json" --format "spdx=$work/a.spdx.json" "$app"
for file in a.json a.sarif a.cdx.json a.spdx.json; do python3 -m json.tool "$work/$file" >/dev/null || fail "$file is no JSON"; done
expect_exit 3 "$BULWARK" scan --format table --format json "$app"
expect_exit 3 "$BULWARK" scan --format xml "$app"
expect_err "choose from"
expect_exit 0 "$BULWARK" scan -f json -o "$work/b.json" "$app"
python3 -m json.tool "$work/b.json" >/dev/null

echo "an SBOM written is scanned with the same result"
expect_exit 0 "$BULWARK" sbom --format "cyclonedx=$work/bom.json" "$app"
expect_exit 0 "$BULWARK" scan -f json "sbom:$work/bom.json"
python3 tests/e2e/tools/report.py findings "$work/out" >"$work/from-bom"
expect_exit 0 "$BULWARK" scan -f json "$app"
python3 tests/e2e/tools/report.py findings "$work/out" >"$work/from-dir"
cmp "$work/from-bom" "$work/from-dir" || fail "the SBOM loses findings"

echo "usage errors say what was meant"
expect_exit 3 "$BULWARK" scan --serverity high "$app"
expect_err "--severity"
expect_exit 3 "$BULWARK" scna "$app"
expect_err "Did you mean scan"
expect_exit 3 "$BULWARK" scan
expect_exit 3 "$BULWARK" scan --fail-on terrible "$app"
expect_exit 1 "$BULWARK" scan "dir:$work/missing"
expect_err "$work/missing"
expect_exit 1 "$BULWARK" scan --offline registry.example.com/app:1
expect_err "--offline"
expect_exit 1 "$BULWARK" scan -f json "oci:$work/missing"
python3 -c 'import json,sys; assert json.load(open(sys.argv[1]))["error"]["code"]' "$work/out" || fail "the error is not in the JSON"

echo "db status, help, completions, manual page"
expect_exit 0 "$BULWARK" db status
expect_out "advisories"
expect_exit 0 "$BULWARK" db status --json
python3 -m json.tool "$work/out" >/dev/null
for command in "" scan audit sbom db "db import" "db update" "db status" versions "versions compare" "versions check"; do
  # shellcheck disable=SC2086
  expect_exit 0 "$BULWARK" $command --help
  [ "$(wc -l <"$work/out")" -le 40 ] || fail "help of '$command' has more than 40 lines"
done
expect_exit 0 "$BULWARK" --version
expect_exit 0 "$BULWARK" help exit-codes
expect_out "130"
for shell in bash zsh fish; do
  expect_exit 0 "$BULWARK" completion $shell
  cp "$work/out" "$work/completion.$shell"
done
expect_exit 0 "$BULWARK" man
sed 's/\\-/-/g' "$work/out" >"$work/bulwark.1"
bash -n "$work/completion.bash" || fail "the bash completion does not parse"
bash -c "source '$work/completion.bash'; COMP_WORDS=(bulwark scan --sev); COMP_CWORD=2; _bulwark; [ \"\${COMPREPLY[*]}\" = --severity ]" ||
  fail "bash does not complete --sev"
for flag in --severity --only-fixed --fail-on --platform --db --vex --offline --format --show-suppressed --ecosystem --quiet; do
  grep -qe "${flag#--}" "$work/completion.bash" || fail "bash completion lacks $flag"
  grep -qe "${flag#--}" "$work/completion.zsh" || fail "zsh completion lacks $flag"
  grep -qe "${flag#--}" "$work/completion.fish" || fail "fish completion lacks $flag"
  grep -qe "$flag" "$work/bulwark.1" || fail "the manual page lacks $flag"
done
echo "closed standard input"
expect_exit 0 "$BULWARK" scan "$app" <&-
