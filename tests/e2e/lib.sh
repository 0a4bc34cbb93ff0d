# SPDX-License-Identifier: Apache-2.0
# Shared by the end-to-end tests. $BULWARK is the executable, $BULWARK_SOURCE_DIR the repository, $work an empty folder
# that goes away at the end. Programs that a test starts are ended by process id through `at_end`.
set -euo pipefail
cd "$BULWARK_SOURCE_DIR"
. scripts/lib.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/bulwark-test.XXXXXX")
export BULWARK_CACHE_DIR=$work/cache
export BULWARK_OWN_MACHINE=no  # the machine of the tests may have a Docker of its own
unset BULWARK_DB NO_COLOR CLICOLOR_FORCE
at_end_commands=()
at_end() { at_end_commands+=("$1"); }
finish() {
  local status=$? command
  for command in "${at_end_commands[@]:-}"; do eval "$command" || true; done
  wait_for 20 rm -rf "$work" || true  # what was told to end may still be writing
  exit $status
}
trap finish EXIT

skip() { echo "skipped: $*"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || skip "$1 is not installed"; }

# expect_exit CODE COMMAND…: standard output to $work/out, standard error to $work/err.
expect_exit() {
  local want=$1 got=0; shift
  "$@" >"$work/out" 2>"$work/err" || got=$?
  [ "$got" = "$want" ] || { cat "$work/err" >&2; fail "exit $got instead of $want: $*"; }
}
expect_out() { grep -qF -- "$1" "$work/out" || { cat "$work/out"; fail "standard output lacks: $1"; }; }
expect_err() { grep -qF -- "$1" "$work/err" || { cat "$work/err"; fail "standard error lacks: $1"; }; }

demo_layout() {
  [ -f "${BULWARK_DEMO_DIR:-}/layout/index.json" ] || skip "BULWARK_DEMO_DIR names no demo image (./check makes it)"
  echo "$BULWARK_DEMO_DIR/layout"
}

run_registry() {
  need docker-registry
  start_registry "$work/registry"
  at_end "kill $registry_pid"
}
