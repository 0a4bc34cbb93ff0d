# SPDX-License-Identifier: Apache-2.0
"""Many hosts that report to one hub, in the words of docs/agent.md, without agents."""
import gzip
import http.client
import json
import subprocess
import time
import uuid

from support import BULWARK, ROOT

CONTAINERS = 10


def control_ids():
    """All controls, by the report of saved facts."""
    facts = ROOT / "tests" / "benchmark" / "hardened.facts.json"
    report = subprocess.run([BULWARK, "-q", "audit", "--facts", facts, "--allow-partial", "--format", "json"], check=True, stdout=subprocess.PIPE).stdout
    return [result["id"] for result in json.loads(report)["results"]]


class Host:
    def __init__(self, number):
        self.number = number
        self.stream, self.sequence, self.assessment = str(uuid.uuid4()), 0, str(uuid.uuid4())
        self.credential, self.failing = None, False

    def machine(self):
        return {"name": f"host-{self.number:04}", "machineId": f"{self.number:032x}", "os": "Debian GNU/Linux 12 (bookworm)", "osId": "debian", "osVersion": "12",
                "kernel": "6.1.0-18-amd64", "architecture": "x86_64", "addresses": [f"10.0.{self.number // 250}.{self.number % 250}"], "cpus": 2,
                "memoryBytes": 8 << 30, "engine": "docker", "engineVersion": "20.10.24", "apiVersion": "1.41", "storageDriver": "overlay2",
                "management": {"managed": False, "by": "", "reason": "no orchestrator runs it"}}

    def inventory(self):
        containers = [{"id": f"{self.number * 1000 + n:064x}", "name": f"app-{n}", "image": f"shop/app-{n}:1", "imageId": f"sha256:{n:064x}", "state": "running",
                       "createdAt": 1767225600000, "startedAt": 1767225600000, "management": {"managed": False, "by": "", "reason": ""}} for n in range(CONTAINERS)]
        images = [{"id": f"sha256:{n:064x}", "names": [f"shop/app-{n}:1"], "digests": [f"shop/app-{n}@sha256:{n + 100:064x}"], "sizeBytes": 50_000_000} for n in range(CONTAINERS)]
        return {"whole": True, "containers": containers, "images": images, "networks": [], "volumes": []}

    def result(self, control, status):
        resources = [{"scope": "host", "id": self.machine()["name"], "name": self.machine()["name"], "status": status,
                      "evidence": [{"source": "GET /info", "path": "$.Name", "value": "x", "message": "what it stands on"}]}]
        counts = {"pass": 0, "fail": 0, "manual": 0, "notApplicable": 0, "error": 0} | {status: 1}
        return {"id": control, "status": status, "counts": counts, "resources": resources}

    def message(self, kind, body):
        self.sequence += 1
        return {"sequence": self.sequence, "at": int(time.time() * 1000), "type": kind, "body": body}

    def first(self, controls):
        statuses = ["pass", "fail", "manual", "notApplicable"]
        return [self.message("machine", self.machine()), self.message("inventory", self.inventory()),
                self.message("assessment", {"whole": True, "id": self.assessment, "benchmark": "cis-docker", "benchmarkVersion": "1.6.0", "cause": "start", "tookMs": 100,
                                            "controls": [self.result(control, statuses[n % 4]) for n, control in enumerate(controls)]})]

    def change(self, control):
        self.failing = not self.failing
        return [self.message("assessment", {"whole": False, "id": self.assessment, "benchmark": "cis-docker", "benchmarkVersion": "1.6.0", "cause": "file: /etc/docker/daemon.json",
                                            "tookMs": 1, "controls": [self.result(control, "fail" if self.failing else "pass")]})]

    def batch(self, messages):
        header = {"format": 1, "stream": self.stream, "status": {"version": "1.0.0", "startedAt": 1767225600000, "residentBytes": 20 << 20, "cpuSeconds": 1.5,
                                                                "spoolMessages": 0, "spoolBytes": 0, "lostMessages": 0, "problems": []}}
        return gzip.compress("".join(json.dumps(line) + "\n" for line in [header, *messages]).encode(), 1)


class Fleet:
    """`count` hosts, by one connection that stays open."""

    def __init__(self, hub, count):
        self.hub, self.hosts = hub, [Host(number + 1) for number in range(count)]
        self.controls = control_ids()

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.hub.port, timeout=60)

    def report(self, connection, host, messages):
        begin = time.monotonic()
        connection.request("POST", "/api/v1/agents/reports", host.batch(messages),
                           {"Authorization": f"Bearer {host.credential}", "Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"})
        answer = connection.getresponse()
        reply = answer.read()
        if answer.status != 200 or json.loads(reply)["acknowledged"] != host.sequence:
            raise SystemExit(f"the hub does not take a report: {answer.status} {reply[:500]}")
        return time.monotonic() - begin

    def enroll(self):
        """Seconds until all are enrolled and assessed."""
        token = self.hub.call("POST", "/api/v1/enrollment-tokens", {"uses": len(self.hosts)})["token"]
        begin = time.monotonic()
        connection = self.connection()
        for host in self.hosts:
            body = json.dumps({"token": token, "machine": host.machine(), "agentVersion": "1.0.0"})
            connection.request("POST", "/api/v1/agents/enroll", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            told = json.loads(answer.read())
            if answer.status != 201:
                raise SystemExit(f"the hub does not enrol {host.number}: {told}")
            host.credential = told["credential"]
            self.report(connection, host, host.first(self.controls))
        return time.monotonic() - begin

    def change(self, seconds):
        """Each second one of a hundred hosts changes, and one of sixty gives a sign of life. How long each answer took."""
        delays, connection = [], self.connection()
        for second in range(seconds):
            begin = time.monotonic()
            for host in self.hosts[second % 100::100]:
                delays.append(self.report(connection, host, host.change(self.controls[0])))
            for host in self.hosts[second % 60::60]:
                self.report(connection, host, [])
            time.sleep(max(0.0, 1 - (time.monotonic() - begin)))
        return delays
