# SPDX-License-Identifier: Apache-2.0
"""Prints an OSV advisory about a package of Debian 12.

usage: advisory.py ID PACKAGE FIXED_VERSION [CVSS_VECTOR]
"""
import json
import sys

if len(sys.argv) not in (4, 5):
    sys.exit(__doc__)
identifier, package, fixed = sys.argv[1:4]
vector = sys.argv[4] if len(sys.argv) == 5 else "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
print(json.dumps({
    "schema_version": "1.6.0", "id": "DEBIAN-" + identifier, "upstream": [identifier], "modified": "2026-11-21T00:00:00Z",
    "summary": f"A flaw in {package}", "severity": [{"type": "CVSS_V3", "score": vector}],
    "affected": [{"package": {"ecosystem": "Debian:12", "name": package},
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]}))
