# SPDX-License-Identifier: Apache-2.0
"""Checks every tracked file: one SPDX line in sources, no machine paths, no over-long files or functions, JSON that parses.

usage: check_files.py SOURCE_DIR [BUILD_DIR]
"""
import json
import pathlib
import re
import subprocess
import sys

SOURCE_ENDINGS = {".cpp", ".hpp", ".py", ".sh", ".cmake"}
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:work|root|home)/[\w.-]+")
LONGEST_FILE = 800
LONGEST_FUNCTION = 120


def tracked(root):
    names = subprocess.run(["git", "-C", root, "ls-files", "-z"], stdout=subprocess.PIPE, check=True).stdout
    return [root / name.decode() for name in names.split(b"\0") if name and (root / name.decode()).is_file()]


def long_functions(text):
    """Yields (line, length) of top-level brace blocks that are functions; the code style closes them in column one."""
    begin = None
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"^[A-Za-z].*[)\w] (?:const |noexcept |override )*\{$", line) and not line.startswith(("namespace", "struct", "class", "enum")):
            begin = number
        elif line.startswith("}") and begin:
            yield begin, number - begin + 1
            begin = None


def check(file, root, faults):
    name = file.relative_to(root)
    if "corpus" in name.parts:
        return
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    if file.suffix in SOURCE_ENDINGS and "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text.splitlines()[:3]):
        faults.append(f"{name}: no SPDX line at its head")
    if name != pathlib.Path("tests/house/check_files.py"):
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATH.search(line) and file.suffix in SOURCE_ENDINGS | {".md", ".txt", ""}:
                faults.append(f"{name}:{number}: names a path of a machine: {line.strip()[:100]}")
    if file.suffix in {".cpp", ".hpp"}:
        lines = text.count("\n")
        if lines > LONGEST_FILE:
            faults.append(f"{name}: {lines} lines, more than {LONGEST_FILE}; split it by idea")
        for line, length in long_functions(text):
            if length > LONGEST_FUNCTION:
                faults.append(f"{name}:{line}: a function of {length} lines, more than {LONGEST_FUNCTION}")
    if file.suffix == ".json":
        try:
            json.loads(text)
        except ValueError as error:
            faults.append(f"{name}: {error}")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    faults = []
    for file in tracked(root):
        check(file, root, faults)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
