// SPDX-License-Identifier: Apache-2.0
// usage: prepare.mjs HUB_URL LINK_TOKEN
// Signs in with the link of the first start, makes two OAuth2 clients (an Owner, and one with no role), adds the registry and waits
// until its image is scanned. Writes what the tests need to BULWARK_SDK_FACTS.
import { randomBytes, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";

const [url, linkToken] = process.argv.slice(2);
const kOwnerRole = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
let session = {};

async function ask(method, path, body) {
  const headers = { "content-type": "application/json", ...session };
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return { json: text ? JSON.parse(text) : null, cookie: response.headers.get("set-cookie") };
}

const signedIn = await ask("POST", "/api/v1/links", { token: linkToken, password: randomBytes(24).toString("base64url") });
session = { cookie: signedIn.cookie.split(";")[0], "x-csrf-token": signedIn.json.csrf };
const { tenantId, subscriptionId, workspace } = signedIn.json;
const subscription = `/subscriptions/${subscriptionId}`;

const owner = (await ask("POST", "/api/v1/clients", { displayName: "sdk owner" })).json;
const stranger = (await ask("POST", "/api/v1/clients", { displayName: "sdk stranger" })).json;
await ask("PUT", `${subscription}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`, {
  properties: { roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${kOwnerRole}`, principalId: owner.id },
});

const registry = `${subscription}/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/team`;
await ask("PUT", `${registry}?api-version=2025-11-01`, {
  location: "local",
  sku: { name: "Standard" },
  properties: { loginServer: process.env.BULWARK_SDK_REGISTRY, plainHttp: true, pollMinutes: 0 },
});

const deadline = Date.now() + 60_000;
let image;
do {
  image = (await ask("GET", "/api/v1/registries/team/images?repository=team/app")).json.value[0];
  if (Date.now() > deadline) throw new Error(`the image is not scanned after a minute: ${JSON.stringify(image)}`);
  await new Promise((resolve) => setTimeout(resolve, 50));
} while (image?.scanState !== "complete");

writeFileSync(process.env.BULWARK_SDK_FACTS, JSON.stringify({ url, tenantId, subscriptionId, workspace, owner, stranger, image }), { mode: 0o600 });
