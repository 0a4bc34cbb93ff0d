# SPDX-License-Identifier: Apache-2.0
"""A container engine that is none: hangs, or answers with members missing and of the wrong type.

usage: bad_engine.py SOCKET hang|lie
"""
import http.server
import json
import socketserver
import sys
import threading

ANSWERS = {
    "/version": {"Version": 7, "Components": "none"},
    "/info": {"SecurityOptions": "all", "Debug": "no", "Driver": None, "Swarm": [], "DockerRootDir": {}, "RegistryConfig": 1},
    "/networks": [{"Name": ["bridge"], "Options": 5}, 9],
    "/containers/json?all=1": [{"Id": "aa"}, {"Id": "bb"}],
    "/containers/aa/json": {"State": {"Running": True, "Pid": -7}, "HostConfig": {"Privileged": "true", "Memory": "1g"}, "Mounts": {"a": 1}},
    "/containers/bb/json": [],
    "/containers/aa/top": {"Titles": 3, "Processes": [[1]]},
    "/images/json": {"images": "many"},
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if sys.argv[2] == "hang":
            threading.Event().wait(120)
            return
        body = json.dumps(ANSWERS.get(self.path, {"message": "no such thing"})).encode()
        self.send_response(200 if self.path in ANSWERS else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    def address_string(self):
        return "engine"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


Server(sys.argv[1], Handler).serve_forever()
