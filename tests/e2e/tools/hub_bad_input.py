# SPDX-License-Identifier: Apache-2.0
"""Sends a hub what nobody should: odd ids, injections, malformed and oversized bodies, requests that can be read in two ways.

usage: hub_bad_input.py HUB_HOST:PORT SUBSCRIPTION TENANT TOKEN

The registry "demo" has one scanned image with findings. Each refusal must be Azure's form of errors, none of them a 5xx.
"""
import http.client
import json
import socket
import sys
from urllib.parse import quote

ADDRESS, SUBSCRIPTION, TENANT, TOKEN = sys.argv[1:]
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/default"
REGISTRIES = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries"
DEMO = f"{REGISTRIES}/demo"
VERSION = "?api-version=2025-11-01"
JSON = "Content-Type: application/json"
faults = []
checks = 0


class Answer:
    def __init__(self, raw, method):
        response = http.client.HTTPResponse(raw, method=method)
        response.begin()
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def is_azure_error(self):
        error = (self.json() or {}).get("error")
        return isinstance(error, dict) and bool(error.get("code")) and bool(error.get("message"))


def send(raw, method="GET"):
    """The answer to bytes as they are."""
    with socket.create_connection(ADDRESS.split(":"), timeout=20) as connection:
        connection.sendall(raw)
        return Answer(connection, method)


def ask(method, path, body=None, *headers, signed_in=True):
    lines = [f"{method} {path} HTTP/1.1", "Host: " + ADDRESS, "Connection: close", *headers]
    lines += [f"Authorization: Bearer {TOKEN}"] if signed_in else []
    lines += [f"Content-Length: {len(body)}"] if body is not None else []
    return send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b""), method)


def check(what, holds, answer):
    global checks
    checks += 1
    if not holds:
        faults.append(f"{what}: {answer.status} {answer.body[:300]!r}")


def refused(what, answer, *statuses):
    check(what, answer.status in statuses and answer.is_azure_error(), answer)


def odd_names():
    """A name that is not the registry's, in each place where an id has one: it names nothing, or is refused."""
    names = ["..", ".", "%2e%2e", "demo%2F..%2Fdemo", "..%2Fdemo", "..%5Cdemo", "demo%5C..%5Cother", "demo%00", "demo%00.png", "demo%0d%0aX:%20y",
             "%C0%AE%C0%AE", "%E0%80%AF", "%ff%fe", "%F4%90%80%80", "%ED%A0%80", "%ZZ", "%", "%2", "dem_", "%25", "d%25", "demo'", "demo'%20OR%20'1'='1", "demo'%20--",
             "demo%22%3B%20DROP%20TABLE%20resources%3B--", "demo%3F", "demo%23", "*", "d*", "a" * 2100, "%C3%A9" * 300]
    for name in names:
        what = f"the name {name[:40]}"
        for method in ("GET", "DELETE", "PATCH"):
            body = (b"{}", JSON) if method == "PATCH" else (None,)
            answer = ask(method, f"{REGISTRIES}/{name}{VERSION}", *body)
            gone = method == "DELETE" and answer.status == 204  # nothing was there
            check(f"{method} {what}", gone or (answer.status in (400, 404, 405) and answer.is_azure_error()), answer)
        answer = ask("GET", f"{REGISTRIES}/{name}/repositories{VERSION}")
        check(f"below {what}", answer.status in (400, 404) and answer.is_azure_error() or answer.json() == {"value": []}, answer)
        answer = ask("GET", f"{DEMO}/repositories/{name}/images/{name}{VERSION}")
        refused(f"an image of {what}", answer, 400, 404)
        answer = ask("GET", f"/api/v1/registries/{name}/repositories")
        refused(f"the view of {what}", answer, 400, 404)
        answer = ask("POST", f"/webhooks/registries/{name}", b"{}", JSON)
        refused(f"a webhook for {what}", answer, 400, 401, 404)
        answer = ask("GET", f"/subscriptions/{name}/resourceGroups{VERSION}")
        refused(f"a subscription of {what}", answer, 400, 404)
    refused("an id of 40,000 bytes", ask("GET", f"{REGISTRIES}/{'a' * 40000}{VERSION}"), 414, 431)
    refused("a type with an escape", ask("GET", f"{GROUP}/providers/Microsoft.ContainerRegistry/registries%2Fdemo{VERSION}"), 400)
    refused("a namespace with an escape", ask("GET", f"{GROUP}/providers/Microsoft.ContainerRegistry%2Fregistries/demo{VERSION}"), 400, 404)


def one_resource_many_spellings():
    want = ask("GET", DEMO + VERSION).json()
    upper = DEMO.upper().replace(SUBSCRIPTION.upper(), SUBSCRIPTION)
    for what, path in {"capitals": upper, "small letters": DEMO.lower(), "doubled slashes": DEMO.replace("/", "//"),
                       "a slash at the end": DEMO + "/", "an escaped letter": DEMO.replace("demo", "de%6Do"),
                       "capitals in the subscription": DEMO.replace(SUBSCRIPTION, SUBSCRIPTION.upper())}.items():
        answer = ask("GET", path + VERSION)
        check(f"the registry with {what}", answer.status == 200 and answer.json() == want, answer)
    answer = ask("GET", f"{DEMO.lower()}/REPOSITORIES/plain%2fone/IMAGES{VERSION}".replace("/repositories", "/REPOSITORIES"))
    check("images in mixed case", answer.status == 200 and len(answer.json()["value"]) == 1, answer)


def outside_the_api():
    for path in ("/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd", "/assets/..%2f..%2fhub.key", "//etc/passwd", "/%00", "/assets/%00.js",
                 "/index.html%00.png", "/web/index.html", f"/x/../subscriptions/{SUBSCRIPTION}"):
        answer = ask("GET", path, signed_in=False)
        page = b"<html" in answer.body or b"<!doctype" in answer.body.lower()
        check(f"the page {path}", (answer.status == 200 and page) or (answer.status in (400, 404) and answer.is_azure_error()), answer)
        check(f"no file of the machine at {path}", b"root:" not in answer.body, answer)
    for path in ("/api/v1/../v1/registries", "/api//v1/registries", "/api/v1//registries", "/api/v1/registries/", "/api/v1/", "/api/v2/registries", "/api/v1/nothing",
                 "/api/v1/registries/demo%2Frepositories"):
        refused(f"the view {path}", ask("GET", path), 404)
    for path in ("/v1/", "/v1/workspaces/default", "/v1/workspaces/default/query/?query=print+1", "/v1/workspaces/default%2Fquery?query=print+1"):
        refused(f"the query {path}", ask("GET", path), 404)
    refused("a method that is none", ask("BREW", "/api/v1/registries"), 405)
    refused("a method that is none, on a resource", ask("BREW", DEMO + VERSION), 400, 403, 405)


def queries():
    total = ask("GET", "/api/v1/findings").json()["total"]
    assert total > 0
    for q in ("lod%sh", "_", "%%", "l_dash", "\\", "' OR '1'='1", "\" OR \"\"=\"", "*", "NEAR(", "a'); DROP TABLE findings;--", "\x00", "\x01\x1f", "\ufffe"):
        for view in ("findings", "recommendations", "inventory", "registries/demo/repositories", "search", "activity", "registries/demo/images"):
            answer = ask("GET", f"/api/v1/{view}?q={quote(q)}&repository=plain%2Fone")
            check(f"{view} with the words {q!r}", answer.status == 200 or (answer.status == 400 and answer.is_azure_error()), answer)
            if view == "findings" and answer.status == 200:
                check(f"no finding has {q!r}", answer.json()["total"] == 0, answer)
    for q in ("%ff%fe", "%C0%AE", "%ED%A0%80", "a" * 20000):
        answer = ask("GET", f"/api/v1/findings?q={q}")
        check(f"words that are no text: {q[:20]}", answer.status == 400 and answer.is_azure_error() or answer.json() == {"value": [], "total": 0, "next": None}, answer)
    for parameter in ("top=0", "top=-1", "top=1e3", "top=99999999999999999999", "top=1001", "top=", "sort=nothing", "sort=severity%3BDROP", "sort=-", "cursor=nothing", "cursor=%00",
                      "cursor=AAAA", "severity=%27%20OR%201=1", "severity=Nothing", "cvss=abc", "cvss=nan", "patchable=maybe", "status=%00", "nothing=1"):
        answer = ask("GET", f"/api/v1/findings?{parameter}")
        harmless = parameter in ("top=",)
        check(f"findings with {parameter}", (answer.status == 400 and answer.is_azure_error()) or (harmless and answer.status == 200), answer)
    for parameter in ("month=2026-13", "month=abc", "month=%27", "month=99999-01"):
        refused(f"the meter with {parameter}", ask("GET", f"/api/v1/meter?{parameter}"), 400)
    for parameter in ("from=abc", "to=%27", "from=99999-01-01T00:00:00Z"):
        refused(f"the activity with {parameter}", ask("GET", f"/api/v1/activity?{parameter}"), 400)


def odata():
    lists = [f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments", f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Security/assessments",
             f"/subscriptions/{SUBSCRIPTION}/resources", REGISTRIES]
    for path in lists:
        for name, value in [("$filter", "principalId eq '' or 1 eq 1 --"), ("$filter", "'"), ("$filter", "a" * 20000), ("$filter", "((((((((" * 500), ("$filter", "\x00"),
                            ("$skipToken", "%%%"), ("$skipToken", "' OR 1=1"), ("$skipToken", "AAAA"), ("$top", "-1"), ("$top", "abc"), ("$top", "0"), ("$expand", "'")]:
            answer = ask("GET", f"{path}{VERSION}&{quote(name)}={quote(value)}")
            check(f"{path} with {name}={value[:20]!r}", answer.status == 200 or (answer.status in (400, 404) and answer.is_azure_error()), answer)
    for version in ("", "?api-version=", "?api-version=abc", "?api-version=2021-06-01%00", "?api-version=2021-06-01'", "?api-version=../../x"):
        refused(f"the version {version}", ask("GET", DEMO + version), 400)
    for digits in ("0", "-1", "99999999999999999999", "1%20OR%201=1", "abc"):
        path = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerRegistry/locations/local/operationStatuses/{digits}{VERSION}"
        refused(f"the operation {digits}", ask("GET", path), 400, 404)


BODIES = {
    "nothing": b"", "a half": b"{", "a list": b"[]", "a text": b'"x"', "a number": b"1e999", "no JSON": b"<x/>", "two values": b"{} {}", "a NUL": b"\x00", "no UTF-8": b'{"a":"\xff"}',
    "an overlong form": b'{"a":"\xc0\xae"}', "half a surrogate": b'{"a":"\\ud800"}', "depth": b"[" * 100_000, "depth with an end": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "a member with depth": b'{"properties":' + b"[" * 5000 + b"]" * 5000 + b"}",
}


def malformed_bodies():
    targets = [("PUT", f"{REGISTRIES}/new{VERSION}"), ("PATCH", DEMO + VERSION), ("PUT", f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Security/pricings/Containers?api-version=2024-01-01"),
               ("PUT", f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000009?api-version=2022-04-01"),
               ("PUT", f"/subscriptions/{SUBSCRIPTION}/providers/Bulwark.Security/disableRules/new?api-version=2026-01-01"),
               ("PUT", f"/subscriptions/{SUBSCRIPTION}/providers/Bulwark.Security/notificationChannels/new?api-version=2026-01-01"),
               ("PUT", f"/subscriptions/{SUBSCRIPTION}/providers/Bulwark.Security/exemptions/new?api-version=2026-01-01"),
               ("POST", "/api/v1/users"), ("POST", "/api/v1/clients"), ("POST", "/api/v1/groups"), ("POST", "/api/v1/tokens"), ("POST", "/api/v1/session/password"), ("POST", "/api/v1/apply"),
               ("PATCH", "/api/v1/recommendations/dbd0cb49-b563-45e7-9724-889e799fa648/resources")]
    for method, path in targets:
        for what, body in BODIES.items():
            statuses = (400, 413) if "depth" in what and path == "/api/v1/apply" else (400,)  # to YAML's reader it is too large
            refused(f"{method} {path} with {what}", ask(method, path, body, JSON), *statuses)
        refused(f"{method} {path} with 5 MB", ask(method, path, b"{" + b" " * 5_000_000 + b"}", JSON), 413)
        for content in ("Content-Type: text/plain", "Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data; boundary=x", "Content-Type: application/jsonx",
                        "X-Nothing: application/json"):
            if path != "/api/v1/apply":  # takes YAML as well
                refused(f"{method} {path} with {content}", ask(method, path, b"{}", content), 415)
    refused("data of no kind", ask("POST", "/api/v1/data/import", b"nothing", "Content-Type: application/octet-stream"), 400, 422)
    refused("no data", ask("POST", "/api/v1/data/import", b"", "Content-Type: application/octet-stream"), 400)
    for path in ("/api/v1/session", "/api/v1/links"):
        for what, body in BODIES.items():
            statuses = (413,) if len(body) > 16_384 else (400, 401)
            refused(f"POST {path} with {what}", ask("POST", path, body, JSON, signed_in=False), *statuses)
        refused(f"POST {path} with 20 KB", ask("POST", path, b'{"name":"' + b"a" * 20_000 + b'"}', JSON, signed_in=False), 413)
        refused(f"POST {path} as a form", ask("POST", path, b"name=admin", "Content-Type: application/x-www-form-urlencoded", signed_in=False), 415)


def odd_members():
    registry = {"loginServer": "127.0.0.1:1"}
    for member, values in {
            "loginServer": [5, "", "http://x/y", "a b", "127.0.0.1/../x", "x\u0000y", "a" * 5000, "user:secret@host", [], {}],
            "pollMinutes": ["abc", -5, 1e300, 10**30, {}, []], "repositories": ["x", [5], [None], [[]], {}], "platforms": ["x", [{}]], "plainHttp": ["yes", 5],
            "caCertificate": ["no certificate", 5], "signatureKeys": ["x", ["no key"]], "username": [5, {}], "password": [5, {}], "kind": ["Nothing", 5], "scanEnabled": ["no"]}.items():
        for value in values:
            body = json.dumps({"location": "local", "properties": {**registry, member: value}}).encode()
            answer = ask("PUT", f"{REGISTRIES}/odd{VERSION}", body, JSON)
            refused(f"a registry with {member} {str(value)[:30]!r}", answer, 400)
    for body in ({"properties": 5}, {"properties": []}, {"tags": 5, "properties": registry}, {"location": 5, "properties": registry}):
        refused(f"a registry {body}", ask("PUT", f"{REGISTRIES}/odd{VERSION}", json.dumps(body).encode(), JSON), 400)
    secret = json.dumps({"location": "local", "properties": {**registry, "username": "u", "password": "stored"}}).encode()
    check("a registry with a password", ask("PUT", f"{REGISTRIES}/kept{VERSION}", secret, JSON).status == 201, ask("GET", f"{REGISTRIES}/kept{VERSION}"))
    for change in ({"loginServer": "127.0.0.9:1"}, {"plainHttp": True}):
        body = json.dumps({"location": "local", "properties": change}).encode()
        refused(f"the stored password sent along with {change}", ask("PATCH", f"{REGISTRIES}/kept{VERSION}", body, JSON), 400)
        refused(f"the stored password tried with {change}", ask("POST", f"{REGISTRIES}/kept/testConnection{VERSION}", body, JSON), 400)
    answer = ask("PATCH", f"{REGISTRIES}/kept{VERSION}", json.dumps({"properties": {"loginServer": "127.0.0.9:1", "password": "new"}}).encode(), JSON)
    check("a change of the host with its password", answer.status == 200 and b"new" not in answer.body, answer)
    check("the registry goes away", ask("DELETE", f"{REGISTRIES}/kept{VERSION}").status == 200, answer)
    refused("nothing was made of all that", ask("GET", f"{REGISTRIES}/odd{VERSION}"), 404)
    for name in ("", " ", "a" * 5000, "a\nb", "\u0000", "admin"):
        refused(f"a user called {name[:20]!r}", ask("POST", "/api/v1/users", json.dumps({"name": name}).encode(), JSON), 400, 409)


def framing():
    def raw(*lines, body=b"", method="POST"):
        return send("\r\n".join(lines).encode() + b"\r\n\r\n" + body, method)

    start = [f"POST /api/v1/tokens HTTP/1.1", "Host: a", f"Authorization: Bearer {TOKEN}", JSON]
    for what, status, lines, body in [
            ("both lengths", 400, ["Content-Length: 2", "Transfer-Encoding: chunked"], b"2\r\n{}\r\n0\r\n\r\n"),
            ("two lengths", 400, ["Content-Length: 2", "Content-Length: 3"], b"{}"),
            ("the same length twice", 400, ["Content-Length: 2", "Content-Length: 2"], b"{}"),
            ("a length with a sign", 400, ["Content-Length: +2"], b"{}"),
            ("a list of lengths", 400, ["Content-Length: 2, 2"], b"{}"),
            ("two codings", 400, ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
            ("another coding", 501, ["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n"),
            ("a coding in disguise", 501, ["Transfer-Encoding: xchunked"], b"0\r\n\r\n"),
            ("a chunk of no length", 400, ["Transfer-Encoding: chunked"], b"zz\r\n{}\r\n0\r\n\r\n"),
            ("a folded header", 400, ["Content-Length: 2", "X-A: b", " c"], b"{}"),
            ("a blank in a name", 400, ["Content-Length : 2"], b"{}"),
            ("two hosts", 400, ["Host: b", "Content-Length: 2"], b"{}"),
            ("two credentials", 400, ["Authorization: Bearer other", "Content-Length: 2"], b"{}"),
            ("two content types", 400, ["Content-Type: text/plain", "Content-Length: 2"], b"{}"),
            ("an expectation", 417, ["Expect: tea", "Content-Length: 2"], b"{}"),
            ("a huge header", 431, ["X-A: " + "a" * 40_000, "Content-Length: 2"], b"{}"),
            ("300 headers", 431, [f"X-{number}: a" for number in range(300)] + ["Content-Length: 2"], b"{}"),
            ("a length past all caps", 413, ["Content-Length: 99999999999"], b""),
            ("a length past 64 bits", 400, ["Content-Length: 99999999999999999999999"], b"")]:
        answer = raw(*start, *lines, body=body)
        check(f"a request with {what}", answer.status == status and answer.is_azure_error(), answer)
    for what, first in [("no host", "GET /healthz HTTP/1.1"), ("another protocol", "GET /healthz HTTP/3.0"), ("no path", "GET HTTP/1.1"), ("another scheme", "GET ftp://a/ HTTP/1.1"),
                        ("an escape cut off", "GET /%4 HTTP/1.1\r\nHost: a"), ("a NUL", "GET /\0 HTTP/1.1\r\nHost: a"), ("a proxy's method", "CONNECT a:1 HTTP/1.1\r\nHost: a")]:
        answer = raw(first, method="GET")
        check(f"a request with {what}", answer.status in (400, 505) and answer.is_azure_error(), answer)


def token_endpoint():
    path, form = f"/{TENANT}/oauth2/v2.0/token", "Content-Type: application/x-www-form-urlencoded"

    def is_refusal(answer, *statuses):  # RFC 6749's form, with what Azure adds
        body = answer.json() or {}
        return answer.status in statuses and isinstance(body.get("error"), str) and body.get("error_description", "").startswith("AADSTS")

    good = b"grant_type=client_credentials&client_id=a&client_secret=b&scope=https%3A%2F%2Fmanagement.azure.com%2F.default"
    for what, body in {"nothing": b"", "JSON": b"{}", "a field twice": good + b"&client_id=c", "another grant": good.replace(b"client_credentials", b"password"), "no scope": good.split(b"&scope")[0],
                       "another resource": good.replace(b"management.azure.com", b"example.com"), "a NUL": good + b"&x=%00", "100 fields": good + b"".join(b"&f%d=1" % n for n in range(100)),
                       "100 KB": good + b"&x=" + b"a" * 100_000}.items():
        answer = ask("POST", path, body, form, signed_in=False)
        check(f"a token for {what}", is_refusal(answer, 400), answer)
    answer = ask("POST", path, good, form, signed_in=False)
    check("a token for wrong credentials", is_refusal(answer, 401), answer)
    answer = ask("POST", path, good, JSON, signed_in=False)
    check("a token for a form that says it is JSON", is_refusal(answer, 400, 415), answer)
    answer = ask("POST", f"/00000000-0000-4000-8000-000000000000/oauth2/v2.0/token", good, form, signed_in=False)
    check("a token of another tenant", is_refusal(answer, 400), answer)
    answer = ask("GET", path, None, signed_in=False)
    check("a token by GET", is_refusal(answer, 405), answer)
    refused("a form of 5 MB", ask("POST", path, b"a" * 5_000_000, form, signed_in=False), 413)


for part in (odd_names, one_resource_many_spellings, outside_the_api, queries, odata, malformed_bodies, odd_members, framing, token_endpoint):
    before = len(faults)
    part()
    print(f"{part.__name__}: {'as it should be' if len(faults) == before else f'{len(faults) - before} faults'}")
for fault in faults:
    print("FAILED:", fault)
print(f"{checks} checks")
sys.exit(1 if faults else 0)
