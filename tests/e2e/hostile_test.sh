# SPDX-License-Identifier: Apache-2.0
# Hostile images end in a clear error or a partial report, in bounded time and memory.
. "$(dirname "$0")/lib.sh"
python3 tests/e2e/tools/hostile.py "$BULWARK" "$work"
