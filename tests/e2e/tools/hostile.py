# SPDX-License-Identifier: Apache-2.0
"""Feeds hostile images to `bulwark scan` and bounds what each may cost.

usage: hostile.py BULWARK WORK_DIR [NAME...]
       hostile.py make NAME DIR       writes one case; in a process of its own, because a child's peak memory counts its
                                      parent's at the time of the fork

Every case is an OCI layout with one odd layer. It must end by itself with an exit code of its list, say its word on standard
error, stay under its seconds and its MiB, and never by a signal.
"""
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib

CASES = {}


def case(exits, word="", seconds=10, mebibytes=200):
    def register(function):
        CASES[function.__name__] = (function, exits, word, seconds, mebibytes)
        return function
    return register


def tar_bytes(*members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def links(*pairs):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, target in pairs:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
    return buffer.getvalue()


def packed(*chunks, level=6):
    """gzip of chunks that need not fit in memory, and the digest of what is inside."""
    packer, digest, out = zlib.compressobj(level, zlib.DEFLATED, 31), hashlib.sha256(), []
    for chunk in chunks:
        digest.update(chunk)
        out.append(packer.compress(chunk))
    out.append(packer.flush())
    return b"".join(out), "sha256:" + digest.hexdigest()


STATUS = (b"Package: app\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n")
OS_RELEASE = b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n'
GOOD = tar_bytes(("etc/os-release", OS_RELEASE), ("var/lib/dpkg/status", STATUS))


def header(name, size, kind=b"0"):
    info = tarfile.TarInfo(name)
    info.size = size
    raw = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    raw[156:157] = kind
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw)
    return bytes(raw)


@case({1, 4}, "layer")
def truncated_gzip():
    blob, diff = packed(GOOD)
    return blob[:-20], diff


@case({1, 4}, "layer")
def truncated_tar():
    return packed(GOOD[:530])


@case({1, 4}, "sha256:")
def wrong_diff_id():
    return packed(GOOD)[0], "sha256:" + "0" * 64


@case({1, 4}, "sha256:")
def wrong_blob_digest():
    blob, diff = packed(GOOD)
    return blob, diff, "sha256:" + "1" * 64


@case({1, 4}, "layer")
def not_a_tar():
    return packed(os.urandom(100_000))


@case({1, 4}, "bomb", seconds=60, mebibytes=120)
def gzip_bomb_of_zeros():
    zeros = bytes(1 << 20)
    return packed(header("big", 2 << 30), *(zeros for _ in range(2 * 1024)), level=9)


@case({1, 4}, "bomb", seconds=60, mebibytes=120)
def wanted_file_that_is_a_bomb():
    size = 2 << 30
    zeros = bytes(1 << 20)
    return packed(GOOD[:-1024], header("opt/app/node_modules/x/package.json", size), *(zeros for _ in range(size >> 20)),
                  bytes(1024))


@case({0, 4}, "", seconds=5)
def sparse_file_of_10_gib():
    def pax(key, value):
        body = f" {key}={value}\n"
        length = len(body) + len(str(len(body)))
        while len(str(length)) + len(body) != length:
            length += 1
        return f"{length}{body}"
    records = pax("GNU.sparse.major", 1) + pax("GNU.sparse.minor", 0) + pax("GNU.sparse.name", "var/lib/rpm/Packages")
    records += pax("GNU.sparse.realsize", 10 << 30)
    data = records.encode()
    extended = header("pax", len(data), b"x") + data.ljust(512 * (-(-len(data) // 512)), b"\0")
    sparse_map = b"0\n".ljust(512, b"\0")
    return packed(GOOD[:-1024], extended, header("GNUSparseFile.0/x", 512), sparse_map, bytes(1024))


@case({0, 1, 4}, "", seconds=20)
def folders_a_million_deep():
    name = "a/" * 1_000_000 + "package.json"
    return packed(tar_bytes((name, b"{}"), ("var/lib/dpkg/status", STATUS)))


@case({0}, "", seconds=60, mebibytes=300)
def three_million_empty_files():
    def chunks():
        template = bytearray(header("f00000000", 0))
        plain = sum(template[:148]) + sum(template[156:]) + 8 * 32
        base = plain - sum(template[0:9])
        block = []
        for number in range(3_000_000):
            name = b"f%08d" % number
            template[0:9] = name
            template[148:156] = b"%06o\0 " % (base + sum(name))
            block.append(bytes(template))
            if len(block) == 20_000:
                yield b"".join(block)
                block.clear()
        yield GOOD
    return packed(*chunks(), level=1)


@case({0}, "")
def names_that_climb_out():
    return packed(tar_bytes(("../../../../etc/passwd", b"x"), ("/etc/os-release", OS_RELEASE),
                            ("a/../../var/lib/dpkg/status", STATUS)))


@case({0}, "")
def symlink_loops():
    return packed(links(("a", "b"), ("b", "a"), ("etc/os-release", "../usr/lib/os-release"), ("usr/lib/os-release", "../../etc/os-release"),
                        ("var/lib", "../var/lib"))[:-1024] + GOOD)


@case({0, 4}, "", seconds=30)
def jars_without_end():
    jar = b""
    for depth in range(400):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.jar", jar)
            archive.writestr("META-INF/maven/g/a/pom.properties", f"groupId=g\nartifactId=a{depth}\nversion=1\n")
        jar = buffer.getvalue()
    return packed(tar_bytes(("app.jar", jar)))


@case({0, 4}, "", seconds=30, mebibytes=500)
def jar_that_is_a_bomb():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/MANIFEST.MF", bytes(64 << 20))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(200):
            archive.writestr(f"{number}.jar", inner.getvalue())
    return packed(tar_bytes(("app.jar", outer.getvalue())))


@case({4}, "var/lib/rpm/Packages")
def broken_package_databases():
    noise = os.urandom(50_000)
    return packed(tar_bytes(("etc/os-release", OS_RELEASE), ("var/lib/dpkg/status", noise), ("lib/apk/db/installed", noise),
                            ("var/lib/rpm/rpmdb.sqlite", b"SQLite format 3\0" + noise), ("var/lib/rpm/Packages", noise),
                            ("var/lib/rpm/Packages.db", b"RpmP" + noise),
                            ("srv/node_modules/a/package.json", b"[" * 100_000),
                            ("usr/lib/python3/dist-packages/a-1.dist-info/METADATA", noise), ("a.jar", b"PK\3\4" + noise),
                            ("usr/bin/x", b"\x7fELF" + noise)))


def write_layout(folder, blob, diff_id, digest=None):
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def put(data, name=None):
        name = name or hashlib.sha256(data).hexdigest()
        (blobs / name).write_bytes(data)
        return {"digest": "sha256:" + name, "size": len(data)}

    layer = put(blob, digest and digest.split(":")[1])
    config = put(json.dumps({"architecture": "amd64", "os": "linux",
                             "rootfs": {"type": "layers", "diff_ids": [diff_id]}}).encode())
    manifest = put(json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **layer}]}).encode())
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [
        {"mediaType": "application/vnd.oci.image.manifest.v1+json", **manifest}]}))


def run(bulwark, folder):
    """Exit code, seconds, peak MiB, standard error of one scan."""
    begin = time.monotonic()
    process = subprocess.Popen([bulwark, "scan", "--no-cache", "-f", f"json={folder}/report.json", f"oci:{folder}"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), time.monotonic() - begin, usage.ru_maxrss / 1024, errors


def main():
    if sys.argv[1] == "make":
        write_layout(pathlib.Path(sys.argv[3]), *CASES[sys.argv[2]][0]())
        return
    bulwark, work, *names = sys.argv[1:]
    failed = 0
    for name in names or CASES:
        _, exits, word, seconds, mebibytes = CASES[name]
        folder = pathlib.Path(work) / name
        subprocess.run([sys.executable, __file__, "make", name, folder], check=True)
        code, took, peak, errors = run(bulwark, folder)
        faults = []
        if code not in exits:
            faults.append(f"exit {code}, not one of {sorted(exits)}")
        if word not in errors:
            faults.append(f"standard error lacks '{word}'")
        if code != 0 and not errors.strip():
            faults.append("no message")
        if took > seconds:
            faults.append(f"took {took:.1f} s, more than {seconds}")
        if peak > mebibytes:
            faults.append(f"took {peak:.0f} MiB, more than {mebibytes}")
        print(f"{name}: exit {code}, {took:.2f} s, {peak:.0f} MiB" + (" FAILED: " + "; ".join(faults) if faults else ""))
        if faults:
            print(errors[:2000])
        failed += bool(faults)
        subprocess.run(["rm", "-rf", folder], check=True)
    sys.exit(1 if failed else 0)


main()
