# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of the house from cmake/modules.txt: which module includes which, and who owns third-party headers.

usage: check_includes.py SOURCE_DIR [BUILD_DIR]
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SYSTEM = {"arpa", "net", "netinet", "sys", "linux"}  # folders of the C library and the kernel


def read_rules(file):
    rules = {}
    for line in file.read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, modules, headers = (part.strip() for part in line.split(":"))
        rules[name] = (set(modules.split()), set(headers.split()))
    return rules


def closure(rules, name, path=()):
    if name in path:
        sys.exit(f"cmake/modules.txt: cycle {' -> '.join(path + (name,))}")
    out = set()
    for dependency in rules[name][0]:
        if dependency not in rules:
            sys.exit(f"cmake/modules.txt: {name} names {dependency}, which is no module")
        out |= {dependency} | closure(rules, dependency, path + (name,))
    return out


def third_party_allowed(header, allowed):
    first = header.split("/")[0]
    return header in allowed or first in allowed or any(header.startswith((entry + "/", entry + ".")) for entry in allowed)


def is_standard(header):
    first = header.split("/")[0]
    c_library = {"fcntl.h", "unistd.h", "dirent.h", "signal.h", "poll.h", "spawn.h", "elf.h", "ftw.h", "errno.h",
                 "pthread.h", "termios.h", "time.h", "stdlib.h", "string.h", "netdb.h", "pwd.h", "grp.h", "sched.h", "ifaddrs.h",
                 "malloc.h"}
    return ("/" not in header and "." not in header) or first in SYSTEM or header in c_library


def check_file(file, module, rules, faults, root):
    allowed_modules = {module} | closure(rules, module)
    for match in INCLUDE.finditer(file.read_text(encoding="utf-8")):
        kind, header = match.groups()
        where = f"{file.relative_to(root)}: includes {header}"
        first = header.split("/")[0]
        if kind == '"' and "/" in header and first in rules:
            if first not in allowed_modules:
                faults.append(f"{where}, but {module} may include only {', '.join(sorted(allowed_modules))}")
            elif not (root / "src" / header).exists():
                faults.append(f"{where}, which does not exist")
        elif kind == '"':
            faults.append(f"{where}: write the module in front, as in \"{module}/{header}\"")
        elif not is_standard(header) and not third_party_allowed(header, rules[module][1]):
            faults.append(f"{where}, but that library is not {module}'s (cmake/modules.txt)")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    rules = read_rules(root / "cmake" / "modules.txt")
    faults = []
    for folder in sorted(p for p in (root / "src").iterdir() if p.is_dir()):
        if folder.name not in rules:
            faults.append(f"src/{folder.name} is not in cmake/modules.txt")
            continue
        for file in sorted(folder.rglob("*.[ch]pp")):
            check_file(file, folder.name, rules, faults, root)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
