# SPDX-License-Identifier: Apache-2.0
"""Writes an OCI image layout from tar files, one layer each, lowest first.

usage: make_image.py [--config FILE] LAYOUT_DIR TAG CREATED_EPOCH LAYER.tar...

FILE holds the JSON of the configuration's "config": user, labels, health check. Layers are compressed with igzip where it is
installed, else with gzip. The same input gives the same digests.
"""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import time


def put_blob(layout, data):
    digest = hashlib.sha256(data).hexdigest()
    (layout / "blobs" / "sha256" / digest).write_bytes(data)
    return {"digest": "sha256:" + digest, "size": len(data)}


def compress(data):
    tool = ["igzip", "-2", "-c"] if shutil.which("igzip") else ["gzip", "-n", "-1", "-c"]
    return subprocess.run(tool, input=data, stdout=subprocess.PIPE, check=True).stdout


def put_json(layout, document):
    return put_blob(layout, json.dumps(document, separators=(",", ":"), sort_keys=True).encode())


def main(configuration, layout, tag, epoch, *tars):
    layout = pathlib.Path(layout)
    shutil.rmtree(layout, ignore_errors=True)
    (layout / "blobs" / "sha256").mkdir(parents=True)
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(epoch)))
    layers, diff_ids, history = [], [], []
    for tar in tars:
        data = pathlib.Path(tar).read_bytes()
        diff_ids.append("sha256:" + hashlib.sha256(data).hexdigest())
        layers.append({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **put_blob(layout, compress(data))})
        history.append({"created": created, "created_by": "ADD " + pathlib.Path(tar).name})
    config = put_json(layout, {
        "created": created, "architecture": "amd64", "os": "linux", "config": configuration,
        "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": history})
    manifest = put_json(layout, {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config}, "layers": layers})
    (layout / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (layout / "index.json").write_text(json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json", **manifest,
                       "annotations": {"org.opencontainers.image.ref.name": tag}}]}))


arguments, configuration = sys.argv[1:], {"Cmd": ["/bin/sh"]}
if arguments[:1] == ["--config"]:
    configuration = json.loads(pathlib.Path(arguments[1]).read_text())
    arguments = arguments[2:]
if len(arguments) < 4:
    sys.exit(__doc__)
main(configuration, *arguments)
