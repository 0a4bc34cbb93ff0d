# SPDX-License-Identifier: Apache-2.0
"""A registry that does what a good one does not, and a service that it must not lead anybody to.

usage: fake_registry.py STATE_DIR

Listens on 127.0.0.1 (the registry) and on 127.0.0.2 and ::1 (the service), and writes the ports to STATE_DIR/ports. Every
repository holds one image; `fake_registry.py digest REPOSITORY` prints its digest. By the first word of the repository:

  plain            nothing odd
  poison           whoever asks for the layer is killed: the process id is read from STATE_DIR/hub.pid
  slow             the layer is given once STATE_DIR/go is there
  blob, manifest   the layer or the manifest is at the URL whose hex form is the second word
  realm            the token service is at that URL
  next             the next page of tags is at that URL

What reaches the service is written to STATE_DIR/reached, a line a request; it gives every layer asked for as /REPOSITORY.
"""
import http.server
import os
import pathlib
import signal
import socket
import sys
import threading
import time

from small_image import MANIFEST, Image, digest_of, layer, package_file


def image_of(repository):
    return Image(layer(dict([("etc/repository", repository), package_file("lodash", "4.17.15")])))


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = pathlib.Path()

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Service(Answers):
    def do_GET(self):
        with open(self.state / "reached", "a", encoding="ascii") as reached:
            reached.write(f"{self.command} {self.path}\n")
        self.answer(200, image_of(self.path[1:]).blobs[1], Content_Type="application/octet-stream")

    do_HEAD = do_POST = do_GET


class Registry(Answers):
    def do_GET(self):
        if self.path in ("/v2/", "/v2"):
            return self.answer(200, b"{}")
        repository, kind, name = self.path.split("?")[0][len("/v2/"):].rsplit("/", 2)
        word, _, rest = repository.partition("/")
        where = bytes.fromhex(rest).decode() if word in ("blob", "manifest", "realm", "next") else ""
        if word == "realm":
            return self.answer(401, b"{}", WWW_Authenticate=f'Bearer realm="{where}",service="fake"')
        if kind == "tags":
            link = {"Link": f'<{where}>; rel="next"'} if word == "next" else {}
            return self.answer(200, b'{"tags":[]}', **link)
        if kind == "manifests":
            return self.manifest(repository, where if word == "manifest" else "")
        return self.blob(repository, word, where, name)

    do_HEAD = do_GET

    def manifest(self, repository, where):
        image = image_of(repository)
        if where:
            return self.answer(307, Location=where)
        return self.answer(200, image.manifest, Content_Type=MANIFEST, Docker_Content_Digest=image.digest)

    def blob(self, repository, word, where, digest):
        blobs = {digest_of(blob): blob for blob in image_of(repository).blobs}
        if blobs[digest] != image_of(repository).blobs[1]:
            return self.answer(200, blobs[digest])
        if word == "poison":
            os.kill(int((self.state / "hub.pid").read_text()), signal.SIGKILL)
        while word == "slow" and not (self.state / "go").exists():
            time.sleep(0.05)
        if word == "blob":
            return self.answer(307, Location=where)
        return self.answer(200, blobs[digest])


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # the peer was killed


class Server6(Server):
    address_family = socket.AF_INET6


def main(state):
    Answers.state = pathlib.Path(state)
    registry, service, service6 = Server(("127.0.0.1", 0), Registry), Server(("127.0.0.2", 0), Service), Server6(("::1", 0), Service)
    for server in (service, service6):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ports = [str(server.server_address[1]) for server in (registry, service, service6)]
    (Answers.state / "ports.new").write_text(" ".join(ports))
    (Answers.state / "ports.new").rename(Answers.state / "ports")
    registry.serve_forever()


if sys.argv[1] == "digest":
    print(image_of(sys.argv[2]).digest)
else:
    main(sys.argv[1])
