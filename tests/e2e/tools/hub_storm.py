# SPDX-License-Identifier: Apache-2.0
"""Pushes images to a registry and kills the hub, over and over; then looks into its store.

usage: hub_storm.py DATA_DIR HUB_URL REGISTRY_HOST:PORT KILLS -- HUB_COMMAND...

The registry tells the hub of every push; each push is told a second time by this program, which remembers what the hub
acknowledged. BULWARK_STORM_SEED repeats a run, BULWARK_STORM_SECRET is the webhook's secret, BULWARK_STORM_TOKEN an API token.
"""
import http.client
import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from small_image import MANIFEST, Image, digest_of, layer, package_file

IMAGES_A_KILL = 4
KEY = "dbd0cb49-b563-45e7-9724-889e799fa648"
PACKAGES = [("lodash", "4.17.15"), ("minimist", "1.2.0"), ("axios", "0.21.0"), ("moment", "2.29.1")]


def package_layer(variant):
    """Variant 0 has no package, each next one more: images of a variant have the same findings."""
    return layer(dict([("etc/variant", str(variant))] + [package_file(*package) for package in PACKAGES[:variant]]))


PACKAGE_LAYERS = [package_layer(variant) for variant in range(len(PACKAGES) + 1)]


class Registry:
    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address, timeout=60)

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def push_blob(self, repository, data):
        path = f"/v2/{repository}/blobs/"
        if self.ask("HEAD", path + digest_of(data))[0] == 200:
            return
        status, headers, _ = self.ask("POST", path + "uploads/")
        assert status == 202, status
        location = headers["Location"]
        location = location[location.index("/v2/"):] + ("&" if "?" in location else "?") + "digest=" + digest_of(data)
        status, _, _ = self.ask("PUT", location, data, {"Content-Type": "application/octet-stream"})
        assert status == 201, status

    def push(self, repository, tags, image):
        for blob in image.blobs:
            self.push_blob(repository, blob)
        for tag in tags:
            status, _, _ = self.ask("PUT", f"/v2/{repository}/manifests/{tag}", image.manifest, {"Content-Type": MANIFEST})
            assert status == 201, status


class Pusher(threading.Thread):
    """Pushes image after image, as many as were allowed; tells the hub of each, and keeps what it acknowledged."""

    def __init__(self, storm):
        super().__init__(daemon=True)
        self.storm, self.failure = storm, None

    def run(self):
        try:
            registry = Registry(self.storm.registry)
            while (number := self.storm.next_number()) is not None:
                self.push(registry, number)
        except Exception as failure:  # told by the main thread
            self.failure = failure

    def push(self, registry, number):
        variant = number % len(PACKAGE_LAYERS)  # a layer that others share, and one of its own
        image = Image(PACKAGE_LAYERS[variant], layer({"srv/number": str(number)}))
        # Every third is in a second repository too: one digest, two images, one unit of the meter.
        for repository in [f"storm/app{number % 5}"] + (["storm/copy"] if number % 3 == 0 else []):
            registry.push(repository, [f"v{number}", "latest"], image)
            self.storm.pushed(repository, f"v{number}", image.digest, variant)
            event = f"storm-{number}-{repository}"
            if self.storm.tell(event, repository, f"v{number}", image.digest):
                self.storm.acknowledged.append(event)


class Storm:
    def __init__(self, data, hub, registry, kills, command):
        self.data, self.hub, self.registry, self.kills, self.command = data, hub, registry, kills, command
        self.lock = threading.Condition()
        self.allowed = self.begun = 0
        self.ended = False
        self.images = {}  # (repository, digest): variant
        self.tags = {}    # (repository, tag): digest
        self.acknowledged, self.start_times = [], []
        self.process = None

    # For pushers.
    def next_number(self):
        with self.lock:
            self.lock.wait_for(lambda: self.begun < self.allowed or self.ended)
            if self.begun == self.allowed:
                return None
            self.begun += 1
            return self.begun - 1

    def pushed(self, repository, tag, digest, variant):
        with self.lock:
            self.images[repository, digest] = variant
            self.tags[repository, tag] = digest

    def tell(self, event, repository, tag, digest):
        body = {"events": [{"id": event, "action": "push", "target": {
            "mediaType": MANIFEST, "digest": digest, "repository": repository, "tag": tag}}]}
        try:
            return self.ask("POST", "/webhooks/registries/demo", body, os.environ["BULWARK_STORM_SECRET"])[0] == 200
        except (OSError, http.client.HTTPException):
            return False  # killed meanwhile: the registry tells it again

    def ask(self, method, path, body, token):
        request = urllib.request.Request(self.hub + path, json.dumps(body).encode() if body is not None else None, method=method,
                                         headers={"Content-Type": "application/json", "Authorization": "Bearer " + token})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    # The hub.
    def start(self):
        with open(os.path.join(os.path.dirname(self.data), "storm.log"), "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)

    def healthy(self):
        try:
            with urllib.request.urlopen(self.hub + "/healthz", timeout=1) as answer:
                return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False

    def serve_until(self, deadline):
        """Measures how long the start takes, where it is given the time."""
        begin = time.monotonic()
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                sys.exit(f"FAILED: the hub ended by itself: {self.process.returncode}; see storm.log")
            if self.healthy():
                self.start_times.append(time.monotonic() - begin)
                return time.sleep(max(0, deadline - time.monotonic()))
            time.sleep(0.01)

    def kill_over_and_over(self, rng):
        for _ in range(self.kills):
            with self.lock:
                self.allowed += IMAGES_A_KILL
                self.lock.notify_all()
            self.start()
            self.serve_until(time.monotonic() + rng.uniform(0.03, 1.2))
            self.process.kill()
            self.process.wait()

    def run(self, rng):
        pushers = [Pusher(self) for _ in range(2)]
        for pusher in pushers:
            pusher.start()
        self.kill_over_and_over(rng)
        with self.lock:
            self.ended = True
            self.lock.notify_all()
        for pusher in pushers:
            pusher.join(120)
            if pusher.is_alive() or pusher.failure:
                sys.exit(f"FAILED: a push did not end well: {pusher.failure}")

    def caught_up(self):
        store = sqlite3.connect(f"file:{self.data}/state.db?mode=ro", uri=True)
        try:
            done = {(repository, digest) for repository, digest in
                    store.execute("SELECT repository, digest FROM images WHERE scan_state = 'complete'")}
            open_jobs = store.execute("SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')").fetchone()[0]
            return done.issuperset(self.images) and open_jobs == 0
        finally:
            store.close()

    def catch_up(self, seconds):
        """The last start: the registry repeats what was not taken, a poll finds the rest, and the jobs come to their ends."""
        self.start()
        self.serve_until(time.monotonic() + 10)
        token, subscription = os.environ["BULWARK_STORM_TOKEN"], os.environ["BULWARK_STORM_SUBSCRIPTION"]
        path = f"/subscriptions/{subscription}/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/demo"
        begin = time.monotonic()
        while not self.caught_up() and time.monotonic() < begin + seconds:
            time.sleep(0.1)
        status, answer = self.ask("POST", path + "/scan?api-version=2025-11-01", {}, token)
        assert status == 202, (status, answer)
        while not self.caught_up() and time.monotonic() < begin + seconds:
            time.sleep(0.1)
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            sys.exit(f"FAILED: the hub did not stop gracefully: {self.process.returncode}")
        return time.monotonic() - begin


class Check:
    """What must hold in the store of a hub that stands still."""

    def __init__(self, storm):
        self.storm, self.faults = storm, []
        self.store = sqlite3.connect(os.path.join(storm.data, "state.db"))

    def rows(self, sql, *parameters):
        return self.store.execute(sql, parameters).fetchall()

    def same(self, what, got, want):
        if got != want:
            self.faults.append(f"{what}: {got!r:.400} instead of {want!r:.400}")

    def database(self):
        self.same("integrity_check", self.rows("PRAGMA integrity_check"), [("ok",)])
        self.same("foreign_key_check", self.rows("PRAGMA foreign_key_check"), [])

    def images(self):
        pushed = self.storm.images
        rows = self.rows("SELECT repository, digest, scan_state, scan_error FROM images WHERE deleted_at = 0")
        self.same("images", sorted((row[0], row[1]) for row in rows), sorted(pushed))
        self.same("images that are not scanned", [row for row in rows if row[2] != "complete"], [])
        self.same("images without findings' set", self.rows("SELECT digest FROM images WHERE set_id IS NULL OR scanned_at = 0"), [])
        # "latest" was moved by each push, and back by deliveries that came late: the next poll says where it is.
        tags = {(repository, tag): digest for repository, tag, digest in
                self.rows("SELECT repository, tag, digest FROM tags WHERE tag <> 'latest'")}
        self.same("tags", tags, self.storm.tags)

    def assessments(self):
        rows = self.rows("SELECT resource_key, count(*) FROM assessments WHERE assessment_key = ? AND resource_type LIKE '%/images' "
                         "GROUP BY resource_key", KEY)
        self.same("assessments of images", len(rows), len(self.storm.images))
        self.same("assessments more than once", [row for row in rows if row[1] != 1], [])
        self.same("pending verdicts", self.rows("SELECT resource_key, cause FROM assessments WHERE assessment_key = ? AND "
                                                "status = 'NotApplicable'", KEY), [])

    def findings(self):
        of_variant = {}
        for (repository, digest), variant in self.storm.images.items():
            found = self.rows("SELECT f.finding_id, f.vulnerability, f.package FROM images i JOIN findings f ON f.set_id = i.set_id "
                              "WHERE i.repository = ? AND i.digest = ? ORDER BY 1", repository, digest)
            self.same(f"findings of {repository}@{digest}", found, of_variant.setdefault(variant, found))
            ids = [row[0] for row in found]
            self.same(f"findings of {digest} twice", len(ids), len(set(ids)))
        for variant, found in of_variant.items():
            packages = {package for _, vulnerability, package in found if vulnerability.startswith("CVE-")}
            self.same(f"packages with findings in variant {variant}", packages, {name for name, _ in PACKAGES[:variant]})
        self.same("changes of findings that never changed", self.rows("SELECT count(*) FROM set_changes"), [(0,)])
        self.same("resolved findings", self.rows("SELECT count(*) FROM resolved_findings"), [(0,)])

    def meter(self):
        digests = sorted({digest for _, digest in self.storm.images})
        self.same("metered digests", sorted(row[0] for row in self.rows("SELECT digest FROM metered_images")), digests)

    def jobs(self):
        self.same("open jobs", self.rows("SELECT kind, subject FROM jobs WHERE state IN ('queued', 'running')"), [])
        # A poll that ran alone at three kills is taken for what ends the process; the next one is due in a minute all the same.
        self.same("failed jobs", self.rows("SELECT kind, subject, error FROM jobs WHERE state = 'failed' AND NOT "
                                           "(kind = 'registry.poll' AND error LIKE 'the process ended 3 times%')"), [])

    def deliveries(self):
        kept = {row[0] for row in self.rows("SELECT event_id FROM registry_deliveries")}
        self.same("acknowledged deliveries that are lost", sorted(set(self.storm.acknowledged) - kept), [])

    def run(self):
        for part in (self.database, self.images, self.assessments, self.findings, self.meter, self.jobs, self.deliveries):
            part()
        runs = self.rows("SELECT sum(attempts), max(attempts) FROM jobs WHERE kind = 'image.scan'")[0]
        print(f"{runs[0]} runs of scan jobs for {len(self.storm.images)} images, at most {runs[1]} of one")
        for fault in self.faults:
            print("FAILED:", fault)
        return 1 if self.faults else 0


def main(data, hub, registry, kills, _, *command):
    seed = int(os.environ.get("BULWARK_STORM_SEED") or time.time_ns() % 1_000_000)
    print(f"seed {seed} (BULWARK_STORM_SEED={seed} repeats the run)", flush=True)
    storm = Storm(data, hub, registry, int(kills), command)
    begin = time.monotonic()
    try:
        storm.run(random.Random(seed))
        print(f"{kills} kills in {time.monotonic() - begin:.1f} s, {len(storm.images)} images pushed, "
              f"{len(storm.acknowledged)} deliveries acknowledged", flush=True)
        seconds = storm.catch_up(120)
    finally:
        if storm.process and storm.process.poll() is None:
            storm.process.kill()
    print(f"caught up in {seconds:.1f} s; the hub starts in {statistics.median(storm.start_times):.2f} s "
          f"(median of {len(storm.start_times)}, longest {max(storm.start_times):.2f} s)")
    return Check(storm).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
