# SPDX-License-Identifier: Apache-2.0
# versions compare and check, and the order tables of the test data.
. "$(dirname "$0")/lib.sh"

order() { [ "$("$BULWARK" versions compare "$1" "$2" "$3")" = "$4" ] || fail "$1: $2 $4 $3"; }
order debian 1.0~rc1 1.0 '<'
order debian 1:0.1 2.0 '>'
order npm 1.2.3 1.10.0 '<'
order pypi 1.0 1.0.0 '='
order rpm 1.0^git1 1.0 '>'
order Alpine:v3.19 1.0_alpha1 1.0 '<'
order Maven 1.0-alpha-1 1.0 '<'
expect_exit 3 "$BULWARK" versions compare cobol 1 2

printf 'debian\t1.0\t<\t2.0\ndebian\t1.0\t>\t2.0\n' >"$work/table.tsv"
expect_exit 2 "$BULWARK" versions check "$work/table.tsv"
expect_out "2 rows, 1 wrong"
expect_exit 1 "$BULWARK" versions check "$work/missing.tsv"

[ -n "${BULWARK_TEST_DATA:-}" ] || skip "BULWARK_TEST_DATA is not set"
others=$(find "$BULWARK_TEST_DATA/versions" -name '*.tsv' ! -name 'alpine*')
# shellcheck disable=SC2086
expect_exit 0 "$BULWARK" versions check $others
tail -1 "$work/out"
"$BULWARK" versions check "$BULWARK_TEST_DATA"/versions/alpine*.tsv >"$work/out" || true
tail -1 "$work/out"
tail -1 "$work/out" | awk '{exit !($3 * 1000 <= $1)}' || fail "more than 0.1 % of the Alpine rows are wrong"
