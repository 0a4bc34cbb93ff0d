# SPDX-License-Identifier: Apache-2.0
"""What the benchmark scripts share: programs that are started and timed, and the report."""
import http.cookiejar
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BULWARK = ROOT / "build" / "release" / "bulwark"


def timed(command, **options):
    """Seconds, peak MiB and exit code of a command."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    return time.monotonic() - begin, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"{what} within {seconds} s: no")
        time.sleep(0.005)


def answers(url):
    try:
        urllib.request.urlopen(url).close()
        return True
    except OSError:
        return False


class Hub:
    """A hub of the release build, with its state in `folder`; `configuration` is YAML."""

    def __init__(self, folder, configuration="registries: []\n"):
        self.folder, self.port = folder, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.configuration = folder.parent / f"{folder.name}.yaml"
        self.configuration.write_text(configuration)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.token = None

    def start(self):
        self.log = open(self.folder.parent / f"{self.folder.name}.log", "w+")
        command = [BULWARK, "hub", "--data", self.folder, "--listen", f"127.0.0.1:{self.port}", "--refresh-hours", "0", "--own-machine", "no", "--config", self.configuration]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        wait_for(lambda: answers(f"{self.base}/readyz"), 30, "the hub answers")
        if self.token is None:
            self.sign_in()

    def sign_in(self):
        def link():
            return re.search(r"welcome#(\S+)\n", pathlib.Path(self.log.name).read_text())
        wait_for(link, 10, "the hub prints its sign-in link")
        session = self.call("POST", "/api/v1/links", {"token": link().group(1), "password": "a-long-enough-passphrase"})
        token = self.call("POST", "/api/v1/tokens", {"name": "bench", "days": 1, "scope": "/", "actions": []}, {"X-CSRF-Token": session["csrf"]})
        self.subscription, self.user, self.token = session["subscriptionId"], session["user"]["id"], token["secret"]

    def call(self, method, path, body=None, headers=None):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, method=method, data=data, headers={"Content-Type": "application/json", **(headers or {})})
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with self.opener.open(request) as answer:
            return json.loads(answer.read() or b"null")

    def anonymous_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status).group(1)) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def start_registry(folder, notifications=""):
    """Debian's docker-registry on a free port; `notifications` is YAML for its configuration."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    config = folder / "registry.yml"
    config.write_text(f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
                      f"storage: {{filesystem: {{rootdirectory: {folder}/registry}}, delete: {{enabled: true}}}}\n"
                      f"http: {{addr: '127.0.0.1:{port}'}}\n{notifications}")
    process = subprocess.Popen(["docker-registry", "serve", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: answers(f"http://127.0.0.1:{port}/v2/"), 15, "docker-registry answers")
    return process, port


def push(layout, tag, image):
    subprocess.run(["skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", f"oci:{layout}:{tag}",
                    f"docker://{image}"], check=True)


def one_layer_layout(folder, tar_file, tag):
    subprocess.run([sys.executable, ROOT / "scripts" / "make_image.py", folder, tag, "1767225600", tar_file], check=True)


def build_program(name):
    """A program of this folder, in the preset bench."""
    subprocess.run(["cmake", "--preset", "bench"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", "build/bench", f"bench_{name}"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return ROOT / "build" / "bench" / "bench" / f"bench_{name}"


class Report:
    def __init__(self):
        self.rows = []

    def add(self, what, measured, bar, holds):
        self.rows.append((what, measured, bar, "holds" if holds else "MISSED"))
        print(f"{what}: {measured} (bar: {bar}) {'holds' if holds else 'MISSED'}", flush=True)

    def write(self, section, command):
        """Into its place in bench/README.md."""
        readme = ROOT / "bench" / "README.md"
        head, _, rest = readme.read_text().partition(f"<!-- {section} -->\n")
        _, _, tail = rest.partition(f"<!-- /{section} -->\n")
        stamp = f"Measured {time.strftime('%Y-%m-%d')} on {os.cpu_count()} cores with `{command}`.\n\n"
        lines = ["| what | measured | bar | |", "|---|---|---|---|"] + ["| " + " | ".join(row) + " |" for row in self.rows]
        readme.write_text(f"{head}<!-- {section} -->\n{stamp}" + "\n".join(lines) + f"\n<!-- /{section} -->\n{tail}")
