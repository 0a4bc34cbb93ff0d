// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { ResourceManagementClient } from "@azure/arm-resources";
import { all, facts, groupScope, options, owner, registryId, stranger } from "./facts.mjs";

const client = new ContainerRegistryManagementClient(owner, facts.subscriptionId, options);
const denied = new ContainerRegistryManagementClient(stranger, facts.subscriptionId, options);
const resources = new ResourceManagementClient(owner, facts.subscriptionId, options).resources;
const kMany = 120; // more than one page of a list
const kName = "crud.invalid"; // the host where it is looked for, which is never there
const standard = { location: "local", sku: { name: "Standard" } };
const many = Array.from({ length: kMany }, (_, i) => `many${String(i).padStart(3, "0")}.invalid`);
const idOf = (name) => `${groupScope}/providers/Microsoft.ContainerRegistry/registries/${name}`;
const made = [];

after(async () => {
  for (const name of made) await client.registries.delete("default", name);
});

test("a registry is created, got, updated and deleted", async () => {
  const created = await client.registries.create("default", kName, { ...standard, sku: { name: "Premium" }, adminUserEnabled: false });
  assert.equal(created.id, idOf(kName));
  assert.equal(created.type, "Microsoft.ContainerRegistry/registries");
  assert.equal(created.loginServer, kName);
  assert.equal(created.provisioningState, "Succeeded");
  assert.equal(created.sku.name, "Premium");
  assert.equal(created.sku.tier, "Premium");
  assert.ok(created.creationDate instanceof Date);
  assert.equal(created.systemData.createdBy, facts.owner.clientId);

  const got = await client.registries.get("default", kName);
  assert.deepEqual(got, created);

  const updated = await client.registries.update("default", kName, { tags: { stage: "test" } });
  assert.equal(updated.tags.stage, "test");
  assert.equal(updated.sku.name, "Premium");
  assert.deepEqual(updated.creationDate, created.creationDate);

  await client.registries.delete("default", kName);
  await assert.rejects(client.registries.get("default", kName), (error) => {
    assert.equal(error.name, "RestError");
    assert.equal(error.statusCode, 404);
    assert.equal(error.code, "ResourceNotFound");
    assert.ok(error.message.includes(kName), error.message);
    return true;
  });
  await client.registries.delete("default", kName); // 204: gone is gone
});

test("names are compared without case and shown as they were given", async () => {
  const got = await client.registries.get("DEFAULT", "Team");
  assert.equal(got.id, registryId);
  assert.equal(got.loginServer, process.env.BULWARK_SDK_REGISTRY);
});

test("a list of many registries comes in pages, each registry once", async () => {
  // Switched off: nobody looks for them. Through the client that may say so.
  for (const name of many) {
    made.push(name);
    await resources.createOrUpdateById(idOf(name), "2025-11-01", { ...standard, properties: { scanEnabled: false, pollMinutes: 0 } });
  }
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

test("a registry whose name is no host is one of Azure's", async () => {
  made.push("azures");
  const id = idOf("azures");
  await resources.createOrUpdateById(id, "2025-11-01", { ...standard, properties: { scanEnabled: false, pollMinutes: 0 } });
  assert.equal((await client.registries.get("default", "azures")).loginServer, "azures.azurecr.io");
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
  await assert.rejects(async () => client.registries.create("nowhere", "lost", standard), (error) => {
    assert.equal(error.statusCode, 404);
    assert.equal(error.code, "ResourceGroupNotFound");
    return true;
  });
});

test("another subscription is not found", async () => {
  const elsewhere = new ContainerRegistryManagementClient(owner, "00000000-0000-4000-8000-000000000002", options);
  await assert.rejects(all(elsewhere.registries.list()), { statusCode: 404, code: "SubscriptionNotFound" });
  await assert.rejects(async () => elsewhere.registries.create("default", "lost", standard), { statusCode: 404, code: "SubscriptionNotFound" });
});

test("who has no role sees no registries and makes none", async () => {
  assert.deepEqual(await all(denied.registries.list()), []);
  await assert.rejects(denied.registries.get("default", "team"), { statusCode: 403, code: "AuthorizationFailed" });
  await assert.rejects(async () => denied.registries.create("default", kName, standard), { statusCode: 403, code: "AuthorizationFailed" });
  await assert.rejects(async () => denied.registries.delete("default", "team"), { statusCode: 403, code: "AuthorizationFailed" });
});
