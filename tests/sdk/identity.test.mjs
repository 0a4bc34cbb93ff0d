// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialOf, facts, owner } from "./facts.mjs";

test("a client secret gives a token that the hub takes", async () => {
  const token = await owner.getToken("https://management.azure.com/.default");
  assert.ok(token.token.length > 20);
  assert.ok(token.expiresOnTimestamp > Date.now());
  const session = await fetch(`${facts.url}/api/v1/session`, { headers: { authorization: `Bearer ${token.token}` } });
  assert.equal(session.status, 200);
  assert.equal((await session.json()).tenantId, facts.tenantId);
});

test("the hub's own address is a scope too", async () => {
  assert.ok((await owner.getToken(`${facts.url}/.default`)).token);
});

test("a wrong secret is refused as Entra refuses it", async () => {
  const wrong = credentialOf({ ...facts.owner, secret: "mistaken-secret" });
  await assert.rejects(wrong.getToken("https://management.azure.com/.default"), (error) => {
    assert.equal(error.name, "AuthenticationRequiredError"); // what msal makes of the answer "invalid_client"
    assert.match(error.message, /^invalid_client/);
    assert.ok(!error.message.includes("mistaken-secret"));
    return true;
  });
});

test("another tenant has no authority here", async () => {
  const { ClientSecretCredential } = await import("@azure/identity");
  const elsewhere = new ClientSecretCredential("00000000-0000-4000-8000-000000000001", facts.owner.clientId, facts.owner.secret, {
    authorityHost: facts.url,
    disableInstanceDiscovery: true,
  });
  await assert.rejects(elsewhere.getToken("https://management.azure.com/.default"));
});
