# SPDX-License-Identifier: Apache-2.0
"""Holds thousands of slow connections open, and looks how another client and the server's memory fare beside them.

usage: slow_connections.py HUB_URL HUB_PID COUNT

Of ten connections seven drip the head of a request, one waits before it, one drips a body, one never reads its answers. Exits
with 77 where the limit of open files is too low.
"""
import http.client
import os
import re
import resource
import select
import socket
import sys
import time
from urllib.parse import urlsplit

HEAD_SECONDS = 10  # how long the server waits for a head
PATIENCE = 20      # beyond that, on a machine with other work
KIB_A_CONNECTION = 16


def anonymous_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"^RssAnon:\s+(\d+)", status.read(), re.M).group(1))


class Slow:
    """One connection; `drip` sends its next byte."""
    texts = {
        "head": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: " + b"a" * 4000,
        "idle": b"",
        "body": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n" + b"{" * 3999,
        "reader": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 50,
    }

    def __init__(self, address, kind):
        self.kind, self.text, self.sent = kind, self.texts[kind], 0
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setblocking(False)
        self.drip({"head": 40, "idle": 0, "body": len(self.text) - 3000, "reader": len(self.text)}[kind])

    def drip(self, count=1):
        try:
            self.sent += self.socket.send(self.text[self.sent:self.sent + count])
        except OSError:
            pass  # seen as an end, or later


class Crowd:
    def __init__(self, address, count):
        self.poll = select.epoll()
        self.open = {}
        for number in range(count):
            kind = ("head",) * 7 + ("idle", "body", "reader")
            slow = Slow(address, kind[number % 10])
            self.open[slow.socket.fileno()] = slow
            if slow.kind != "reader":
                self.poll.register(slow.socket.fileno(), select.EPOLLIN | select.EPOLLRDHUP)

    def count(self, kind):
        return sum(1 for slow in self.open.values() if slow.kind == kind)

    def drip(self):
        for slow in self.open.values():
            if slow.kind in ("head", "body"):
                slow.drip()

    def drop_ended(self):
        for descriptor, _ in self.poll.poll(0, len(self.open) + 1):
            self.poll.unregister(descriptor)
            self.open.pop(descriptor).socket.close()


def seconds_of_a_request(url, path):
    begin = time.monotonic()
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in (200, 401), answer.status
    return time.monotonic() - begin


def main(hub, pid, count):
    url, count = urlsplit(hub), int(count)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < count + 500:
        print(f"skipped: the limit of open files is {most}; {count} connections need more (ulimit -Hn)")
        return 77
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    before = anonymous_kib(pid)
    begin = time.monotonic()
    crowd = Crowd((url.hostname, url.port), count)
    print(f"{count} connections after {time.monotonic() - begin:.1f} s")
    deadline = time.monotonic() + HEAD_SECONDS + PATIENCE
    slowest, held = [], 0
    while crowd.count("head") and time.monotonic() < deadline:
        crowd.drip()
        crowd.drop_ended()
        held = max(held, anonymous_kib(pid))
        slowest += [seconds_of_a_request(url, path) for path in ("/healthz", "/api/v1/session", "/api/v1/findings")]
    left = {kind: crowd.count(kind) for kind in Slow.texts}
    slowest.sort()
    print(f"{len(slowest)} requests beside them, the slowest after {max(slowest):.2f} s; memory {before // 1024} MiB, "
          f"{held // 1024} MiB at most; open at the end: {left}")
    assert slowest[-1 - len(slowest) // 20] < 1, "other clients wait too long"
    assert left["head"] == 0, "heads that drip are not cut"
    assert left["idle"] == left["body"] == count // 10, "these had time left"
    assert held - before < count * KIB_A_CONNECTION, "memory grows too much with connections"
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
