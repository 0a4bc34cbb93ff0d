// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SubscriptionClient } from "@azure/arm-resources-subscriptions";
import { all, facts, groupScope, options, owner, registryId, stranger, subscriptionScope } from "./facts.mjs";

const client = new ResourceManagementClient(owner, facts.subscriptionId, options);
const denied = new ResourceManagementClient(stranger, facts.subscriptionId, options);
const kRegistries = "Microsoft.ContainerRegistry/registries";
const kRegistryVersion = "2025-11-01";

test("resource groups are created, got, updated, listed and deleted", async () => {
  const created = await client.resourceGroups.createOrUpdate("crud", { location: "local", tags: { a: "1" } });
  assert.equal(created.id, `${subscriptionScope}/resourceGroups/crud`);
  assert.equal(created.type, "Microsoft.Resources/resourceGroups");
  assert.equal(created.properties.provisioningState, "Succeeded");
  assert.deepEqual((await client.resourceGroups.get("CRUD")).id, created.id);
  assert.deepEqual((await client.resourceGroups.update("crud", { tags: { b: "2" } })).tags.b, "2");
  assert.equal((await client.resourceGroups.checkExistence("crud")).body, true);
  const names = (await all(client.resourceGroups.list())).map((group) => group.name);
  assert.ok(names.includes("crud") && names.includes("default"));
  const paged = [];
  for await (const page of client.resourceGroups.list({ top: 1 }).byPage()) {
    assert.ok(page.length <= 1);
    paged.push(...page.map((group) => group.name));
  }
  assert.deepEqual(paged.sort(), names.sort());
  await client.resourceGroups.delete("crud");
  assert.equal((await client.resourceGroups.checkExistence("crud")).body, false);
  await assert.rejects(client.resourceGroups.get("crud"), { statusCode: 404, code: "ResourceGroupNotFound" });
  await assert.rejects(async () => client.resourceGroups.delete("crud"), { statusCode: 404, code: "ResourceGroupNotFound" });
});

test("a resource group that holds something is not deleted", async () => {
  await assert.rejects(async () => client.resourceGroups.delete("default"), { statusCode: 409 });
});

test("resources are listed, by type and by group, in pages", async () => {
  const [team] = (await all(client.resources.list({ filter: `resourceType eq '${kRegistries}'` }))).filter((one) => one.id === registryId);
  assert.equal(team.type, kRegistries);
  assert.equal(team.location, "local");
  assert.deepEqual(await all(client.resources.list({ filter: "resourceType eq 'Microsoft.Compute/virtualMachines'" })), []);
  assert.ok((await all(client.resources.listByResourceGroup("default"))).some((one) => one.id === registryId));
  const second = `${groupScope}/providers/${kRegistries}/second.invalid`;
  await client.resources.createOrUpdateById(second, kRegistryVersion, {
    location: "local", sku: { name: "Standard" }, properties: { scanEnabled: false, pollMinutes: 0 },
  });
  const pages = await all(client.resources.list({ top: 1 }).byPage());
  assert.ok(pages.every((page) => page.length <= 1));
  const ids = pages.flat().map((one) => one.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of [registryId, second]) assert.ok(ids.includes(id), id);
  await client.resources.deleteById(second, kRegistryVersion);
});

test("a resource is got by its id, and known to be there", async () => {
  const got = await client.resources.getById(registryId, kRegistryVersion);
  assert.equal(got.properties.loginServer, process.env.BULWARK_SDK_REGISTRY);
  assert.equal(got.properties.password, undefined);
  assert.equal((await client.resources.checkExistenceById(registryId, kRegistryVersion)).body, true);
  assert.equal((await client.resources.checkExistenceById(`${registryId}x`, kRegistryVersion)).body, false);
});

test("providers tell their types", async () => {
  const providers = await all(client.providers.list());
  const registries = providers.find((one) => one.namespace === "Microsoft.ContainerRegistry");
  assert.equal(registries.registrationState, "Registered");
  assert.ok(registries.resourceTypes.some((type) => type.resourceType === "registries"));
  for (const type of providers.flatMap((provider) => provider.resourceTypes)) {
    assert.ok(type.apiVersions.length > 0, type.resourceType);
    assert.ok(type.apiVersions.every((version) => /^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version)), `${type.resourceType} ${type.apiVersions}`);
    assert.equal(type.defaultApiVersion, type.apiVersions[0]);
  }
  assert.ok(registries.resourceTypes.find((type) => type.resourceType === "registries").apiVersions.includes(kRegistryVersion));
  const one = await client.providers.get("microsoft.containerregistry");
  assert.equal(one.namespace, "Microsoft.ContainerRegistry");
  assert.equal(one.id, `${subscriptionScope}/providers/Microsoft.ContainerRegistry`);
  assert.deepEqual(one.resourceTypes, registries.resourceTypes);
  assert.equal((await client.providers.register("Microsoft.Security")).registrationState, "Registered");
  await assert.rejects(client.providers.get("Microsoft.Moon"), { statusCode: 404, code: "InvalidResourceNamespace" });
});

test("the installation is one subscription of one tenant", async () => {
  const subscriptions = new SubscriptionClient(owner, options);
  const [subscription, ...more] = await all(subscriptions.subscriptions.list());
  assert.deepEqual(more, []);
  assert.equal(subscription.subscriptionId, facts.subscriptionId);
  assert.equal(subscription.tenantId, facts.tenantId);
  assert.equal(subscription.state, "Enabled");
  assert.equal((await subscriptions.subscriptions.get(facts.subscriptionId)).displayName, subscription.displayName);
  assert.deepEqual((await all(subscriptions.subscriptions.listLocations(facts.subscriptionId))).map((one) => one.name), ["local"]);
  assert.equal((await all(subscriptions.tenants.list()))[0].tenantId, facts.tenantId);
  await assert.rejects(subscriptions.subscriptions.get("00000000-0000-4000-8000-000000000002"), { statusCode: 404, code: "SubscriptionNotFound" });
});

test("who has no role sees no subscription, group or resource", async () => {
  assert.deepEqual(await all(new SubscriptionClient(stranger, options).subscriptions.list()), []);
  assert.deepEqual(await all(denied.resourceGroups.list()), []);
  assert.deepEqual(await all(denied.resources.list()), []);
  await assert.rejects(denied.resourceGroups.createOrUpdate("crud", { location: "local" }), { statusCode: 403, code: "AuthorizationFailed" });
  await assert.rejects(denied.resourceGroups.get("default"), { statusCode: 403, code: "AuthorizationFailed" });
});
