# SPDX-License-Identifier: Apache-2.0
"""Compares a report of bulwark audit with what is expected of it.

usage: audit_report.py REPORT EXPECTATION…
  2.3=fail            the control's status
  5.10:web=fail       the status of the container, image or network of that name
  exit code 1 and a line for each that is not so
"""
import json
import sys


def main():
    report = json.load(open(sys.argv[1]))
    results = {result["id"]: result for result in report["results"]}
    wrong = 0
    for expectation in sys.argv[2:]:
        what, _, wanted = expectation.rpartition("=")
        control, _, name = what.partition(":")
        result = results[control]
        statuses = {resource["name"]: resource["status"] for resource in result["resources"]}
        got = statuses.get(name, f"nothing about {name}") if name else result["status"]
        if got != wanted:
            wrong += 1
            print(f"{what} is {got}, not {wanted}: {json.dumps(result['evidence'])[:500]}")
    print(f"{len(sys.argv) - 2} expectations, {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
