# SPDX-License-Identifier: Apache-2.0
# Secrets, malware and misconfiguration of an image: found, filtered, ignored, cached, and never shown whole.
. "$(dirname "$0")/lib.sh"
python3 tests/e2e/tools/checked_image.py "$work/layout"
image=oci:$work/layout:odd
"$BULWARK" -q db import --db "$work/db" content/demo/advisories

issues() { python3 - "$1" <<'PY'
import json, sys
for finding in sorted((f["category"], f["id"], f["path"], f.get("suppressed", {}).get("status", "")) for f in json.load(open(sys.argv[1]))["findings"]):
    print(" ".join(part for part in finding if part))
PY
}

echo "everything is found, with and without a database"
expect_exit 0 "$BULWARK" scan --db "$work/db" --format "json=$work/a.json" --format "sarif=$work/a.sarif" --format table "$image"
expect_out "eicar_test_file"
expect_out "Secrets, malware and misconfiguration:"
issues "$work/a.json" >"$work/found"
for line in "Malware eicar_test_file srv/notes.txt" "Secret npm-token root/.npmrc" "Secret npm-token etc/app.conf" \
  "Misconfiguration BWI-101 opt/tool" "Misconfiguration BWI-001" "Misconfiguration BWI-002" "Misconfiguration BWI-010"; do
  grep -qx "$line" "$work/found" || { cat "$work/found"; fail "not found: $line"; }
done
if grep -q gone "$work/found"; then fail "malware in a deleted file counts"; fi
python3 - "$work/a.json" <<'PY' || fail "the deleted secret does not name its layer"
import json, sys
found = {f["path"]: f for f in json.load(open(sys.argv[1]))["findings"] if f["category"] == "Secret"}
assert "removed in a later layer but still in layer sha256:" in found["etc/app.conf"]["evidence"]
assert "removed" not in found["root/.npmrc"]["evidence"]
PY
grep -q '"ruleId": *"eicar_test_file"' "$work/a.sarif" || fail "SARIF lacks the malware"
if grep -q "q7Tz1Wdk\|hunter2" "$work/a.json" "$work/a.sarif" "$work/out" "$work/err"; then fail "a report shows a secret"; fi
expect_exit 0 "$BULWARK" scan --format json "$image"
expect_out "eicar_test_file"

echo "layers from the cache tell the same"
expect_exit 0 "$BULWARK" scan --db "$work/db" --format "json=$work/b.json" "$image"
issues "$work/b.json" | diff "$work/found" - || fail "the cache tells other findings"

echo "scanners are chosen"
expect_exit 0 "$BULWARK" scan --scanners malware --format "json=$work/m.json" "$image"
[ "$(issues "$work/m.json")" = "Malware eicar_test_file srv/notes.txt" ] || fail "--scanners malware: $(issues "$work/m.json")"
expect_exit 0 env BULWARK_SCANNERS=vuln "$BULWARK" scan --db "$work/db" --format "json=$work/v.json" "$image"
[ -z "$(issues "$work/v.json")" ] || fail "BULWARK_SCANNERS=vuln finds more"
expect_exit 3 "$BULWARK" scan --scanners viruses "$image"
expect_err "choose from vuln, secret, malware, misconfig"

echo "thresholds, severities and ignore rules"
expect_exit 2 "$BULWARK" scan --fail-on critical --scanners malware "$image"
printf 'eicar_test_file path=srv/** reason=a test\nnpm-token path=root/*\n' >"$work/ignore"
expect_exit 0 "$BULWARK" scan --fail-on critical --scanners malware --ignore-file "$work/ignore" "$image"
expect_exit 0 "$BULWARK" scan --scanners secret --ignore-file "$work/ignore" --format "json=$work/i.json" "$image"
issues "$work/i.json" | diff <(printf 'Secret npm-token etc/app.conf\nSecret npm-token root/.npmrc ignored\n') - || fail "path= of an ignore rule"
expect_exit 0 "$BULWARK" scan --severity low --scanners misconfig --format "json=$work/l.json" "$image"
if issues "$work/l.json" | grep BWI-101 >/dev/null; then fail "--severity low shows a medium finding"; fi

echo "rules of the user, and their faults"
mkdir "$work/rules"
printf 'rules:\n  - id: house\n    title: T\n    severity: low\n    description: D\n    remediation: R\n    keywords: [version_id]\n    regex: VERSION_ID\n' >"$work/rules/a.yaml"
printf 'rule tool { strings: $a = "#!/bin/sh" condition: $a }\n' >"$work/rules/a.yar"
expect_exit 0 "$BULWARK" scan --secret-rules "$work/rules" --yara-rules "$work/rules" --format "json=$work/u.json" "$image"
issues "$work/u.json" | grep -x "Secret house etc/os-release" >/dev/null || fail "a secret rule of the user"
issues "$work/u.json" | grep -x "Malware tool opt/tool" >/dev/null || fail "a YARA rule of the user"
printf 'rules:\n  - id: house\n    regex: "("\n' >"$work/rules/b.yaml"
printf '\nrule {\n' >"$work/rules/b.yar"
expect_exit 3 "$BULWARK" scan --secret-rules "$work/rules" "$image"
expect_err "b.yaml:3: not an expression that RE2 takes"
expect_exit 3 "$BULWARK" scan --yara-rules "$work/rules" "$image"
expect_err "b.yar:2:"

echo "folders: secrets and malware, not the making of an image"
mkdir "$work/folder"
python3 -c "import runpy, sys; sys.argv = ['x', sys.argv[1]]; m = runpy.run_path('tests/e2e/tools/checked_image.py')
open('$work/folder/.npmrc', 'w').write(m['NPMRC']); open('$work/folder/bad', 'w').write(m['EICAR'])" "$work/other"
chmod 4755 "$work/folder/bad"
expect_exit 0 "$BULWARK" scan --format "json=$work/f.json" "dir:$work/folder"
issues "$work/f.json" | diff <(printf 'Malware eicar_test_file bad\nSecret npm-token .npmrc\n') - || fail "dir: finds something else"
