# SPDX-License-Identifier: Apache-2.0
# Configuration as code applied again and again, lost passwords, the hub's own certificate, sign-ins from other sites.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
start_hub
sign_in_first

# What docs/configuration.md shows, as one file; its registry answers nobody.
python3 - docs/configuration.md "$subscription" >"$work/hub.yaml" <<'PYTHON'
import re, sys
text = open(sys.argv[1]).read().split("## Configuration as code")[1]
blocks = re.findall(r"```yaml\n(.*?)```", text, re.S)
print("\n".join(blocks).replace("SUBSCRIPTION", sys.argv[2]).replace("registry.example.com", "127.0.0.1:9"))
PYTHON
apply() { curl -s -b "$work/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/yaml' --data-binary "@$1" "$hub/api/v1/apply"; }
token_of() {  # token_of SECRET: the status of the token endpoint
  local tenant; tenant=$(json 'd["tenantId"]' <"$work/session.json")
  curl -s -o "$work/token.json" -w '%{http_code}' -d grant_type=client_credentials -d client_id=8f3c5b8a-52a4-4f6e-9d3f-5d3b1c0a7e21 \
    --data-urlencode "client_secret=$1" -d scope=https://management.azure.com/.default "$hub/$tenant/oauth2/v2.0/token"
}

echo "the documented configuration is applied, and nothing of it twice"
apply "$work/hub.yaml" >"$work/applied.json"
json '(d["unchanged"], sorted(one.split("/")[-2] if "/" in one else one.split()[0] for one in d["changed"]))' <"$work/applied.json" |
  grep -Fx "(1, ['client', 'disableRules', 'exemptions', 'group', 'notificationChannels', 'notificationChannels', 'registries', 'role', 'role', 'role', 'roleDefinitions', 'user'])" >/dev/null ||
  fail "applied: $(cat "$work/applied.json")"
[ "$(apply "$work/hub.yaml" | json '(d["changed"], d["unchanged"])')" = "([], 13)" ] || fail "applied again: $(apply "$work/hub.yaml")"
registry=$(api GET "/subscriptions/$subscription/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/production?api-version=2025-11-01")
echo "$registry" | json '(d["properties"]["excludedRepositories"], d["properties"]["platforms"], "password" in d["properties"], "webhookSecret" in d["properties"])' |
  grep -Fx "(['cache/**'], ['linux/amd64'], False, False)" >/dev/null || fail "the registry: $registry"

echo "a changed client secret is taken by itself, and ends the old one"
[ "$(token_of a-secret-of-at-least-16-bytes)" = 200 ] || fail "the secret of the file: $(cat "$work/token.json")"
sed -i 's/a-secret-of-at-least-16-bytes/another-secret-of-16-bytes/' "$work/hub.yaml"
apply "$work/hub.yaml" | json 'd["changed"]' | grep -Fx "['client 8f3c5b8a-52a4-4f6e-9d3f-5d3b1c0a7e21']" >/dev/null || fail "a changed secret"
[ "$(token_of another-secret-of-16-bytes)" = 200 ] || fail "the new secret"
[ "$(token_of a-secret-of-at-least-16-bytes)" = 401 ] || fail "the old secret"

echo "each changed member is applied alone; faults are told all at once"
sed -i 's/May read images and ask the gate./May read images./; s/pollMinutes: 60/pollMinutes: 30/; s/minimumSeverity: High/minimumSeverity: Low/; s/signs-every-message/signs-everything/' "$work/hub.yaml"
apply "$work/hub.yaml" | json 'sorted(one.rsplit("/", 1)[1] for one in d["changed"])' |
  grep -Fx "['6d1f1f0e-43f0-4c4b-9a53-0d6c1b7a2f10', 'chat', 'production']" >/dev/null || fail "changed: $(apply "$work/hub.yaml")"
printf 'plans: {Containers: Gold}\nclients: [{clientId: new, displayName: x}]\nroles: [{name: 6d1f1f0e-43f0-4c4b-9a53-0d6c1b7a2f10, roleName: x}]\nwrong: []\n' >"$work/faulty.yaml"
apply "$work/faulty.yaml" | json 'd["error"]["message"]' >"$work/faults"
for fault in Containers "clients new" "assignableScopes\|permissions" "no such section"; do grep "$fault" "$work/faults" >/dev/null || fail "not told: $fault in $(cat "$work/faults")"; done

echo "a lost password is replaced by whoever owns the data directory, also while the hub runs"
expect_exit 0 "$BULWARK" hub link admin --data "$work/hub"
expect_err "within 24 hours"
link=$(cat "$work/out")
[ "${link%%/welcome#*}" = "$hub" ] || fail "the link leads to $link, not to $hub"
redeem() { curl -s -o "$work/redeemed.json" -w '%{http_code}' -c "$work/jar" -H 'Content-Type: application/json' -d "{\"token\":\"${link#*#}\",\"password\":\"$1\"}" "${@:2}" "$hub/api/v1/links"; }
[ "$(redeem a-new-long-passphrase)" = 200 ] || fail "the link does not sign in"
csrf=$(json 'd["csrf"]' <"$work/redeemed.json")
[ "$(redeem a-new-long-passphrase)" = 401 ] || fail "the link works twice"
sign_in() { curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d "{\"name\":\"admin\",\"password\":\"$1\"}" "${@:2}" "$hub/api/v1/session"; }
[ "$(sign_in a-new-long-passphrase)" = 200 ] && [ "$(sign_in "$admin_password")" = 401 ] || fail "the password was not replaced"
sign_in a-new-long-passphrase -c "$work/jar" >/dev/null
api GET /api/v1/session >"$work/session.json"
csrf=$(json 'd["csrf"]' <"$work/session.json")
api GET "/api/v1/activity" | json '[a["message"] for a in d["value"] if "link" in a["operation"]]' | grep "made on the hub's machine for admin" >/dev/null || fail "not in the activity log"
expect_exit 1 "$BULWARK" hub link nobody --data "$work/hub"
expect_err "there is no principal nobody"
expect_exit 1 "$BULWARK" hub link platform --data "$work/hub"
expect_err "no password here"
expect_exit 1 "$BULWARK" hub link admin --data "$work/nowhere"
expect_err "no data directory of a hub"
[ ! -e "$work/nowhere" ] || fail "a data directory was made"
expect_exit 0 "$BULWARK" hub link admin --data "$work/hub" --public-url https://hub.example.com/
grep '^https://hub.example.com/welcome#' "$work/out" >/dev/null || fail "the link does not have the address given"

echo "nobody is signed in by a page of another site"
link=$("$BULWARK" -q hub link admin --data "$work/hub")
for header in 'Sec-Fetch-Site: cross-site' 'Sec-Fetch-Site: same-site' 'Origin: https://evil.example.com' 'Origin: null'; do
  [ "$(sign_in a-new-long-passphrase -H "$header")" = 403 ] || fail "signed in with $header"
  [ "$(redeem another-long-passphrase -H "$header")" = 403 ] || fail "a link was redeemed with $header"
done
for header in 'Sec-Fetch-Site: same-origin' "Origin: $hub"; do
  [ "$(sign_in a-new-long-passphrase -H "$header")" = 200 ] || fail "not signed in with $header"
done
[ "$(redeem another-long-passphrase -H "Origin: $hub")" = 200 ] || fail "the link was used up by other sites"

echo "a certificate of its own is told by its fingerprint"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
start_hub --self-signed
printed=$(sed -n 's/^certificate SHA-256 //p' "$work/hub.log")
[ "$printed" = "$(openssl x509 -in "$work/hub/tls/certificate.pem" -noout -fingerprint -sha256 | cut -d= -f2)" ] || fail "fingerprint: $printed"
printf another-long-passphrase | HOME=$work expect_exit 0 "$BULWARK" login "https://127.0.0.1:$hub_port" --username admin --password-stdin --fingerprint "$printed"
printf another-long-passphrase | HOME=$work expect_exit 1 "$BULWARK" login "https://127.0.0.1:$hub_port" --username admin --password-stdin --fingerprint "00${printed:2}"
kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"
