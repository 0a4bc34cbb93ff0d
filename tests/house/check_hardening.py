# SPDX-License-Identifier: Apache-2.0
"""Checks with readelf that the executable is position independent, has full RELRO, no executable stack and fortified calls.

usage: check_hardening.py SOURCE_DIR BUILD_DIR
"""
import pathlib
import subprocess
import sys


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], stdout=subprocess.PIPE, check=True, text=True).stdout


executable = pathlib.Path(sys.argv[2]) / "bulwark"
headers, dynamic, symbols = readelf("-hl", executable), readelf("-d", executable), readelf("--dyn-syms", executable)
checks = {
    "position independent (type DYN)": "DYN" in headers,
    "GNU_RELRO": "GNU_RELRO" in headers,
    "immediate binding": "BIND_NOW" in dynamic or "NOW" in dynamic,
    "stack is not executable": any("GNU_STACK" in line and "RWE" not in line for line in headers.splitlines()),
    "stack protector": "__stack_chk_fail" in symbols,
    "fortified library calls": "_chk@" in symbols,
    "no text relocations": "TEXTREL" not in dynamic,
}
for name, holds in checks.items():
    print(("ok      " if holds else "MISSING ") + name)
sys.exit(0 if all(checks.values()) else 1)
