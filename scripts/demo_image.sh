# SPDX-License-Identifier: Apache-2.0
# Makes the demo image as an OCI layout in build/demo/layout: a minimal Debian bookworm with its security updates, openssl
# held back at the release's own version, and an application with old npm packages. Sourced after lib.sh; needs root.

demo_dir=$PWD/build/demo
demo_epoch=1767225600  # 2026-01-01: the same input gives the same layers

# "URI SUITE" of the sources that apt uses here.
apt_sources() { apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | sort -u; }

demo_rootfs() {
  local root=$demo_dir/rootfs mirror security
  mirror=$(apt_sources | awk '$2 == "bookworm" {print $1; exit}')
  security=$(apt_sources | awk '$2 ~ /bookworm-security|bookworm\/updates/ {print $1; exit}')
  [ -n "$mirror" ] || die "apt has no source for Debian bookworm; the demo image is made from it"
  as_root rm -rf "$root" "$root.log"
  as_root debootstrap --variant=minbase --include=openssl,ca-certificates bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
    die "debootstrap failed; see $root.log"
  if [ -n "$security" ]; then
    printf 'deb %s bookworm-security main\n' "$security" | as_root tee "$root/etc/apt/sources.list" >/dev/null
    as_root cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
    as_root cp /etc/resolv.conf "$root/etc/resolv.conf"
    as_root chroot "$root" sh -ec '
      apt-mark hold openssl libssl3
      apt-get update -q
      DEBIAN_FRONTEND=noninteractive apt-get upgrade -y -q' >>"$root.log" 2>&1 ||
      say "the security updates could not be installed (see $root.log); the image has the release's own versions"
  fi
  printf 'deb http://deb.debian.org/debian bookworm main\n' | as_root tee "$root/etc/apt/sources.list" >/dev/null
  as_root sh -c "rm -rf '$root'/var/lib/apt/lists/* '$root'/var/cache/apt/* '$root'/var/log/* '$root'/etc/apt/apt.conf.d/* \
    '$root'/etc/resolv.conf '$root'/tmp/* '$root'/var/cache/debconf/*-old '$root'/var/lib/dpkg/*-old"
}

demo_tar() { as_root tar --sort=name --mtime="@$demo_epoch" --clamp-mtime --numeric-owner --exclude=./dev/* -C "$1" -cf - . >"$2"; }

make_demo_image() {
  local app=$demo_dir/app
  [ ! -f "$demo_dir/layout/index.json" ] || return 0
  mkdir -p "$demo_dir"
  if [ ! -f "$demo_dir/debian.tar" ]; then
    say "making a minimal Debian image (about a minute, once)"
    demo_rootfs
    demo_tar "$demo_dir/rootfs" "$demo_dir/debian.tar.part"
    mv "$demo_dir/debian.tar.part" "$demo_dir/debian.tar"
    as_root rm -rf "$demo_dir/rootfs"
  fi
  npm_ci content/demo/app "$app/srv/app"
  rm -f "$app/srv/app/.installed-lock"
  tar --sort=name --mtime="@$demo_epoch" --owner=0 --group=0 --numeric-owner -C "$app" -cf "$demo_dir/app.tar" .
  python3 scripts/make_image.py "$demo_dir/layout" latest "$demo_epoch" "$demo_dir/debian.tar" "$demo_dir/app.tar"
}
