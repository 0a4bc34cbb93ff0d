# SPDX-License-Identifier: Apache-2.0
# docker: reads an image of a real Docker daemon, started here with its own folders and socket in a network namespace.
. "$(dirname "$0")/lib.sh"
layout=$(demo_layout)
need dockerd
need skopeo
[ "$(id -u)" = 0 ] || skip "starting dockerd needs root"

mkdir "$work/docker"
export DOCKER_HOST=unix://$work/docker/docker.sock
unshare -n dockerd --data-root "$work/docker/data" --exec-root "$work/docker/exec" -p "$work/docker/pid" -H "$DOCKER_HOST" \
  --bridge=none --iptables=false --storage-driver vfs >"$work/docker/log" 2>&1 &
daemon=$!
at_end "kill $daemon; wait $daemon"
ping_daemon() { curl -fsS --unix-socket "$work/docker/docker.sock" http://localhost/_ping; }
wait_for 30 ping_daemon || { tail -5 "$work/docker/log"; skip "dockerd does not start on this machine"; }

skopeo copy --quiet --insecure-policy "oci:$layout:latest" "docker-archive:$work/image.tar:demo/app:1"
curl -fsS --unix-socket "$work/docker/docker.sock" -H 'Content-Type: application/x-tar' --data-binary "@$work/image.tar" \
  http://localhost/images/load >/dev/null

"$BULWARK" -q db import --db "$work/db" content/demo/advisories
for source in "oci:$layout:latest" docker:demo/app:1; do
  name=${source%%:*}
  BULWARK_CACHE_DIR=$work/cache-$name "$BULWARK" -q scan --db "$work/db" --format "json=$work/$name.json" "$source"
  python3 tests/e2e/tools/report.py packages "$work/$name.json" >"$work/$name.packages"
  python3 tests/e2e/tools/report.py findings "$work/$name.json" >"$work/$name.findings"
done
cmp "$work/oci.packages" "$work/docker.packages" || fail "packages differ"
cmp "$work/oci.findings" "$work/docker.findings" || fail "findings differ"

expect_exit 1 "$BULWARK" scan docker:no/such:image
expect_err "no/such:image"
