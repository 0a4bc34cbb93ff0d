# SPDX-License-Identifier: Apache-2.0
"""A container engine that is none: hangs, answers with members missing and of the wrong type, or has 10,000 containers, some of
them with labels of megabytes.

usage: bad_engine.py SOCKET hang|lie|many
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


MANY = 10_000


def container(number):
    labels = {"app": "shop", "notes": "x" * (4 << 20)} if number % 2_000 == 0 else {"app": "shop"}
    return {"Id": f"{number:064x}", "Name": f"/app-{number}", "State": {"Status": "exited", "Running": False, "Pid": 0}, "Image": "sha256:" + "a" * 64,
            "Config": {"Image": "shop/app:1", "User": "", "Labels": labels, "Env": []}, "Mounts": [], "AppArmorProfile": "",
            "HostConfig": {"Privileged": number % 100 == 0, "NetworkMode": "default", "Memory": 0, "CpuShares": 0, "PidsLimit": None, "CapAdd": None, "CapDrop": None,
                           "SecurityOpt": None, "ReadonlyRootfs": False, "RestartPolicy": {"Name": "no"}, "PortBindings": {}, "Ulimits": None, "Devices": []},
            "NetworkSettings": {"Ports": {}}}


def of_many(path):
    if path == "/containers/json?all=1":
        return [{"Id": f"{number:064x}"} for number in range(MANY)]
    if path.startswith("/containers/") and path.endswith("/json"):
        return container(int(path.split("/")[2], 16))
    return {"/version": {"Version": "24.0.7", "ApiVersion": "1.43"}, "/info": {"ID": "x", "Swarm": {"LocalNodeState": "inactive"}, "DockerRootDir": "/nowhere"},
            "/images/json": [], "/networks": []}.get(path)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if sys.argv[2] == "hang":
            threading.Event().wait(120)
            return
        answer = of_many(self.path) if sys.argv[2] == "many" else ANSWERS.get(self.path)
        body = json.dumps({"message": "no such thing"} if answer is None else answer).encode()
        self.send_response(404 if answer is None else 200)
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
