# SPDX-License-Identifier: Apache-2.0
# CycloneDX, SPDX, SARIF and the JSON reports are valid against their schemas.
. "$(dirname "$0")/lib.sh"
layout=$(demo_layout)
python=${BULWARK_TEST_PYTHON:-}
[ -x "$python" ] || skip "BULWARK_TEST_PYTHON names no Python with the validators (./check makes it)"
"$BULWARK" -q db import --db "$work/db" content/demo/advisories
printf 'CVE-2020-8203 reason=not reachable\n' >"$work/ignore"
"$BULWARK" -q scan --db "$work/db" --ignore-file "$work/ignore" --format "json=$work/report.json" \
  --format "sarif=$work/report.sarif" --format "cyclonedx=$work/bom.cdx.json" --format "spdx=$work/bom.spdx.json" "oci:$layout:latest"
validate="$python tests/e2e/tools/validate_documents.py"
$validate cyclonedx "$work/bom.cdx.json"
$validate spdx "$work/bom.spdx.json"
$validate sarif "$work/report.sarif"
holds() {  # SCHEMA DOCUMENT
  "$python" -c 'import json, sys, jsonschema
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))' "$@" || fail "$2 is not as $1 has it"
}
holds docs/report.schema.json "$work/report.json"
for facts in tests/benchmark/*.facts.json; do
  "$BULWARK" -q audit --facts "$facts" --allow-partial --format "json=$work/audit.json"
  holds docs/audit-report.schema.json "$work/audit.json"
done
for document in bom.cdx.json bom.spdx.json; do
  "$BULWARK" -q scan --db "$work/db" --ignore-file "$work/ignore" -f json "sbom:$work/$document" >"$work/again.json"
  for question in packages findings; do
    diff <(python3 tests/e2e/tools/report.py $question "$work/report.json") \
      <(python3 tests/e2e/tools/report.py $question "$work/again.json") || fail "$document read back differs in its $question"
  done
done
