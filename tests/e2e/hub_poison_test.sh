# SPDX-License-Identifier: Apache-2.0
# An image whose scan ends the process each time is given up, and holds nobody else up. A scan that was cut goes on.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
. tests/e2e/fake_registry.sh

"$BULWARK" -q db import --db "$work/advisories.db" content/demo/advisories
start_fake_registry
start() {
  start_hub --db "$work/advisories.db" --config "$work/configuration.yaml" --scan-threads 2
  disown "$hub_pid"  # that it is killed is no news
  echo "$hub_pid" >"$fake/hub.pid"
}
hub_is_gone() { ! kill -0 "$hub_pid" 2>/dev/null; }
is_scanning() { [ "$(scan_state "$1")" = scanning ]; }
start
sign_in_first

echo "a scan that was running when the hub was killed is run again, with nothing else to do"
deliver slow/one
wait_for 20 is_scanning slow/one || fail "the scan did not begin"
kill -9 "$hub_pid"
wait_for 10 hub_is_gone || fail "the hub survived"
touch "$fake/go"
start
wait_for 20 is_scanned slow/one || { images slow/one; fail "the scan that was cut did not go on"; }

echo "an image that kills the hub each time it is scanned is given up"
rm "$fake/go"
for name in slow/two slow/three; do
  deliver $name
  wait_for 20 is_scanning $name || fail "the scan of $name did not begin"
done
deliver poison/one || hub_is_gone || fail "the delivery was refused"
deaths=0
given_up() { [ "$(scan_state poison/one)" = failed ]; }
gone_or_given_up() { hub_is_gone || given_up; }
while wait_for 60 gone_or_given_up || { images poison/one; fail "the hub neither ended nor gave up"; }; do
  ! given_up 2>/dev/null || break
  deaths=$((deaths + 1))
  [ "$deaths" -le 5 ] || fail "the hub died more than five times of one image"
  [ "$deaths" != 2 ] || touch "$fake/go"  # until then the other two ran beside it
  start
done
[ "$deaths" = 5 ] || fail "the hub died $deaths times: twice with others beside it and three times with it alone were due"
images poison/one | json 'd["value"][0]["scanError"]' | grep "the process ended 3 times while this alone ran" >/dev/null ||
  { images poison/one; fail "the error does not say what happened"; }

echo "those that ran beside it are scanned, and the hub goes on"
deliver plain/one
for name in slow/two slow/three plain/one; do
  wait_for 20 is_scanned $name || { images $name; fail "$name was not scanned"; }
done
