// SPDX-License-Identifier: Apache-2.0
// What prepare.mjs found out and made, and credentials for its clients.
import { readFileSync } from "node:fs";
import { ClientSecretCredential } from "@azure/identity";

export const facts = JSON.parse(readFileSync(process.env.BULWARK_SDK_FACTS, "utf8"));

export function credentialOf(client) {
  return new ClientSecretCredential(facts.tenantId, client.clientId, client.secret, {
    authorityHost: facts.url,
    disableInstanceDiscovery: true,
  });
}

export const owner = credentialOf(facts.owner);
export const stranger = credentialOf(facts.stranger); // has no role unless a test gives it one

export const options = { endpoint: facts.url };

export const subscriptionScope = `/subscriptions/${facts.subscriptionId}`;
export const groupScope = `${subscriptionScope}/resourceGroups/default`;
export const registryId = `${groupScope}/providers/Microsoft.ContainerRegistry/registries/team`;

export async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

// The hub's own requests, which no SDK knows.
export async function call(credential, method, path, body) {
  const { token } = await credential.getToken("https://management.azure.com/.default");
  const response = await fetch(facts.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

export async function waitFor(what, condition, seconds = 60) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const met = await condition();
    if (met) return met;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
