# SPDX-License-Identifier: Apache-2.0
"""Writes an OCI layout of a Debian 12 image whose dpkg database names the given packages, and that is otherwise in order.

usage: debian_image.py LAYOUT_DIR PLATFORM:NAME=VERSION[,NAME=VERSION...]...      the tag is `latest`

Of several platforms it writes an index.
"""
import gzip
import hashlib
import io
import json
import pathlib
import sys
import tarfile
import time

OS_RELEASE = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def status_of(package):
    name, version = package.split("=")
    return (f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n"
            f"Maintainer: Nobody <nobody@example.com>\nDescription: {name}\n\n")


def layer_of(packages):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in (("etc/os-release", OS_RELEASE), ("var/lib/dpkg/status", "".join(map(status_of, packages)))):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def main(layout, *specifications):
    layout = pathlib.Path(layout)
    blobs = layout / "blobs" / "sha256"
    blobs.mkdir(parents=True, exist_ok=True)

    def put(content, media_type):
        content = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
        digest = digest_of(content)
        (blobs / digest[7:]).write_bytes(content)
        return {"mediaType": media_type, "digest": digest, "size": len(content)}

    def put_image(specification):
        platform, packages = specification.split(":")
        system, architecture = platform.split("/")
        tar = layer_of(packages.split(","))
        config = {"created": time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime()), "os": system, "architecture": architecture,
                  "config": {"User": "1000", "Cmd": ["/bin/true"], "Healthcheck": {"Test": ["CMD", "/bin/true"]},
                             "Labels": {"org.opencontainers.image.base.name": "debian:12",
                                        "org.opencontainers.image.base.digest": digest_of(b"base")}},
                  "rootfs": {"type": "layers", "diff_ids": [digest_of(tar)]}, "history": [{"created_by": "COPY . /"}]}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST,
                    "config": put(config, "application/vnd.oci.image.config.v1+json"),
                    "layers": [put(gzip.compress(tar, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip")]}
        return {**put(manifest, MANIFEST), "platform": {"os": system, "architecture": architecture}}

    images = [put_image(specification) for specification in specifications]
    top = images[0] if len(images) == 1 else put({"schemaVersion": 2, "mediaType": INDEX, "manifests": images}, INDEX)
    top["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
    (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [top]}))
    (layout / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')


if len(sys.argv) < 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
