# SPDX-License-Identifier: Apache-2.0
# host-reader: a user without rights sees, through it, the facts that root sees, and nothing else. The reader runs with the
# capabilities that its unit leaves it, and without a network. A real Docker daemon, files of root's alone.
if [ -z "${BULWARK_READER_NAMESPACE:-}" ] && [ "$(id -u)" = 0 ]; then
  BULWARK_READER_NAMESPACE=1 exec unshare -m --propagation private bash "$0"
fi
. "$(dirname "$0")/lib.sh"
need dockerd
need docker
need c++
[ "$(id -u)" = 0 ] || skip "starting dockerd needs root"
unit=packaging/systemd/bulwark-host-reader.service

cp -a /etc "$work/etc"
mount --bind "$work/etc" /etc
mount -t tmpfs tmpfs /run
chmod 0711 "$work"
mkdir -p /etc/docker/certs.d/reg.example:5000 "$work/docker" "$work/image"
echo '{"icc": false, "log-level": "info", "log-opts": {"max-size": "7m"}}' >/etc/docker/daemon.json
echo ca >/etc/docker/certs.d/reg.example:5000/ca.crt
chmod 0600 /etc/docker/daemon.json /etc/docker/certs.d/reg.example:5000/ca.crt
chmod 0700 /etc/docker
printf 'DOCKER_CONTENT_TRUST=1\nPASSWORD=hunter2\n' >/etc/environment
chmod 0600 /etc/environment

export DOCKER_HOST=unix:///run/docker.sock
unshare -n sh -c 'ip link set lo up; exec dockerd "$@"' dockerd --data-root "$work/docker/data" --exec-root "$work/docker/exec" -p /run/docker.pid \
  --storage-driver vfs -H unix:///run/docker.sock -H tcp://127.0.0.1:2375 >"$work/docker/log" 2>&1 &
daemon=$!
at_end 'docker ps -aq | xargs -r docker rm -f >"$work/docker/rm" 2>&1; kill $daemon; wait $daemon'
at_end "umount -l /etc; umount -l /run"
wait_for 40 docker version || { tail -5 "$work/docker/log"; skip "dockerd does not start on this machine"; }
echo 'int pause(void); int main(void) { for (;;) pause(); }' >"$work/pause.c"
c++ -x c -static -o "$work/image/pause" "$work/pause.c"
tar -C "$work/image" -c . | docker import --change 'CMD ["/pause"]' - bench/pause >"$work/docker/import"
docker run -d --name web --network none -e TOKEN=hunter2 bench/pause /pause /with --password=hunter2 >"$work/docker/run"
docker create --name stopped bench/pause >>"$work/docker/run"

# Capabilities of the unit: "CAP_DAC_READ_SEARCH CAP_SYS_PTRACE" → "-all,+dac_read_search,+sys_ptrace".
capabilities=$(sed -n 's/^CapabilityBoundingSet=//p' "$unit" | tr 'A-Z' 'a-z' | sed 's/cap_/+/g; s/ /,/g')
reader=/run/bulwark-reader.sock
start_reader() {
  python3 tests/e2e/tools/hand_over_socket.py "$reader" nogroup unshare -n setpriv --bounding-set="-all,$capabilities" --inh-caps=-all \
    --no-new-privs "$BULWARK" host-reader --user nobody >"$work/reader.log" 2>&1 &
  reader_pid=$!
  wait_for 20 grep -q ready "$work/reader.log" || { cat "$work/reader.log" >&2; fail "the host reader did not start"; }
}
start_reader
at_end 'kill $reader_pid'
as_nobody() { setpriv --reuid nobody --regid nogroup --clear-groups env -u DOCKER_HOST BULWARK_CACHE_DIR=/nowhere "$@"; }
mkdir -m 0777 "$work/nobody"

# The same facts, to the letter.
audit_through() { as_nobody "$BULWARK" audit --reader "$reader" --save-facts "$work/nobody/$1.facts" --format "json=$work/nobody/$1.json" --allow-partial; }
"$BULWARK" audit --save-facts "$work/root.facts" --format "json=$work/root.json" --allow-partial
audit_through agent
python3 - "$work/root.facts" "$work/nobody/agent.facts" <<'EOF'
import json, sys
root, agent = (json.load(open(name)) for name in sys.argv[1:])
for facts in (root, agent):
    del facts["collectedAt"]
assert len(root["containers"]["value"]) == 2, root["containers"]
assert root["files"]["/etc/docker/certs.d/reg.example:5000/ca.crt"]["mode"] == "0600"
assert root["daemonConfig"]["value"]["content"]["icc"] is False
assert root["daemon"]["value"]["listeners"] == [{"address": "127.0.0.1", "port": 2375}], root["daemon"]

def compare(path, one, other):
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            compare(f"{path}.{name}", one.get(name), other.get(name))
    elif isinstance(one, list) and isinstance(other, list) and path.endswith("networks.value"):  # the engine shuffles them
        by_id = lambda network: network["Id"]
        assert sorted(one, key=by_id) == sorted(other, key=by_id), path
    else:
        assert one == other, f"{path}: {one} is not {other}"

compare("facts", root, agent)
EOF
as_nobody cat /etc/docker/daemon.json 2>"$work/err" && fail "the test shows nothing: everybody may read daemon.json"

# What it says of itself on the wire: no secret, nothing but the list.
ask() { as_nobody /usr/bin/python3 tests/e2e/tools/ask_reader.py "$reader" "$@"; }
ask get /containers/web/json >"$work/web.json"
grep -q '"Name":"/web"' "$work/web.json" || { cat "$work/web.json"; fail "the container cannot be looked at"; }
ask read "/proc/$(docker inspect -f '{{.State.Pid}}' web)/cmdline" >"$work/cmdline"
grep -q /with "$work/cmdline" || fail "the command line was not read"
ask read /etc/environment >"$work/environment"
for answer in web.json cmdline environment; do ! grep -q hunter2 "$work/$answer" || fail "$answer tells a secret"; done
ln -s /etc/shadow /etc/audit/rules.d/shadow.rules 2>/dev/null || { mkdir -p /etc/audit/rules.d && ln -s /etc/shadow /etc/audit/rules.d/shadow.rules; }
for refused in "read /etc/shadow" "read /etc/audit/rules.d/shadow.rules" "read /etc/docker/certs.d/reg.example:5000/ca.crt" "read /proc/1/environ" \
  "read /etc/docker/../shadow" "stat /etc/shadow" "list /etc/docker" "link /proc/1/cwd" "get /containers/web/logs?stdout=1" \
  "get /containers/web/export" "get /containers/web%2fjson" "get /../info" "follow /containers/web/attach"; do
  # shellcheck disable=SC2086
  ask $refused >"$work/out" && fail "the host reader answers: $refused"
  grep -q '"denied"' "$work/out" || { cat "$work/out"; fail "not denied: $refused"; }
done
setpriv --reuid 12345 --regid nogroup --clear-groups /usr/bin/python3 tests/e2e/tools/ask_reader.py "$reader" read /etc/group >"$work/out" && fail "a stranger is answered"
grep -q '"denied"' "$work/out" || fail "a stranger is not told why"

# A local image, as a stream.
ask follow "/images/$(docker image inspect -f '{{.Id}}' bench/pause)/get" >"$work/image.tar"
tar -tf "$work/image.tar" | grep -q manifest.json || fail "the image's archive did not come whole"

# A reader that went away is an error, and one that came back is found.
kill "$reader_pid"; wait "$reader_pid" || true
expect_exit 4 as_nobody "$BULWARK" audit --reader "$reader" --format "json=$work/nobody/gone.json"
python3 - "$work/nobody/gone.json" <<'EOF'
import json, sys
results = json.load(open(sys.argv[1]))["results"]
assert not [r["id"] for r in results if r["status"] in ("pass", "fail")], "verdicts without facts"
EOF
start_reader
audit_through back
