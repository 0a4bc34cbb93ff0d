# SPDX-License-Identifier: Apache-2.0
# Ten thousand slow connections: others are answered beside them, memory stays bounded, and time-outs end them.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
start_hub
status=0
python3 tests/e2e/tools/slow_connections.py "$hub" "$hub_pid" 10000 || status=$?
[ "$status" != 77 ] || skip "see above"
[ "$status" = 0 ] || fail "the hub does not bear slow clients"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
