# SPDX-License-Identifier: Apache-2.0
# Shared by the tests that start a hub: sourced after lib.sh.

hub_port=$(free_port)
hub=http://127.0.0.1:$hub_port
webhook_secret=0123456789abcdef0123456789abcdef
admin_password=a-long-enough-passphrase

# start_hub ARGUMENT…: on $hub_port with its state in $work/hub; vulnerability data is refreshed where $refresh_hours is set.
start_hub() {
  : >"$work/hub.log"  # what the last one said is not taken for this one's
  "$BULWARK" hub --data "$work/hub" --listen "127.0.0.1:$hub_port" --refresh-hours "${refresh_hours:-0}" "$@" >"$work/hub.log" 2>&1 &
  hub_pid=$!
  at_end "kill $hub_pid 2>/dev/null"
  wait_for 30 grep -q "listening on" "$work/hub.log" || { cat "$work/hub.log"; fail "the hub did not start"; }
}

# Redeems the one-time link; afterwards `api METHOD PATH [BODY]` is the administrator's.
sign_in_first() {
  local token
  token=$(sed -n 's/^sign in once at .*#//p' "$work/hub.log")
  curl -sf -c "$work/jar" -H 'Content-Type: application/json' -d "{\"token\":\"$token\",\"password\":\"$admin_password\"}" \
    "$hub/api/v1/links" >"$work/session.json" || fail "the one-time link does not sign in"
  csrf=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["csrf"])' "$work/session.json")
  subscription=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["subscriptionId"])' "$work/session.json")
}

api() {
  local method=$1 path=$2; shift 2
  curl -s -b "$work/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' -X "$method" ${1:+-d "$1"} "$hub$path"
}

# json EXPRESSION: over standard input, as `d`.
json() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }

# A registry that tells the hub of pushes, connected as "demo".
start_demo_registry() {
  need docker-registry
  need skopeo
  registry_notify=$hub/webhooks/registries/demo registry_secret=$webhook_secret start_registry "$work/registry"
  at_end "kill $registry_pid 2>/dev/null"
  cat >"$work/configuration.yaml" <<CONFIGURATION
registries:
  - name: demo
    loginServer: 127.0.0.1:$registry_port
    webhookSecret: $webhook_secret
    pollMinutes: 0
CONFIGURATION
}

push() { skopeo copy --quiet --insecure-policy --dest-tls-verify=false "$1" "docker://127.0.0.1:$registry_port/$2"; }

images() { api GET "/api/v1/registries/demo/images?repository=$1"; }

# The administrator may send records to the default workspace, $workspace, from here on.
may_send_records() {
  local admin publisher
  group=/subscriptions/$subscription/resourceGroups/default
  workspace=$group/providers/Microsoft.OperationalInsights/workspaces/default
  admin=$(json 'd["user"]["id"]' <"$work/session.json")
  publisher=$group/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000009
  api PUT "$publisher?api-version=2022-04-01" "{\"properties\":{\"roleDefinitionId\":\"3913510d-42f4-4e42-8a64-420c390055eb\",\"principalId\":\"$admin\"}}" | grep '"principalId"' >/dev/null || fail "no role to send records with"
}

make_numbers_table() {
  api PUT "$workspace/tables/Numbers_CL?api-version=2023-09-01" '{"properties":{"schema":{"columns":[{"name":"TimeGenerated","type":"dateTime"},{"name":"n","type":"long"}]}}}' | grep '"Succeeded"' >/dev/null || fail "the table Numbers_CL is not made"
}

# send FIRST COUNT: records with these numbers; whether they were taken.
send() {
  seq "$1" $(($1 + $2 - 1)) | sed 's/.*/{"n":&}/' >"$work/lines"
  [ "$(curl -s -b "$work/jar" -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/x-ndjson' --data-binary @"$work/lines" "$hub/api/logs/tables/Numbers_CL" | json 'd["accepted"]')" = "$2" ]
}

# ask QUERY: the first row of its answer, as a Python list; nothing where it is refused.
ask() { api POST "/v1/workspaces/default/query" "{\"query\":\"$1\"}" | json 'd["tables"][0]["rows"][0]' 2>/dev/null; }
counted() { [ "$(ask 'Numbers_CL | count')" = "[$1]" ]; }
