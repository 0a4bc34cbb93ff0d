# SPDX-License-Identifier: Apache-2.0
"""A forward proxy for plain HTTP: every request goes to one server, whatever its host. Prints its port, then each URL asked.

usage: proxy.py SERVER_PORT
"""
import http.server
import sys
import urllib.error
import urllib.parse
import urllib.request


class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(self.path, flush=True)
        path = urllib.parse.urlsplit(self.path)._replace(scheme="", netloc="").geturl()
        headers = {name: value for name, value in self.headers.items() if name.lower() in ("accept", "range")}
        request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}{path}", headers=headers)
        try:
            answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
        except urllib.error.HTTPError as error:
            answer = error
        body = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "Docker-Content-Digest", "Docker-Distribution-Api-Version"):
            if answer.headers.get(name):
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
print(server.server_address[1], flush=True)
server.serve_forever()
