# SPDX-License-Identifier: Apache-2.0
"""Receives notifications: webhooks on one port, mail on another, until it is ended. Each is a line of JSON in LOG.

usage: receivers.py WEBHOOK_PORT SMTP_PORT SECRET LOG

A webhook is checked as docs/rest-api.md says: `signed` is whether its signature is the HMAC of its body under SECRET. At /flaky
the first delivery of an event is answered with 503, at /gone every one with 410.
"""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import socketserver
import sys
import threading

WEBHOOK_PORT, SMTP_PORT, SECRET, LOG = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode(), sys.argv[4]
lock = threading.Lock()
seen = set()


def note(entry):
    with lock, open(LOG, "a", encoding="utf-8") as log:
        log.write(json.dumps(entry) + "\n")


class Webhook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = json.loads(body)
        expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        status = 410 if self.path == "/gone" else 503 if self.path == "/flaky" and event["id"] not in seen else 204
        seen.add(event["id"])
        note({"to": self.path, "status": status, "type": event["type"], "id": event["id"], "event": event,
              "content": self.headers["Content-Type"], "timestamp": self.headers["X-Bulwark-Timestamp"],
              "signed": hmac.compare_digest(self.headers.get("X-Bulwark-Signature", ""), expected)})
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


class Smtp(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def read_message(self):
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line[1:] if line.startswith("..") else line)
        return "\n".join(lines)

    def handle(self):
        mail = {"to": "mail", "recipients": [], "login": None}
        self.say("220 mail.example.com")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                self.say("250-mail.example.com")
                self.say("250 AUTH PLAIN")
            elif verb == "AUTH":
                given = line.split(" ")[2] if line.count(" ") == 2 else self.challenge()
                mail["login"] = base64.b64decode(given).decode().split("\0")[1:]
                self.say("235 welcome")
            elif verb == "RCPT":
                mail["recipients"].append(line.split("<")[1].split(">")[0])
                self.say("250 fine")
            elif verb == "DATA":
                self.say("354 go on")
                message = email.message_from_string(self.read_message(), policy=email.policy.default)
                mail.update({"from": message["From"], "subject": message["Subject"], "text": message.get_content()})
                note(mail)
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def challenge(self):
        self.say("334 ")
        return self.rfile.readline().decode().strip()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


threading.Thread(target=Server(("127.0.0.1", SMTP_PORT), Smtp).serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", WEBHOOK_PORT), Webhook).serve_forever()
