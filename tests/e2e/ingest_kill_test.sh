# SPDX-License-Identifier: Apache-2.0
# kill -9 in the middle of ingestion, 20 times: every acknowledged record is there exactly once.
. "$(dirname "$0")/lib.sh"
[ -f "$BULWARK_ENGINE_LIBRARY" ] || skip "no file $BULWARK_ENGINE_LIBRARY"
[ -x "${BULWARK_INGEST_NUMBERS:-}" ] || skip "BULWARK_INGEST_NUMBERS names no program"

mkdir "$work/data"
mkfifo "$work/said"
for round in $(seq 20); do
  "$BULWARK_INGEST_NUMBERS" "$BULWARK_ENGINE_LIBRARY" "$work/data" >"$work/said" 2>>"$work/log" &
  sender=$!
  read -r ready <"$work/said" || { cat "$work/log" >&2; fail "the sender did not start in round $round"; }
  [ "$ready" = ready ] || fail "the sender says '$ready'"
  # Anywhere from its first batches to several inserts and segments later.
  sleep "0.$((RANDOM % 7))$((RANDOM % 10))"
  kill -9 "$sender" 2>/dev/null || { cat "$work/log" >&2; fail "the sender ended by itself in round $round"; }
  wait "$sender" 2>/dev/null || true
done
[ "$(wc -l <"$work/data/acks")" -gt 100 ] || fail "too few batches were acknowledged for a test: $(wc -l <"$work/data/acks")"
"$BULWARK_INGEST_NUMBERS" "$BULWARK_ENGINE_LIBRARY" "$work/data" check || { cat "$work/log" >&2; fail "records are missing or there twice"; }
