// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { all, facts, groupScope, options, owner, registryId, stranger } from "./facts.mjs";

const client = new ContainerRegistryManagementClient(owner, facts.subscriptionId, options);
const denied = new ContainerRegistryManagementClient(stranger, facts.subscriptionId, options);
const kMany = 120; // more than one page of a list

// Registries that nobody asks: switched off, and never polled.
const quiet = (host) => ({ location: "local", sku: { name: "Standard" }, properties: {}, tags: { host } });
const many = Array.from({ length: kMany }, (_, i) => `many${String(i).padStart(3, "0")}`);

after(async () => {
  for (const name of [...many, "crud"]) await client.registries.delete("default", name);
});

test("a registry is created, got, updated and deleted", async () => {
  const created = await client.registries.create("default", "crud", { ...quiet("a"), sku: { name: "Premium" }, adminUserEnabled: false });
  assert.equal(created.id, `${groupScope}/providers/Microsoft.ContainerRegistry/registries/crud`);
  assert.equal(created.type, "Microsoft.ContainerRegistry/registries");
  assert.equal(created.provisioningState, "Succeeded");
  assert.equal(created.sku.name, "Premium");
  assert.equal(created.sku.tier, "Premium");
  assert.ok(created.creationDate instanceof Date);
  assert.equal(created.systemData.createdBy, facts.owner.clientId);

  const got = await client.registries.get("default", "crud");
  assert.deepEqual(got, created);

  const updated = await client.registries.update("default", "crud", { tags: { stage: "test" } });
  assert.equal(updated.tags.stage, "test");
  assert.equal(updated.sku.name, "Premium");
  assert.deepEqual(updated.creationDate, created.creationDate);

  await client.registries.delete("default", "crud");
  await assert.rejects(client.registries.get("default", "crud"), (error) => {
    assert.equal(error.name, "RestError");
    assert.equal(error.statusCode, 404);
    assert.equal(error.code, "ResourceNotFound");
    assert.match(error.message, /crud/);
    return true;
  });
  await client.registries.delete("default", "crud"); // 204: gone is gone
});

test("names are compared without case and shown as they were given", async () => {
  const got = await client.registries.get("DEFAULT", "Team");
  assert.equal(got.id, registryId);
  assert.equal(got.loginServer, process.env.BULWARK_SDK_REGISTRY);
});

test("a list of many registries comes in pages, each registry once", async () => {
  for (const name of many) await client.registries.create("default", name, quiet(name));
  const names = [];
  let pages = 0;
  for await (const page of client.registries.list().byPage()) {
    ++pages;
    names.push(...page.map((one) => one.name));
  }
  assert.ok(pages > 1, `${pages} page`);
  assert.equal(new Set(names).size, names.length);
  for (const name of [...many, "team"]) assert.ok(names.includes(name), name);

  const first = await client.registries.list().byPage().next();
  const rest = await all(client.registries.list().byPage({ continuationToken: first.value.continuationToken }));
  assert.equal(first.value.length + rest.flat().length, names.length);
  assert.equal((await all(client.registries.listByResourceGroup("default"))).length, names.length);
  assert.deepEqual(await all(client.registries.listByResourceGroup("nowhere")), []);
});

test("what was changed meanwhile is not overwritten: 412", async () => {
  let etag;
  await client.registries.get("default", "team", { onResponse: (response) => (etag = response.headers.get("etag")) });
  assert.ok(etag);
  const ifMatch = (value) => ({ requestOptions: { headers: { "if-match": value } } });
  await assert.rejects(async () => client.registries.update("default", "team", { tags: {} }, ifMatch('"another"')), (error) => {
    assert.equal(error.statusCode, 412);
    assert.equal(error.code, "PreconditionFailed");
    return true;
  });
  const updated = await client.registries.update("default", "team", { tags: { checked: "yes" } }, ifMatch(etag));
  assert.equal(updated.tags.checked, "yes");
  await assert.rejects(async () => client.registries.update("default", "team", { tags: {} }, ifMatch(etag)), { statusCode: 412 });
});

test("a resource group must be there first", async () => {
  await assert.rejects(async () => client.registries.create("nowhere", "lost", quiet("lost")), (error) => {
    assert.equal(error.statusCode, 404);
    assert.equal(error.code, "ResourceGroupNotFound");
    return true;
  });
});

test("another subscription is not found", async () => {
  const elsewhere = new ContainerRegistryManagementClient(owner, "00000000-0000-4000-8000-000000000002", options);
  await assert.rejects(all(elsewhere.registries.list()), { statusCode: 404, code: "SubscriptionNotFound" });
  await assert.rejects(async () => elsewhere.registries.create("default", "lost", quiet("lost")), { statusCode: 404, code: "SubscriptionNotFound" });
});

test("who has no role sees no registries and makes none", async () => {
  assert.deepEqual(await all(denied.registries.list()), []);
  await assert.rejects(denied.registries.get("default", "team"), { statusCode: 403, code: "AuthorizationFailed" });
  await assert.rejects(async () => denied.registries.create("default", "crud", quiet("a")), { statusCode: 403, code: "AuthorizationFailed" });
  await assert.rejects(async () => denied.registries.delete("default", "team"), { statusCode: 403, code: "AuthorizationFailed" });
});
