# SPDX-License-Identifier: Apache-2.0
"""Asks a host reader one thing. The body of its answer goes to standard output; of an error the error, and the exit code is 1.

usage: ask_reader.py SOCKET OPERATION PATH
"""
import json
import socket
import struct
import sys


def exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            sys.exit("the connection was closed")
        data += piece
    return data


def main():
    path, operation, asked = sys.argv[1:]
    request = {"op": operation, "path": asked}
    if operation == "read":
        request["cap"] = 1 << 20
    text = json.dumps(request).encode()
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    try:
        connection.sendall(struct.pack(">I", len(text)) + text)
    except BrokenPipeError:
        pass  # it says why
    while True:
        kind, length = struct.unpack(">cI", exactly(connection, 5))
        data = exactly(connection, length)
        if kind == b"B":
            sys.stdout.buffer.write(data)
            continue
        end = json.loads(data)
        if "error" in end:
            print(json.dumps(end))
            sys.exit(1)
        return


main()
