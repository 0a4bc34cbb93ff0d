# SPDX-License-Identifier: Apache-2.0
# packages: made of the build that is tested, installed together in a clean Debian 12, tried there, removed and purged.
. "$(dirname "$0")/lib.sh"
need cpack
need dpkg-shlibdeps
need systemd-analyze
[ "$(id -u)" = 0 ] || skip "chroot needs root"
[ -f "$BULWARK_ENGINE_LIBRARY" ] || skip "there is no libchdb.so to package"
units="bulwark-host-reader.socket bulwark-host-reader.service bulwark-agent.service bulwark-hub.service"

# Cheap first: each unit's exposure, which systemd counts from 0 (none) to 10, is at most 2.
for unit in host-reader agent hub; do
  systemd-analyze security --offline=true --threshold=20 "packaging/systemd/bulwark-$unit.service" >"$work/out" 2>&1 ||
    { cat "$work/out"; fail "bulwark-$unit.service is exposed more than it should be"; }
done

# A clean Debian 12: what debootstrap made for the demo image, else one made now.
root=$work/root
mkdir -m 0755 "$root"
. scripts/demo_image.sh
mirror=$(apt_sources | awk '$2 == "bookworm" {print $1; exit}')
security=$(apt_sources | awk '$2 ~ /bookworm-security|bookworm\/updates/ {print $1; exit}')
[ -n "$mirror" ] || skip "apt has no source for Debian bookworm"
if [ -f "${BULWARK_DEMO_DIR:-}/debian.tar" ]; then
  tar -xf "$BULWARK_DEMO_DIR/debian.tar" -C "$root"
else
  need debootstrap
  debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/debootstrap.log" 2>&1 || skip "debootstrap cannot reach $mirror"
fi
printf 'deb %s bookworm main\n' "$mirror" >"$root/etc/apt/sources.list"
[ -z "$security" ] || printf 'deb %s bookworm-security main\n' "$security" >>"$root/etc/apt/sources.list"
cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
# Each step gives way to the next, so that what is started in the background has the process id of the program.
enter=(unshare -m --propagation private bash -c 'mount -t proc proc "$0/proc"; mount --bind /dev "$0/dev"; exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy=$http_proxy} ${https_proxy:+https_proxy=$https_proxy} chroot "$0" "$@"' "$root")
in_root() { "${enter[@]}" "$@"; }
in_root apt-get update -q >"$work/apt.log" 2>&1 || skip "apt cannot reach $mirror"
in_root apt-mark unhold openssl libssl3 >>"$work/apt.log" 2>&1 || true

(cd "$(dirname "$BULWARK")" && cpack -G DEB -B "$work/packages") >"$work/cpack.log" 2>&1 || { tail -20 "$work/cpack.log"; fail "the packages were not made"; }
rm -rf "$work/packages/_CPack_Packages"
version=$("$BULWARK" --version | grep -o '[0-9][0-9.]*' | head -1)
agent=bulwark-agent_${version}_amd64.deb hub=bulwark-hub_${version}_amd64.deb
for package in "$agent" "$hub"; do
  [ -f "$work/packages/$package" ] || { ls "$work/packages"; fail "$package was not made"; }
  dpkg-deb -f "$work/packages/$package" Depends | grep -q 'libc6 (>= .*libcurl4' || fail "$package does not name the libraries that it needs"
done
[ "$(stat -c %s "$work/packages/$agent")" -lt 60000000 ] || fail "$agent is larger than a program is"
mv "$work/packages/"*.deb "$root/"

# One file a role, nothing else to fetch by hand.
in_root apt-get install -y -q -o Dpkg::Options::=--force-unsafe-io --no-install-recommends "./$agent" >>"$work/apt.log" 2>&1 || { tail -20 "$work/apt.log"; fail "$agent cannot be installed"; }
in_root bulwark --version >"$work/out"
expect_out "$version"
in_root apt-get install -y -q -o Dpkg::Options::=--force-unsafe-io --no-install-recommends "./$hub" >>"$work/apt.log" 2>&1 || { tail -20 "$work/apt.log"; fail "$hub cannot be installed beside it"; }
for command in "bulwark --version" "bulwark agent --help" "bulwark host-reader --help" "bulwark hub --help" "/usr/lib/bulwark-agent/bulwark --version"; do
  # shellcheck disable=SC2086
  in_root $command >"$work/out" || fail "$command fails"
done
cmp -s <(in_root zcat /usr/share/man/man1/bulwark.1.gz) <("$BULWARK" man) || fail "the manual page is not the program's"
in_root cat /usr/share/bash-completion/completions/bulwark | grep -q bulwark || fail "there is no completion for bash"

is() { [ "$(in_root stat -c '%U:%G %a %F' "$1")" = "$2" ] || fail "$1 is $(in_root stat -c '%U:%G %a %F' "$1") and not $2"; }
is /usr/lib/bulwark-agent/bulwark "root:root 755 regular file"
is /usr/lib/bulwark-hub/libchdb.so "root:root 644 regular file"
is /var/lib/bulwark-agent "bulwark-agent:bulwark-agent 700 directory"
is /var/lib/bulwark "bulwark:bulwark 700 directory"
is /etc/default/bulwark-agent "root:root 644 regular file"
for unit in $units; do is "/lib/systemd/system/$unit" "root:root 644 regular file"; done
for user in bulwark-agent bulwark; do
  [ "$(in_root id -Gn "$user")" = "$user" ] || fail "$user is in groups other than its own"
  in_root getent passwd "$user" | grep -q ':/usr/sbin/nologin$' || fail "$user may log in"
done
for link in sockets.target.wants/bulwark-host-reader.socket multi-user.target.wants/bulwark-agent.service multi-user.target.wants/bulwark-hub.service; do
  [ -L "$root/etc/systemd/system/$link" ] || fail "$link is not enabled"
done
# shellcheck disable=SC2086
systemd-analyze --root="$root" --man=no --recursive-errors=no verify $units >"$work/out" 2>&1 || { cat "$work/out"; fail "systemd does not like the units"; }
[ ! -s "$work/out" ] || { cat "$work/out"; fail "systemd warns of the units"; }

# The hub runs as its user, with the library of its package.
port=$(free_port)
"${enter[@]}" setpriv --reuid bulwark --regid bulwark --clear-groups --no-new-privs --bounding-set=-all \
  /usr/lib/bulwark-hub/bulwark hub --data /var/lib/bulwark --listen "127.0.0.1:$port" --refresh-hours 0 >"$work/hub.log" 2>&1 &
hub_pid=$!
at_end "kill $hub_pid 2>/dev/null"
wait_for 60 grep -q "listening on" "$work/hub.log" || { cat "$work/hub.log"; fail "the packaged hub did not start"; }
kill "$hub_pid"; wait "$hub_pid" || true

# The agent goes without a trace but for its settings, then those; the hub's state is never thrown away by a package manager.
touch "$root/var/lib/bulwark-agent/credential"
in_root apt-get remove -y -q bulwark-agent >>"$work/apt.log" 2>&1 || { tail -20 "$work/apt.log"; fail "bulwark-agent cannot be removed"; }
[ -f "$root/var/lib/bulwark-agent/credential" ] && [ -f "$root/etc/default/bulwark-agent" ] || fail "removing takes what only purging should"
[ ! -e "$root/lib/systemd/system/bulwark-agent.service" ] || fail "a unit of the agent is left"
in_root bulwark --version >"$work/out" || fail "the hub's command went with the agent"
in_root dpkg --purge bulwark-agent >>"$work/apt.log" 2>&1 || { tail -20 "$work/apt.log"; fail "bulwark-agent cannot be purged"; }
in_root dpkg --purge bulwark-hub >"$work/out" 2>&1 || { cat "$work/out"; fail "bulwark-hub cannot be purged"; }
expect_out "rm -r /var/lib/bulwark"
[ -f "$root/var/lib/bulwark/hub.db" ] || [ -n "$(ls "$root/var/lib/bulwark")" ] || fail "purging took the hub's state"
left=$(find "$root" -xdev \( -path "$root/proc" -o -path "$root/var/lib/bulwark" -o -path "$root/var/log" -o -path "$root/var/cache" \) -prune -o -name '*bulwark*' -print)
[ "$(grep -v "^$root/bulwark-.*\.deb$" <<<"$left" | grep -v '^$' || true)" = "" ] || fail "what is left: $left"
! in_root getent passwd bulwark-agent || fail "the agent's user is left"
