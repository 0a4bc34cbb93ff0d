# SPDX-License-Identifier: Apache-2.0
"""Images of a few hundred bytes, made in memory. The same files give the same digests."""
import gzip
import hashlib
import io
import json
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer(files):
    """The compressed layer, and the digest of what is inside."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content.encode()))
    return gzip.compress(buffer.getvalue(), mtime=0), digest_of(buffer.getvalue())


def package_file(name, version):
    return f"srv/node_modules/{name}/package.json", json.dumps({"name": name, "version": version})


class Image:
    """blobs: the config, then the layers."""

    def __init__(self, *layers):
        config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/srv"]},
                             "rootfs": {"type": "layers", "diff_ids": [diff_id for _, diff_id in layers]}}).encode()
        self.blobs = [config] + [data for data, _ in layers]
        described = [{"digest": digest_of(blob), "size": len(blob)} for blob in self.blobs]
        self.manifest = json.dumps({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": {"mediaType": CONFIG, **described[0]},
            "layers": [{"mediaType": LAYER, **one} for one in described[1:]]}).encode()
        self.digest = digest_of(self.manifest)
