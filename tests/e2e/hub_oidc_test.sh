# SPDX-License-Identifier: Apache-2.0
# Sign-in through an OpenID provider: the code flow with PKCE, what is refused and with which words, its configuration.
. "$(dirname "$0")/lib.sh"
. tests/e2e/hub_lib.sh
need openssl
provider_port=$(free_port)
provider=http://127.0.0.1:$provider_port
mkdir "$work/provider"
python3 tests/e2e/tools/fake_oidc.py "$provider_port" "$work/provider" &
provider_pid=$!
at_end "kill $provider_pid 2>/dev/null"
wait_for 15 curl -sf -o /dev/null "$provider/keys" || fail "the provider did not start"
behave() { printf '%s' "${1:-{\}}" >"$work/provider/behaviour.json"; }
behave

# As a browser with its cookies in $work/JAR: each prints where it is sent next.
begin() { curl -s -o /dev/null -w '%{redirect_url}' -b "$work/$1" -c "$work/$1" "$hub/signin/oidc/start"; }
authorize() { curl -s -o "$work/authorize" -w '%{redirect_url}' "$1"; }
come_back() { curl -s -o /dev/null -w '%{redirect_url}' -b "$work/$1" -c "$work/$1" "$2"; }
sign_in() { rm -f "$work/$1"; come_back "$1" "$(authorize "$(begin "$1")")"; }
session_of() { curl -s -b "$work/$1" "$hub/api/v1/session"; }
# refused JAR WORDS URL: the browser is sent back with those words, and is not signed in.
refused() {
  local said
  said=$(python3 -c 'import sys,urllib.parse; print(urllib.parse.unquote(sys.argv[1]))' "$3")
  case $said in "$hub/signin?error="*"$2"*) ;; *) fail "instead of '$2': $said" ;; esac
  [ "$(curl -s -o /dev/null -w '%{http_code}' -b "$work/$1" "$hub/api/v1/session")" = 401 ] || fail "signed in after: $said"
}

echo "configured by a file, whose members the environment replaces"
cat >"$work/oidc.yaml" <<OIDC
issuer: $provider
clientId: of-the-file
clientSecret: of the client
name: Example login
OIDC
BULWARK_OIDC_CLIENT_ID=bulwark start_hub --oidc-file "$work/oidc.yaml"
sign_in_first
curl -s "$hub/api/v1/session" | json 'd["signIn"]["oidc"]' | grep -Fx "{'name': 'Example login', 'url': '/signin/oidc/start'}" >/dev/null || fail "the page offers no sign-in"

echo "the browser is sent with PKCE, state and nonce, and comes back signed in"
location=$(begin alice)
for parameter in response_type=code client_id=bulwark code_challenge_method=S256 code_challenge= state= nonce= "redirect_uri=http%3A%2F%2F127.0.0.1%3A$hub_port%2Fsignin%2Foidc" "scope=openid%20profile%20email"; do
  case $location in *[?\&]"$parameter"*) ;; *) fail "the provider is asked without $parameter: $location" ;; esac
done
grep -q '#HttpOnly_.*bulwark_oidc' "$work/alice" || fail "the cookie of the flow is readable by scripts"
callback=$(authorize "$location")
[ "$(come_back alice "$callback")" = "$hub/" ] || fail "not signed in: $(come_back alice "$callback")"
session_of alice | json '(d["user"]["name"], d["user"]["displayName"], d["user"]["email"], d["how"], d["capabilities"]["write"])' |
  grep -Fx "('alice', 'Alice A.', 'alice@example.com', 'session', False)" >/dev/null || fail "the session: $(session_of alice)"
alice=$(session_of alice | json 'd["user"]["id"]')
[ "$(curl -s -o /dev/null -w '%{http_code}' -b "$work/alice" "$hub/api/v1/data")" = 403 ] || fail "a user without a role reads"
api GET /api/v1/activity | json '[(a["caller"], a["httpStatus"]) for a in d["value"] if a["resourceId"] == "/signin/oidc"]' | grep -F "('alice', 200)" >/dev/null || fail "the sign-in is not in the activity log"

echo "groups of the claim carry roles, as long as they are claimed"
api POST /api/v1/apply '{"groups":[{"name":"platform","roles":["Reader"]}]}' >/dev/null
behave '{"claims":{"groups":["platform","unknown"]}}'
[ "$(sign_in alice)" = "$hub/" ] || fail "not signed in again"
[ "$(session_of alice | json 'd["user"]["id"]')" = "$alice" ] || fail "another user was made"
[ "$(curl -s -o /dev/null -w '%{http_code}' -b "$work/alice" "$hub/api/v1/data")" = 200 ] || fail "the claimed group gives nothing"
behave
sign_in alice >/dev/null
[ "$(curl -s -o /dev/null -w '%{http_code}' -b "$work/alice" "$hub/api/v1/data")" = 403 ] || fail "the group that is not claimed any more gives still"

echo "what belongs to no sign-in of this browser is refused"
location=$(begin mallory)
callback=$(authorize "$location")
refused mallory "not begun in this browser" "$(come_back mallory "${callback/state=/state=x}")"
refused nobody "not begun in this browser" "$(come_back nobody "$callback")"
behave '{"state":"of-somebody-else"}'
refused bob "not begun in this browser" "$(sign_in bob)"
behave

echo "a code that another browser was given does not fit: PKCE"
victim=$(authorize "$(begin victim)")
attacker=$(authorize "$(begin attacker)")
code=${attacker#*code=}; code=${code%%&*}
stolen=${victim#*code=}; stolen=${stolen%%&*}
refused victim "answered 400 to the code" "$(come_back victim "${victim/$stolen/$code}")"
grep -q invalid_grant "$work/provider/log" || fail "the provider took the code"

echo "a callback works once"
callback=$(authorize "$(begin twice)")
[ "$(come_back twice "$callback")" = "$hub/" ] || fail "not signed in"
cp "$work/twice" "$work/replay"; sed -i '/bulwark_session/d' "$work/replay"
refused replay "answered 400 to the code" "$(come_back replay "$callback")"

echo "tokens that are not for this hub or this sign-in are refused, in clear words"
while IFS='|' read -r claims words; do
  behave "$claims"
  refused carol "$words" "$(sign_in carol)"
done <<'CASES'
{"claims":{"nonce":"of-another-sign-in"}}|not begun in this browser
{"claims":{"iss":"https://evil.example.com"}}|issuer
{"claims":{"aud":"another-client"}}|audience
{"claims":{"aud":["bulwark","other"],"azp":"other"}}|another client
{"claims":{"exp":1}}|expired
{"forge":true}|no known key has signed it
{"claims":{"sub":""}}|no usable claim sub
{"claims":{"preferred_username":""}}|no usable claim preferred_username
{"claims":{"sub":"u-2","preferred_username":"admin"}}|there is another user named admin already
{"error":"access_denied"}|ended the sign-in with access_denied
{"error":"<script>"}|an error it does not name
CASES
behave
api GET "/api/v1/users" | json '[u["name"] for u in d["value"]]' | grep -F carol >/dev/null && fail "a refused sign-in made a user"

echo "a disabled user stays out"
api PATCH "/api/v1/users/$alice" '{"disabled":true}' >/dev/null
refused alice "the account is disabled" "$(sign_in alice)"

echo "refusals are in the activity log, secrets nowhere"
api GET "/api/v1/activity?status=Failed" | json '" ".join(a["message"] for a in d["value"] if a["resourceId"] == "/signin/oidc")' >"$work/refusals"
for words in "not begun in this browser" "no known key" "access_denied"; do grep -F "$words" "$work/refusals" >/dev/null || fail "not in the activity log: $words"; done
grep -aF "of the client" "$work/hub.log" "$work"/hub/state.db* >/dev/null && fail "the client's secret is logged or stored"

restart() { kill "$hub_pid"; wait "$hub_pid" || fail "the hub did not stop gracefully"; }
echo "a wrong secret, another issuer's metadata and a provider that is down are told"
restart
BULWARK_OIDC_CLIENT_ID=bulwark BULWARK_OIDC_CLIENT_SECRET=wrong start_hub --oidc-file "$work/oidc.yaml"
refused dave "check client_id, client_secret and the redirect URI" "$(sign_in dave)"
restart
behave '{"metadata":{"issuer":"https://other.example.com"}}'
BULWARK_OIDC_ISSUER=$provider BULWARK_OIDC_CLIENT_ID=bulwark BULWARK_OIDC_CLIENT_SECRET='of the client' BULWARK_OIDC_NAME='By environment' start_hub
curl -s "$hub/api/v1/session" | json 'd["signIn"]["oidc"]["name"]' | grep -x 'By environment' >/dev/null || fail "the environment alone does not configure it"
refused dave "is of another issuer" "$(begin dave)"
kill "$provider_pid"; wait "$provider_pid" 2>/dev/null || true
restart
BULWARK_OIDC_ISSUER=$provider BULWARK_OIDC_CLIENT_ID=bulwark start_hub
refused dave "$provider" "$(begin dave)"
restart

echo "what cannot be right is refused at the start"
expect_exit 1 env BULWARK_OIDC_ISSUER=http://login.example.com BULWARK_OIDC_CLIENT_ID=bulwark "$BULWARK" hub --data "$work/hub" --listen "127.0.0.1:$hub_port"
expect_err "must be an https URL"
expect_exit 3 env BULWARK_OIDC_ISSUER="$provider" "$BULWARK" hub --data "$work/hub" --listen "127.0.0.1:$hub_port"
expect_err "needs a client id"
printf 'issuer: %s\nclientId: bulwark\nsecret: x\n' "$provider" >"$work/wrong.yaml"
expect_exit 3 "$BULWARK" hub --data "$work/hub" --listen "127.0.0.1:$hub_port" --oidc-file "$work/wrong.yaml"
expect_err "wrong.yaml:3"

echo "without a provider none is offered"
start_hub
curl -s "$hub/api/v1/session" | json '"oidc" in d["signIn"]' | grep -x False >/dev/null || fail "a sign-in is offered without a provider"
refused dave "no OpenID Connect provider is configured" "$(begin dave)"
restart
