# SPDX-License-Identifier: Apache-2.0
"""Checks that clang 14, the fuzzing compiler, parses every module: one translation unit a module, syntax only. Families of
functions (src/*/functions, src/*/sql) are read one by one, as they are compiled.

usage: check_clang_syntax.py SOURCE_DIR [BUILD_DIR]
"""
import pathlib
import shutil
import subprocess
import sys
import concurrent.futures
import os
import tempfile

root = pathlib.Path(sys.argv[1]).resolve()
clang = shutil.which("clang++-14")
if clang is None:
    print("clang++-14 is not installed; nothing was checked")
    sys.exit(0)


FLAGS = ["-std=c++20", "-I", root / "src", "-DFMT_HEADER_ONLY", '-DBULWARK_VERSION="0"', "-Wno-pragma-once-outside-header"]


def run_clang(arguments, text=None):
    run = subprocess.run([clang, *FLAGS, *arguments], input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.returncode, run.stdout


def check_families(files):
    with tempfile.TemporaryDirectory() as work:
        compiled = f"{work}/function.pch"
        header = next(root.glob("src/*/functions/function.hpp"))
        code, output = run_clang(["-x", "c++-header", header, "-o", compiled])
        for file in files:
            if code == 0:
                code, output = run_clang(["-fsyntax-only", "-include-pch", compiled, file])
    return code, output


def check(folder):
    files = sorted(folder.rglob("*.cpp"))
    families = [file for file in files if file.relative_to(folder).parts[0] in ("functions", "sql")]
    includes = "".join(f'#include "{file}"\n' for file in files if file not in families)
    code, output = run_clang(["-fsyntax-only", "-x", "c++", "-"], includes)
    if code == 0 and families:
        code, output = check_families(families)
    return folder.name, code, output


folders = [p for p in sorted((root / "src").iterdir()) if p.is_dir()]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    results = list(pool.map(check, folders))
for name, code, output in results:
    print(f"{name}: {'ok' if code == 0 else 'FAILED'}")
    if code != 0:
        print(output[:8000])
sys.exit(1 if any(code for _, code, _ in results) else 0)
