# SPDX-License-Identifier: Apache-2.0
"""An OpenID provider on 127.0.0.1 that checks what a real one checks, until it is ended.

usage: fake_oidc.py PORT FOLDER      for the client bulwark with the secret "of the client"

FOLDER/behaviour.json changes what it does: claims (of the ID token), state, error (at /authorize), forge (sign with a key that
is not published), metadata (members of the discovery document). Every request to /token is a line of JSON in FOLDER/log.
"""
import base64
import hashlib
import http.server
import json
import pathlib
import subprocess
import sys
import time
import urllib.parse

PORT, FOLDER = int(sys.argv[1]), pathlib.Path(sys.argv[2])
ISSUER = f"http://127.0.0.1:{PORT}"
BASIC = "Basic " + base64.b64encode(b"bulwark:of%20the%20client").decode()
codes = {}


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def openssl(*arguments, stdin=b""):
    return subprocess.run(["openssl", *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


for name in ("key", "forger"):
    openssl("genrsa", "-out", str(FOLDER / f"{name}.pem"), "2048")
modulus = bytes.fromhex(openssl("rsa", "-in", str(FOLDER / "key.pem"), "-noout", "-modulus").decode().strip().split("=")[1])


def behaviour():
    file = FOLDER / "behaviour.json"
    return json.loads(file.read_text()) if file.exists() else {}


def signed(claims, key):
    head = encoded(json.dumps({"alg": "RS256", "kid": "k1"}).encode())
    text = f"{head}.{encoded(json.dumps(claims).encode())}"
    return f"{text}.{encoded(openssl('dgst', '-sha256', '-sign', str(FOLDER / f'{key}.pem'), stdin=text.encode()))}"


class Provider(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body, **headers):
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/.well-known/openid-configuration":
            return self.answer(200, {"issuer": ISSUER, "authorization_endpoint": ISSUER + "/authorize", "token_endpoint": ISSUER + "/token",
                                     "jwks_uri": ISSUER + "/keys", **behaviour().get("metadata", {})})
        if url.path == "/keys":
            return self.answer(200, {"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1", "e": "AQAB", "n": encoded(modulus)}]})
        return self.authorize(dict(urllib.parse.parse_qsl(url.query))) if url.path == "/authorize" else self.answer(404, {})

    def authorize(self, asked):
        wanted = {"client_id": "bulwark", "response_type": "code", "code_challenge_method": "S256"}
        complete = all(asked.get(name) for name in ("state", "nonce", "code_challenge", "redirect_uri"))
        if {name: asked.get(name) for name in wanted} != wanted or "openid" not in asked.get("scope", "").split(" ") or not complete:
            return self.answer(400, {"error": "invalid_request", "asked": asked})
        code = f"code-{len(codes)}"
        codes[code] = asked
        back = {"state": behaviour().get("state", asked["state"]), **({"error": behaviour()["error"]} if "error" in behaviour() else {"code": code})}
        self.answer(302, {}, Location=asked["redirect_uri"] + "?" + urllib.parse.urlencode(back))

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        asked = codes.pop(form.get("code"), None)
        challenge = encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        fits = asked and challenge == asked["code_challenge"] and form.get("redirect_uri") == asked["redirect_uri"]
        error = "invalid_client" if self.headers["Authorization"] != BASIC else "" if fits else "invalid_grant"
        with open(FOLDER / "log", "a", encoding="utf-8") as log:
            log.write(json.dumps({"error": error}) + "\n")
        if error:
            return self.answer(401 if error == "invalid_client" else 400, {"error": error})
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": "bulwark", "sub": "u-1", "preferred_username": "alice", "name": "Alice A.", "email": "alice@example.com",
                  "nonce": asked["nonce"], "iat": now, "exp": now + 300, **behaviour().get("claims", {})}
        token = signed(claims, "forger" if behaviour().get("forge") else "key")
        return self.answer(200, {"token_type": "Bearer", "access_token": "x", "id_token": token})

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Provider).serve_forever()
