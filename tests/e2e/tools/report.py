# SPDX-License-Identifier: Apache-2.0
"""Small questions about JSON reports.

usage: report.py packages FILE            one line a package: type name version arch
       report.py findings FILE            one line a vulnerability: id name version fixed
       report.py check-dpkg FILE          asks dpkg whether each Debian finding's installed version is below its fixed one
"""
import json
import subprocess
import sys


def packages(report):
    return sorted("{type} {name} {version} {arch}".format(**p) for p in report["packages"])


def findings(report):
    return sorted("{id} {package} {version} {fixedVersion}".format(**f) for f in report["findings"] if f["category"] == "Vulnerability")


def check_dpkg(report):
    sources = {(p["name"], p["version"]): p["sourceVersion"] or p["version"] for p in report["packages"] if p["type"] == "deb"}
    checked = 0
    for finding in report["findings"]:
        if finding["type"] != "deb" or not finding["fixedVersion"]:
            continue
        installed = sources[finding["package"], finding["version"]]
        if subprocess.run(["dpkg", "--compare-versions", installed, "lt", finding["fixedVersion"]]).returncode != 0:
            sys.exit("dpkg disagrees: {id} {package} {0} is not below {fixedVersion}".format(installed, **finding))
        checked += 1
    return [f"{checked} Debian findings agree with dpkg"]


verb, file = sys.argv[1:]
with open(file, encoding="utf-8") as text:
    document = json.load(text)
print("\n".join({"packages": packages, "findings": findings, "check-dpkg": check_dpkg}[verb](document)))
