# SPDX-License-Identifier: Apache-2.0
"""Checks that clang 14, the fuzzing compiler, parses every module: one translation unit a module, syntax only.

usage: check_clang_syntax.py SOURCE_DIR [BUILD_DIR]
"""
import pathlib
import shutil
import subprocess
import sys
import concurrent.futures
import os

root = pathlib.Path(sys.argv[1]).resolve()
clang = shutil.which("clang++-14")
if clang is None:
    print("clang++-14 is not installed; nothing was checked")
    sys.exit(0)


def check(folder):
    includes = "".join(f'#include "{file}"\n' for file in sorted(folder.rglob("*.cpp")))
    command = [clang, "-std=c++20", "-fsyntax-only", "-x", "c++", "-I", root / "src", "-DFMT_HEADER_ONLY",
               '-DBULWARK_VERSION="0"', "-Wno-pragma-once-outside-header", "-"]
    run = subprocess.run(command, input=includes, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return folder.name, run.returncode, run.stdout


folders = [p for p in sorted((root / "src").iterdir()) if p.is_dir()]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    results = list(pool.map(check, folders))
for name, code, output in results:
    print(f"{name}: {'ok' if code == 0 else 'FAILED'}")
    if code != 0:
        print(output[:8000])
sys.exit(1 if any(code for _, code, _ in results) else 0)
