# SPDX-License-Identifier: Apache-2.0
"""Writes an OCI layout of an image that has something of everything for `bulwark scan` to find.

usage: checked_image.py DIR      the tag is `odd`

Strings that scanners look for are put together from parts, so that no file of the repository holds one whole.
"""
import gzip
import hashlib
import io
import json
import pathlib
import sys
import tarfile

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-ANTIVIRUS" + "-TEST-FILE!$H+H*"
TOKEN = "npm" + "_q7Tz1WdkL0aVbE5yRxPm3HsJ8uNcG2fiYoK4"
NPMRC = "//registry.npmjs.org/:_auth" + f"Token={TOKEN}\n"


def layer(*members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text, mode in members:
            info = tarfile.TarInfo(name)
            content = text.encode()
            info.size, info.mode = len(content), mode
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def main(folder):
    layers = [layer(("etc/os-release", 'ID=debian\nVERSION_ID="12"\n', 0o644), ("root/.npmrc", NPMRC, 0o600),
                    ("srv/notes.txt", EICAR, 0o644), ("srv/gone.txt", EICAR, 0o644)),
              layer(("opt/tool", "#!/bin/sh\n", 0o4755), ("srv/.wh.gone.txt", "", 0o644), ("etc/app.conf", NPMRC, 0o644)),
              layer(("etc/.wh.app.conf", "", 0o644))]
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def put(content, media_type):
        name = digest(content)
        (blobs / name[7:]).write_bytes(content)
        return {"mediaType": media_type, "digest": name, "size": len(content)}

    config = {"architecture": "amd64", "os": "linux", "config": {"Env": ["DB_PASSWORD=hunter2hunter2"]},
              "rootfs": {"type": "layers", "diff_ids": [digest(tar) for tar in layers]},
              "history": [{"created_by": "COPY . /"}] * len(layers)}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": put(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"),
                "layers": [put(gzip.compress(tar, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip") for tar in layers]}
    entry = put(json.dumps(manifest).encode(), manifest["mediaType"])
    entry["annotations"] = {"org.opencontainers.image.ref.name": "odd"}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')


main(pathlib.Path(sys.argv[1]))
