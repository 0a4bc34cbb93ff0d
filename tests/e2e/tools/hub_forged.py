# SPDX-License-Identifier: Apache-2.0
"""Sends deliveries of every kind of sender to a hub: genuine, forged, unsigned, malformed and oversized.

usage: hub_forged.py HUB_URL TOKEN SECRET REPOSITORY DIGEST
"""
import hashlib
import hmac
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

HUB, TOKEN, SECRET, REPOSITORY, DIGEST = sys.argv[1:]
WRONG = "fedcba9876543210fedcba9876543210"
TARGET = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": DIGEST, "repository": REPOSITORY, "tag": "1"}
EVENT = {"id": "e1", "action": "push", "target": TARGET}
PACKAGE = {"name": REPOSITORY, "namespace": "demo", "package_type": "CONTAINER",
           "package_version": {"version": DIGEST, "container_metadata": {"tag": {"name": "1", "digest": DIGEST}}}}
RESOURCES = {"repository": {"repo_full_name": REPOSITORY}, "resources": [{"digest": DIGEST, "tag": "1"}]}


def signature(secret, body, algorithm="sha256"):
    return f"{algorithm}=" + hmac.new(secret.encode(), body, algorithm).hexdigest()


def bearer(secret, _):
    return {"Authorization": "Bearer " + secret}


def header_of_ours(secret, _):
    return {"X-Bulwark-Secret": secret}


def raw_header(secret, _):
    return {"Authorization": secret}


def in_the_address(_secret, _body):
    return {}


def github(secret, body):
    return {"X-GitHub-Event": "registry_package", "X-GitHub-Delivery": "d1", "X-Hub-Signature-256": signature(secret, body)}


# name: (content type, body, how it proves itself, whether the secret is a parameter)
SENDERS = {
    "Docker Distribution": ("application/vnd.docker.distribution.events.v1+json", {"events": [EVENT]}, bearer, False),
    "Azure Container Registry": ("application/json", {**EVENT, "id": "e2"}, header_of_ours, False),
    "Event Grid": ("application/json", [{"id": "g1", "topic": "t", "subject": "s", "eventType": "Microsoft.ContainerRegistry.ImagePushed", "data": EVENT}],
                   in_the_address, True),
    "Event Grid as CloudEvents": ("application/cloudevents+json", {"specversion": "1.0", "id": "c1", "source": "s", "type": "Microsoft.ContainerRegistry.ImagePushed", "data": EVENT},
                                  header_of_ours, False),
    "Harbor": ("application/json", {"type": "PUSH_ARTIFACT", "event_data": RESOURCES}, raw_header, False),
    "Harbor as CloudEvents": ("application/cloudevents+json", {"specversion": "1.0", "id": "h1", "type": "harbor.artifact.pushed", "data": RESOURCES}, raw_header, False),
    "Docker Hub": ("application/json", {"push_data": {"tag": "1"}, "repository": {"repo_name": REPOSITORY}}, in_the_address, True),
    "GitHub": ("application/json", {"action": "published", "registry_package": PACKAGE}, github, False),
}


def send(method, path, body=None, headers=None):
    request = urllib.request.Request(HUB + path, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def deliver(body, content_type, headers, secret_parameter=None, registry="demo"):
    query = "?secret=" + urllib.parse.quote(secret_parameter) if secret_parameter is not None else ""
    return send("POST", f"/webhooks/registries/{registry}{query}", body, {"Content-Type": content_type, **headers})


def expect(what, answer, status):
    assert answer[0] == status, f"{what}: {answer}"
    if status >= 400:
        error = json.loads(answer[1])["error"]
        assert error["code"] and error["message"], f"{what}: {answer}"


def refused_deliveries():
    answer = send("GET", "/api/v1/activity?status=Failed&q=webhook&top=1000", headers={"Authorization": "Bearer " + TOKEN})
    assert WRONG.encode() not in answer[1] and SECRET.encode() not in answer[1], "a secret is in the activity log"
    return [row for row in json.loads(answer[1])["value"] if row["httpStatus"] == 401]


def forge():
    """Every way to be wrong, for every sender; the number of tries."""
    tries = 0
    for name, (content_type, document, prove, by_parameter) in SENDERS.items():
        body = json.dumps(document).encode()
        attempts = {"without a proof": ({}, None), "with a wrong secret": (prove(WRONG, body), WRONG if by_parameter else None),
                    "with an empty secret": (prove("", body), "" if by_parameter else None), "with a secret cut short": (prove(SECRET[:-1], body), SECRET[:-1] if by_parameter else None)}
        if prove is github:
            attempts["signed for another body"] = (github(SECRET, body + b" "), None)
            attempts["signed by SHA-1"] = ({**github(SECRET, body), "X-Hub-Signature-256": signature(SECRET, body, "sha1")}, None)
        for what, (headers, parameter) in attempts.items():
            expect(f"{name} {what}", deliver(body, content_type, headers, parameter), 401)
            tries += 1
    return tries


def main():
    tries = forge()
    body = json.dumps(SENDERS["Azure Container Registry"][1]).encode()
    unknown = deliver(body, "application/json", header_of_ours(SECRET, body), registry="other")
    expect("a registry that is not there", unknown, 401)
    assert unknown[1] == deliver(body, "application/json", header_of_ours(WRONG, body))[1], "names of registries can be told apart"
    logged = refused_deliveries()
    assert len(logged) == tries + 2, f"{tries + 2} deliveries were refused and {len(logged)} are in the activity log"
    assert all(row["address"] == "127.0.0.1" and row["method"] == "POST" for row in logged)
    print(f"{tries + 2} forged deliveries are refused, and in the activity log")

    for name, (content_type, document, prove, by_parameter) in SENDERS.items():
        body = json.dumps(document).encode()
        answer = deliver(body, content_type, prove(SECRET, body), SECRET if by_parameter else None)
        expect(f"{name}, genuine", answer, 200)
        assert json.loads(answer[1])["pushed"] == 1, f"{name}, genuine: {answer}"
    print("genuine ones are taken")

    proof = header_of_ours(SECRET, b"")
    for what, body in {"nothing": b"", "a half": b"{", "depth": b"[" * 100_000, "another document": b'{"a":1}', "no UTF-8": b'{"action":"\xff"}'}.items():
        expect(f"a delivery of {what}", deliver(body, "application/json", proof), 400)
    expect("a form", deliver(b"payload=x", "application/x-www-form-urlencoded", proof), 400)
    expect("2 MB", deliver(b"[" + b" " * 2_000_000 + b"]", "application/json", proof), 413)
    expect("1,001 events", deliver(json.dumps({"events": [EVENT] * 1001}).encode(), "application/json", proof), 413)
    expect("another method", send("GET", "/webhooks/registries/demo", headers=proof), 405)
    for member, value in {"repository": "../../x", "digest": "sha256:x", "tag": "a b"}.items():
        odd = json.dumps({**EVENT, "id": "odd", "target": {**TARGET, member: value}}).encode()
        answer = deliver(odd, "application/json", proof)
        expect(f"an event with {member} {value}", answer, 200)
        assert json.loads(answer[1]) == {"pushed": 0, "removed": 0, "ignored": 0, "refused": 1}, answer
    print("malformed and oversized ones are refused")


main()
