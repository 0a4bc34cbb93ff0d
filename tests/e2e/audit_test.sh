# SPDX-License-Identifier: Apache-2.0
# audit: a real Docker daemon with good and bad containers, and engines that hang, lie or may not be asked. Files of the host
# are changed in a mount namespace of this test's own; the daemon has its own network namespace.
if [ -z "${BULWARK_AUDIT_NAMESPACE:-}" ] && [ "$(id -u)" = 0 ]; then
  BULWARK_AUDIT_NAMESPACE=1 exec unshare -m --propagation private bash "$0"
fi
. "$(dirname "$0")/lib.sh"
need dockerd
need docker
need c++
[ "$(id -u)" = 0 ] || skip "starting dockerd needs root"

watched=()
unwatch() {
  local folder
  for folder in "${watched[@]:-}"; do [ -z "$folder" ] || python3 tests/e2e/tools/audit_watch.py remove "$folder"; done
  watched=()
}
at_end unwatch

cp -a /etc "$work/etc"
mount --bind "$work/etc" /etc
mount -t tmpfs tmpfs /run
at_end "umount -l /etc; umount -l /run"
mkdir -p /etc/docker /etc/default /etc/sysconfig /etc/systemd/system "$work/docker" "$work/image"
data=$work/docker/data
socket=/run/docker.sock
export DOCKER_HOST=unix://$socket
unset DOCKER_CONTENT_TRUST

docker_answers() { docker version >"$work/docker/version" 2>&1; }
start_daemon() {
  unshare -n sh -c 'ip link set lo up; exec dockerd "$@"' dockerd --data-root "$data" --exec-root "$work/docker/exec" -p "$work/docker/pid" --storage-driver vfs \
    >"$work/docker/log" 2>&1 &
  daemon=$!
  wait_for 40 docker_answers || { tail -5 "$work/docker/log"; skip "dockerd does not start on this machine"; }
  chgrp "$(getent group docker | cut -d: -f3)" "$socket"
}
# Containers of a daemon with live restore outlive it.
stop_daemon() {
  [ -n "${daemon:-}" ] || return 0
  docker ps -aq | xargs -r docker rm -f >"$work/docker/rm" 2>&1 || true
  kill "$daemon" && wait "$daemon" || true
  daemon=
}
at_end 'stop_daemon'
audit() { "$BULWARK" audit --host "$socket" --format "json=$work/report.json" "$@"; }
expect() { audit --allow-partial "${options[@]}"; python3 tests/e2e/tools/audit_report.py "$work/report.json" "$@" || fail "wrong verdicts"; }
options=()

# Nothing runs here.
unshare -p --fork --mount-proc env -u DOCKER_HOST "$BULWARK" audit --format "json=$work/none.json"
python3 - "$work/none.json" <<'EOF'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["host"]["engine"] == "none", report["host"]
assert len(report["results"]) == 117 and {r["status"] for r in report["results"]} == {"notApplicable"}
EOF

# One program, asleep for ever; as root it could be anything.
echo 'int pause(void); int main(void) { for (;;) pause(); }' >"$work/pause.c"
c++ -x c -static -o "$work/image/pause" "$work/pause.c"
cp "$work/image/pause" "$work/image/sshd"
import_image() { tar -C "$work/image" -c . | docker import --change 'CMD ["/pause"]' "${@:2}" - "$1" >"$work/docker/import"; }

# What is wrong with a daemon and its files.
cat >/etc/docker/daemon.json <<EOF
{"hosts": ["unix://$socket", "tcp://0.0.0.0:2375"], "log-level": "debug", "insecure-registries": ["reg.example:5000", "10.0.0.0/8"],
 "experimental": true, "cgroup-parent": "/bulwark-test"}
EOF
bad_files="/etc/docker/daemon.json /etc/default/docker /etc/sysconfig/docker /etc/systemd/system/docker.service /etc/systemd/system/docker.socket"
touch $bad_files
mkdir -p /etc/docker/certs.d/reg.example && cp /etc/hostname /etc/docker/certs.d/reg.example/ca.crt
chown -R 65534:65534 /etc/docker $bad_files
chmod 0666 $bad_files && chmod 0777 /etc/docker && chmod 0602 /etc/docker/daemon.json && chmod 0446 /etc/docker/certs.d/reg.example/ca.crt
start_daemon
chmod 0666 "$socket"
import_image test/bad:1 --change 'ENV DB_PASSWORD=hunter2'
run() { docker run -d "${@:2}" --name "$1" test/bad:1 >"$work/docker/run"; }
run defaults
run hostnet --network host
run hostpid --pid host
run hostipc --ipc host
run hostuts --uts host
run etc -v /etc/ssl:/h
run socket -v "$socket:/s"
run caps --cap-add SYS_ADMIN
run unconfined --security-opt seccomp=unconfined
run port80 -p 80:80
run port-v6 -p '[::1]:443:80'
run restarts --restart always
run device --device /dev/null
run nnp --security-opt no-new-privileges:false
run parent --cgroup-parent /elsewhere
docker run -d --name sshd test/bad:1 /sshd >"$work/docker/run"
docker create --name privileged --privileged test/bad:1 >"$work/docker/run"
docker create --name propagation --mount type=bind,src=/srv,dst=/h,bind-propagation=shared test/bad:1 >"$work/docker/run"
run executed
docker exec -d -u 0 executed /pause
docker swarm init --advertise-addr 127.0.0.1 >"$work/docker/swarm"
docker network create --driver overlay plain >"$work/docker/network"

expect 1.1.1=fail 1.1.3=fail 1.1.5=fail 1.1.6=fail 1.1.11=fail 2.1=fail 2.2=fail 2.3=fail 2.5=fail 2.7=fail 2.8=manual 2.9=fail \
  2.10=fail 2.12=fail 2.13=fail 2.14=fail 2.15=notApplicable 2.16=fail 2.17=pass 2.18=fail \
  3.1=fail 3.2=fail 3.3=fail 3.4=fail 3.5=fail 3.6=fail 3.7=fail 3.8=fail 3.16=fail 3.17=fail 3.18=fail 3.19=fail 3.20=fail 3.21=fail 3.22=fail \
  4.1:defaults=fail 4.5=fail 4.6:test/bad:1=fail 4.10:test/bad:1=fail 5.1=fail 5.4:caps=fail 5.4:defaults=pass 5.4:privileged=fail \
  5.5:privileged=fail 5.6:etc=fail 5.7:sshd=fail 5.7:hostpid=pass 5.8:port80=fail 5.8:port-v6=fail 5.10:hostnet=fail 5.11:defaults=fail \
  5.12:defaults=fail 5.13:defaults=fail 5.14:port80=fail 5.14:port-v6=pass 5.15:restarts=fail 5.16:hostpid=fail 5.17:hostipc=fail \
  5.18:device=manual 5.20:propagation=fail 5.21:hostuts=fail 5.22:unconfined=fail 5.22:defaults=pass 5.24:executed=fail 5.25:parent=fail \
  5.26:nnp=fail 5.26:defaults=fail 5.27:defaults=fail 5.29:defaults=fail 5.30:defaults=fail 5.32:socket=fail 5.32:defaults=pass \
  7.1=pass 7.2=fail 7.3:plain=fail 7.4=manual 7.5=fail 7.7=fail
if grep -q hunter2 "$work/report.json"; then fail "the report tells a secret"; fi

# The same Swarm, as it should be.
docker network rm plain >"$work/docker/network"
docker swarm leave --force >"$work/docker/swarm"
docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 --autolock --cert-expiry 48h >"$work/docker/swarm"
docker network create --driver overlay --opt encrypted sealed >"$work/docker/network"
echo secret | docker secret create one - >"$work/docker/secret"
expect 7.1=pass 7.2=pass 7.3=pass 7.4=pass 7.5=pass 7.7=pass
docker swarm leave --force >"$work/docker/swarm"

# Facts saved here are judged the same anywhere, hold no secret, and are for their owner alone.
audit --allow-partial --save-facts "$work/facts.json"
"$BULWARK" audit --facts "$work/facts.json" --allow-partial --format "json=$work/replayed.json"
cmp "$work/report.json" "$work/replayed.json" || fail "a replay of saved facts says something else"
[ "$(stat -c %a "$work/facts.json")" = 600 ] || fail "others may read the facts"
if grep -q hunter2 "$work/facts.json"; then fail "the facts hold a secret"; fi
expect_exit 2 "$BULWARK" audit --host "$socket" --check 5.5 --fail-on critical
expect_exit 0 "$BULWARK" audit --host "$socket" --check 5.5 --skip 5.5 --fail-on critical
expect_exit 3 "$BULWARK" audit --check 9.9
expect_err "9.9"
"$BULWARK" audit --facts "$work/facts.json" --allow-partial --format "junit=$work/junit.xml" --format "sarif=$work/report.sarif"
python3 -c "import sys, xml.etree.ElementTree as e; suites = e.parse(sys.argv[1]).getroot(); assert sum(int(s.get('tests')) for s in suites) == 117" "$work/junit.xml"
python3 -c "import json, sys; run = json.load(open(sys.argv[1]))['runs'][0]; assert any(r['ruleId'] == 'CIS-Docker-5.5' for r in run['results'])" "$work/report.sarif"
docker ps -aq | xargs docker rm -f >"$work/docker/rm"
docker image rm test/bad:1 >"$work/docker/rm"
stop_daemon

# A daemon and files as they should be.
openssl req -x509 -newkey rsa:2048 -nodes -keyout /etc/docker/key.pem -out /etc/docker/cert.pem -subj /CN=localhost -days 1 2>"$work/docker/openssl"
cp /etc/docker/cert.pem /etc/docker/ca.pem
cat >/etc/docker/daemon.json <<EOF
{"hosts": ["unix://$socket", "tcp://127.0.0.1:2376"], "tlsverify": true, "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/cert.pem",
 "tlskey": "/etc/docker/key.pem", "icc": false, "log-level": "info", "live-restore": true, "userland-proxy": false, "no-new-privileges": true,
 "log-driver": "gelf", "log-opts": {"gelf-address": "udp://127.0.0.1:12201"},
 "default-ulimits": {"nofile": {"Name": "nofile", "Hard": 1024, "Soft": 512}}}
EOF
chown -R 0:0 /etc/docker $bad_files
chmod 0644 $bad_files && chmod 0755 /etc/docker && chmod 0444 /etc/docker/certs.d/reg.example/ca.crt /etc/docker/*.pem && chmod 0400 /etc/docker/key.pem
echo DOCKER_CONTENT_TRUST=1 >>/etc/environment
mount -t tmpfs -o size=256m tmpfs "$data"
at_end "umount -l $data"
start_daemon
import_image test/good:1 --change 'USER 1000:1000' --change 'HEALTHCHECK CMD ["/pause"]' --change 'EXPOSE 8080'
docker network create apart >"$work/docker/network"
docker run -d --name good --network apart --memory 64m --cpus 0.5 --pids-limit 20 --read-only --cap-drop ALL --restart on-failure:5 \
  --security-opt no-new-privileges -p 127.0.0.1:18080:8080 --ulimit nofile=64 test/good:1 >"$work/docker/run"
for folder in "$data" /etc/docker "$(dirname "$(command -v dockerd)")"; do
  folder=$(realpath "$folder")
  python3 tests/e2e/tools/audit_watch.py add "$folder"
  watched+=("$folder")
done
options=(--trusted-image 'test/**')
expect 1.1.1=pass 1.1.3=pass 1.1.5=pass 1.1.6=pass 1.1.11=pass 2.2=pass 2.3=pass 2.4=pass 2.5=pass 2.6=pass 2.7=pass 2.8=pass 2.10=pass \
  2.13=pass 2.14=pass 2.15=pass 2.16=pass 2.17=pass 2.18=pass 3.1=pass 3.2=pass 3.3=pass 3.4=pass 3.5=pass 3.6=pass 3.7=pass 3.8=pass 3.9=pass \
  3.10=pass 3.11=pass 3.12=pass 3.13=pass 3.14=pass 3.15=pass 3.16=pass 3.17=pass 3.18=pass 3.19=pass 3.20=pass 3.21=pass 3.22=pass \
  4.1:good=pass 4.2=pass 4.5=pass 4.6=pass 4.7=pass 4.9=pass 5.1=pass 5.4=pass 5.5=pass 5.6=pass 5.7=pass 5.8=pass 5.9=pass 5.10=pass 5.11=pass \
  5.12=pass 5.13=pass 5.14=pass 5.15=pass 5.16=pass 5.17=pass 5.18=pass 5.19=pass 5.20=pass 5.21=pass 5.22=pass 5.25=pass 5.26=pass 5.27=pass \
  5.29=pass 5.30=pass 5.32=pass 6.1=pass 6.2=pass 7.1=notApplicable
unwatch
expect 1.1.3=fail 1.1.5=fail 1.1.6=fail

# A daemon.json with comments is an error of the controls that read it, and of nothing else.
sed -i '1i // who wrote this?' /etc/docker/daemon.json
expect_exit 4 "$BULWARK" audit --host "$socket" --format "json=$work/report.json"
python3 tests/e2e/tools/audit_report.py "$work/report.json" 2.14=error 2.16=error 2.17=pass 5.5=pass 3.18=pass

# An engine that may not be asked is no engine that passes.
chmod 0600 "$socket"
expect_exit 4 setpriv --reuid 65534 --regid 65534 --clear-groups "$BULWARK" audit --host "$socket" --format json
cp "$work/out" "$work/denied.json"
python3 tests/e2e/tools/audit_report.py "$work/denied.json" 2.3=error 5.5=error 3.18=pass
stop_daemon

# Engines that hang, and that answer with something else than they should.
python3 tests/e2e/tools/bad_engine.py "$work/hangs.sock" hang &
at_end "kill $!"
python3 tests/e2e/tools/bad_engine.py "$work/lies.sock" lie &
at_end "kill $!"
wait_for 60 test -S "$work/hangs.sock" || fail "the engine that hangs did not start"
wait_for 60 test -S "$work/lies.sock" || fail "the engine that lies did not start"
expect_exit 4 timeout 120 "$BULWARK" audit --host "$work/hangs.sock" --format "json=$work/report.json"
python3 tests/e2e/tools/audit_report.py "$work/report.json" 2.3=error 5.5=error
expect_exit 4 timeout 120 "$BULWARK" audit --host "$work/lies.sock" --format "json=$work/report.json"
python3 tests/e2e/tools/audit_report.py "$work/report.json" 2.3=error 2.9=error 5.5=error 5.11=error 5.32=error

# 10,000 containers, some with labels of megabytes: each is judged, and no label is kept.
python3 tests/e2e/tools/bad_engine.py "$work/many.sock" many &
at_end "kill $!"
wait_for 60 test -S "$work/many.sock" || fail "the engine with many containers did not start"
timeout 300 "$BULWARK" audit --host "$work/many.sock" --allow-partial --format "json=$work/report.json" --save-facts "$work/facts.json"
python3 - "$work/report.json" "$work/facts.json" <<'EOF'
import json, os, sys
report = json.load(open(sys.argv[1]))
privileged = next(result for result in report["results"] if result["id"] == "5.5")
assert report["host"]["containers"] == 10_000, report["host"]
assert sum(resource["status"] == "fail" for resource in privileged["resources"]) == 100 and len(privileged["resources"]) == 10_000
assert os.path.getsize(sys.argv[2]) < 20 << 20, os.path.getsize(sys.argv[2])
EOF
