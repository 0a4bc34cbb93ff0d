# SPDX-License-Identifier: Apache-2.0
"""Makes facts documents (src/benchmark/facts.hpp) of recorded Engine API answers: one folder a host.

usage: make_facts.py RECORDINGS_FOLDER OUT_FOLDER      (the six *.facts.json here were made so)
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHAPES = {}
for name, text in re.findall(r"std::string_view (k\w+Shape) =\s*((?:\"[^\"]*\"\s*)+);", (ROOT / "src/benchmark/shapes.cpp").read_text()):
    SHAPES[name] = "".join(re.findall(r'"([^"]*)"', text))
SECRET = re.compile(r"(\w*(?:password|passwd|secret|token|api_?key|access_key|secret_key|private_key|credentials|passphrase)=)(\S+)", re.I)


def parse(words):
    shape = {}
    while words:
        word = words.pop(0)
        if word == "}":
            return shape
        if word == "{":
            shape[last] = parse(words)
        else:
            shape[word], last = {}, word
    return shape


def keep(value, shape):
    if isinstance(shape, str):
        shape = parse(re.findall(r"[{}]|[^\s{}]+", SHAPES[shape]))
    if not shape:
        return value
    if isinstance(value, list):
        return [keep(item, shape) for item in value]
    if not isinstance(value, dict):
        return value
    if "*" in shape:
        return {name: keep(member, shape["*"]) for name, member in value.items()}
    return {name: keep(value[name], members) for name, members in shape.items() if name in value}


def reading(answer, shape=None):
    if isinstance(answer, dict) and set(answer) == {"status", "body"}:
        if answer["status"] != 200:
            return {"error": f"the engine answered {answer['status']}: {answer['body'].get('message', '')}"[:200]}
        answer = answer["body"]
    return {"value": keep(answer, shape) if shape else answer}


def short_command(line):
    words = line.split()
    return " ".join(words[:2] if len(words) > 1 and words[1].startswith("/") else words[:1])


def container(inspect, top):
    kept = keep(inspect, "kContainerShape")
    kept["Config"]["Labels"] = {name: label for name, label in (kept["Config"].get("Labels") or {}).items()
                                if name.startswith(("com.docker.swarm.", "com.docker.compose.", "io.kubernetes."))}
    if kept["Config"].get("Healthcheck"):
        kept["Config"]["Healthcheck"]["Test"] = kept["Config"]["Healthcheck"]["Test"][:1]
    out = {"id": kept["Id"], "inspect": {"value": kept}}
    processes = top.get(inspect["Name"])
    if processes and processes.get("Processes"):
        column = processes["Titles"].index("CMD")
        out["commands"] = {"value": [short_command(row[column]) for row in processes["Processes"]]}
    return out


def image(inspect, history):
    kept = keep(inspect, "kImageShape")
    kept["Config"]["Env"] = [re.sub("=.+", "=****", variable) for variable in kept["Config"].get("Env") or []]
    if kept["Config"].get("Healthcheck"):
        kept["Config"]["Healthcheck"]["Test"] = kept["Config"]["Healthcheck"]["Test"][:1]
    steps = [{"Created": step["Created"], "CreatedBy": SECRET.sub(r"\1****", step["CreatedBy"])} for step in history]
    return {"id": kept["Id"], "inspect": {"value": kept}, "history": {"value": steps}}


def groups(line):
    name, _, gid, members = line.split(":")
    return {"value": {name: {"gid": int(gid), "members": [member for member in members.split(",") if member]}}}


def facts(folder):
    def load(name):
        file = folder / f"{name}.json"
        return json.loads(file.read_text()) if file.exists() else None

    host, info = load("host-facts"), load("info")
    engine = {"socket": "/var/run/docker.sock", "version": reading(load("version"), "kVersionShape"), "info": reading(info, "kInfoShape")}
    if load("networks-inspect") is not None:
        engine["networks"] = reading(load("networks-inspect"), "kNetworkShape")
    for name, shape in {"swarm": "kSwarmShape", "nodes": "kNodeShape", "services": "kServiceShape", "secrets": "kSecretShape"}.items():
        if load(name) is not None and info["Swarm"]["ControlAvailable"]:
            engine[name] = reading(load(name), shape)
    document = {
        "schemaVersion": 1,
        "collectedAt": info["SystemTime"][:19] + "Z",
        "collector": "recorded",
        "host": {"name": folder.name, "os": info["OperatingSystem"], "kernel": info["KernelVersion"], "seLinux": "absent"},
        "engine": engine,
    }
    if load("containers-inspect") is not None:
        top = load("containers-top") or {}
        document["containers"] = {"value": [container(one, top) for one in load("containers-inspect")]}
    if load("images-inspect") is not None:
        history = load("images-history")
        document["images"] = {"value": [image(one, history[one["Id"]]) for one in load("images-inspect")]}
    daemon, config = host["dockerd"], host["daemon_json"]
    document["daemon"] = {"value": {"pid": daemon["pid"], "uid": daemon["uid"], "argv": daemon["cmdline"]}}
    document["daemonConfig"] = config and {"value": {"path": config["path"], "content": keep(config["content"], "kDaemonConfigShape")}}
    document["auditRules"] = {"value": {"source": "kernel", "rules": host["audit_rules"] or []}}
    points = [point for point in host["mountpoints"] if not re.match(r"/(mnt|srv|proc|sys|dev)(/|$)", point)]
    document["mounts"] = {"value": points}
    document["groups"] = groups(host["group_docker"])
    document["environment"] = {"value": {name: value for name, value in host["env"].items() if value is not None}}
    document["containerd"] = {"value": {"address": "/run/containerd/containerd.sock"}}
    document["files"] = host["files"]
    return document


def main():
    recordings, out = map(pathlib.Path, sys.argv[1:3])
    for folder in sorted(path for path in recordings.iterdir() if (path / "info.json").exists()):
        (out / f"{folder.name}.facts.json").write_text(json.dumps(facts(folder), indent=1) + "\n")


main()
