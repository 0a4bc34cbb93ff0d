# SPDX-License-Identifier: Apache-2.0
"""Adds or removes a watch of the kernel's audit subsystem (linux/audit.h), as auditctl -w DIR -p wa -k bulwark-test does.

usage: audit_watch.py add|remove DIR
"""
import os
import socket
import struct
import sys

NETLINK_AUDIT, ADD_RULE, DEL_RULE = 9, 1011, 1012
FILTER_EXIT, ALWAYS = 4, 2
DIR, PERM, KEY, EQUAL = 107, 106, 210, 0x40000000
WRITE_AND_ATTRIBUTES = 2 | 8


def rule(folder):
    path, key = os.fsencode(folder), b"bulwark-test"
    fields = [(DIR, len(path)), (PERM, WRITE_AND_ATTRIBUTES), (KEY, len(key))]
    pad = [0] * (64 - len(fields))
    text = path + key
    mask = [0xFFFFFFFF] * 63 + [0]
    return struct.pack("3I64I64I64I64II", FILTER_EXIT, ALWAYS, len(fields), *mask, *[f for f, _ in fields], *pad,
                       *[v for _, v in fields], *pad, *[EQUAL] * len(fields), *pad, len(text)) + text


def main():
    payload = rule(sys.argv[2])
    kind = ADD_RULE if sys.argv[1] == "add" else DEL_RULE
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
    link.settimeout(5)
    link.sendto(struct.pack("IHHII", 16 + len(payload), kind, 5, 1, 0) + payload, (0, 0))
    answer = link.recv(65536)
    error = struct.unpack("i", answer[16:20])[0]
    if error:
        sys.exit(f"the kernel refused: {os.strerror(-error)}")


main()
