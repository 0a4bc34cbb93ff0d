# SPDX-License-Identifier: Apache-2.0
"""Serves OCI layouts as Azure Container Registry does with its quarantine switched on, until it is ended.

usage: fake_acr.py PORT FOLDER LOG

FOLDER/REPOSITORY is a layout, found anew at each request. Tokens come from /oauth2/token for scanner:secret. A manifest is given
out by its digest alone until it is Passed. Every request is a line of JSON in LOG; marks of the quarantine have `state` and
`details`. While FOLDER/refuse exists, metadata_write is granted to nobody.
"""
import base64
import http.server
import json
import pathlib
import sys
import threading
import urllib.parse

PORT, FOLDER, LOG = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
CREDENTIALS = "Basic " + base64.b64encode(b"scanner:secret").decode()
lock = threading.Lock()
passed = set()


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def note(self, **more):
        with lock, open(LOG, "a", encoding="utf-8") as log:
            log.write(json.dumps({"method": self.command, "path": self.path, **more}) + "\n")

    def answer(self, status, body=b"", content="application/json", **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": content, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status, code):
        self.answer(status, {"errors": [{"code": code, "message": code.lower()}]})

    def token(self, query):
        if self.headers["Authorization"] != CREDENTIALS:
            return self.error(401, "UNAUTHORIZED")
        self.answer(200, {"access_token": " ".join(urllib.parse.parse_qs(query).get("scope", []))})

    # A token is its scopes; real ones are signed.
    def may(self, scope):
        granted = (self.headers["Authorization"] or "").removeprefix("Bearer ").split(" ")
        if scope in granted and not (scope.endswith("metadata_write") and (FOLDER / "refuse").exists()):
            return True
        challenge = f'Bearer realm="http://127.0.0.1:{PORT}/oauth2/token",service="127.0.0.1:{PORT}",scope="{scope}"'
        body = json.dumps({"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}).encode()
        self.answer(401, body, WWW_Authenticate=challenge)
        return False

    def blob(self, repository, digest, media_type):
        file = FOLDER / repository / "blobs" / "sha256" / digest.removeprefix("sha256:")
        if not file.is_file():
            return self.error(404, "NOT_FOUND")
        self.answer(200, file.read_bytes(), media_type, Docker_Content_Digest=digest)

    def manifest(self, repository, key):
        entries = json.loads((FOLDER / repository / "index.json").read_text())["manifests"]
        digest = key if key.startswith("sha256:") else entries[0]["digest"]
        if not key.startswith("sha256:") and digest not in passed:
            return self.error(404, "MANIFEST_UNKNOWN")
        file = FOLDER / repository / "blobs" / "sha256" / digest[7:]
        media_type = json.loads(file.read_text())["mediaType"] if file.is_file() else "application/json"
        self.blob(repository, digest, media_type)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/oauth2/token":
            return self.token(query)
        if path == "/v2/":
            return self.answer(200, {}) if self.headers["Authorization"] else self.may("registry:catalog:*")
        parts = path.split("/")
        repository = parts[2]
        if not self.may(f"repository:{repository}:pull"):
            return None
        self.note()
        if not (FOLDER / repository / "index.json").is_file():
            return self.error(404, "NAME_UNKNOWN")
        if parts[3] == "tags":
            return self.answer(200, {"name": repository, "tags": ["1"]})
        if parts[3] == "manifests":
            return self.manifest(repository, parts[4])
        return self.blob(repository, parts[4], "application/octet-stream") if parts[3] == "blobs" else self.error(404, "NOT_FOUND")

    do_HEAD = do_GET

    def do_PATCH(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        repository, digest = self.path.removeprefix("/acr/v1/").split("/_manifests/")
        if not self.may(f"repository:{repository}:metadata_write"):
            return
        mark = json.loads(body)
        self.note(repository=repository, digest=digest, state=mark["quarantineState"], details=json.loads(mark["quarantineDetails"]), members=sorted(mark))
        if mark["quarantineState"] == "Passed":
            passed.add(digest)
        self.answer(200)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Registry).serve_forever()
