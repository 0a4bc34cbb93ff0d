# SPDX-License-Identifier: Apache-2.0
"""The prompt of `bulwark query` on a terminal: Ctrl-C forgets what is typed and ends what runs, Ctrl-D ends the prompt.

usage: query_prompt.py BULWARK FILE.csv HOME
"""
import os
import pty
import select
import sys
import termios
import time

BULWARK, FILE, HOME = sys.argv[1:]
os.makedirs(HOME, exist_ok=True)
pid, terminal = pty.fork()
if pid == 0:
    os.execve(BULWARK, [BULWARK, "query", "--table", "T=" + FILE, "-o", "csv"], {**os.environ, "HOME": HOME, "TERM": "xterm", "LC_ALL": "C"})

said = b""


def wait_for(text, since=0, seconds=60):
    global said
    end = time.monotonic() + seconds
    while text not in said[since:]:
        if time.monotonic() > end:
            sys.exit(f"no {text!r} in {said!r}")
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                said += os.read(terminal, 65536)
            except OSError:
                sys.exit(f"the prompt ended: {said!r}")


def type_in(keys, seconds=60):
    # The prompt is printed a moment before its line is read key by key.
    end = time.monotonic() + seconds
    while termios.tcgetattr(terminal)[3] & termios.ICANON:
        if time.monotonic() > end:
            sys.exit(f"no line is read after {said!r}")
        time.sleep(0.01)
    start = len(said)
    os.write(terminal, keys)
    return start


wait_for(b"kql>")
wait_for(b"^C\r\nkql>", type_in(b"T | nonsense\x03"))
wait_for(b"Count\r\n2\r\n", type_in(b"T\r| count;\r"))
start = type_in(b"range x from 1 to 9000000 step 1 | extend y = hash_sha256(tostring(x)) | summarize max(y);\r")
time.sleep(1)
os.write(terminal, b"\x03")
wait_for(b"cancelled", start)
wait_for(b"Count\r\n2\r\n", type_in(b"T | count;\r"))
# Letters beyond ASCII, in a locale that has none of them; and a line that is recalled has no comment that hides the rest of it.
wait_for(b"\r\n7\r\n", type_in("print strlen('Zoë') + strlen('日本語é');\r".encode()))
type_in(b"print a = 1 // one\r| extend b = 2;\r")
wait_for(b"a,b\r\n1,2\r\n")
wait_for(b"a,b\r\n1,2\r\n", type_in(b"\x1b[A;\r"))
type_in(b"\x04")
_, status = os.waitpid(pid, 0)
sys.exit(f"the prompt ended with {status}: {said!r}" if status else 0)
