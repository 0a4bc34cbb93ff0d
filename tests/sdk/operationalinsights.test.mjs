// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { OperationalInsightsManagementClient } from "@azure/arm-operationalinsights";
import { all, facts, groupScope, options, owner, stranger } from "./facts.mjs";

const client = new OperationalInsightsManagementClient(owner, facts.subscriptionId, options);
const denied = new OperationalInsightsManagementClient(stranger, facts.subscriptionId, options);

after(async () => {
  await client.workspaces.beginDeleteAndWait("default", "sdk-workspace");
});

test("the workspace of the hub is listed and got", async () => {
  const listed = await all(client.workspaces.list());
  assert.ok(listed.some((one) => one.name === "default"));
  const got = await client.workspaces.get("default", "default");
  assert.equal(got.id, `${groupScope}/providers/Microsoft.OperationalInsights/workspaces/default`);
  assert.match(got.customerId, /^[0-9a-f-]{36}$/);
  assert.equal(got.provisioningState, "Succeeded");
  assert.equal((await all(client.workspaces.listByResourceGroup("default"))).length, listed.length);
});

test("a workspace is made, updated and deleted", async () => {
  const made = await client.workspaces.beginCreateOrUpdateAndWait("default", "sdk-workspace", { location: "local", sku: { name: "PerGB2018" }, retentionInDays: 60 });
  assert.equal(made.retentionInDays, 60);
  const updated = await client.workspaces.update("default", "sdk-workspace", { retentionInDays: 90, tags: { stage: "test" } });
  assert.equal(updated.customerId, made.customerId);
  assert.equal(updated.retentionInDays, 90);
  await client.workspaces.beginDeleteAndWait("default", "sdk-workspace");
  await assert.rejects(client.workspaces.get("default", "sdk-workspace"), { statusCode: 404, code: "ResourceNotFound" });
  await assert.rejects(client.workspaces.beginCreateOrUpdateAndWait("default", "no", { location: "local" }), { statusCode: 400 });
});

test("keys are shown to who may have them, and renewed", async () => {
  const before = await client.sharedKeysOperations.getSharedKeys("default", "default");
  assert.equal(Buffer.from(before.primarySharedKey, "base64").length, 64);
  const renewed = await client.sharedKeysOperations.regenerate("default", "default");
  assert.equal(renewed.secondarySharedKey, before.primarySharedKey);
  await assert.rejects(denied.sharedKeysOperations.getSharedKeys("default", "default"), { statusCode: 403 });
});

test("tables have a schema and a retention of their own", async () => {
  const tables = await all(client.tables.listByWorkspace("default", "default"));
  const syslog = tables.find((one) => one.name === "Syslog");
  assert.equal(syslog.schema.tableType, "Microsoft");
  assert.ok(syslog.schema.columns.some((column) => column.name === "SyslogMessage" && column.type === "string"));
  const updated = await client.tables.beginUpdateAndWait("default", "default", "Syslog", { retentionInDays: 9 });
  assert.equal(updated.retentionInDays, 9);
  await client.tables.beginUpdateAndWait("default", "default", "Syslog", { retentionInDays: -1 });
  assert.equal((await client.tables.get("default", "default", "Syslog")).retentionInDaysAsDefault, true);

  const columns = [{ name: "TimeGenerated", type: "dateTime" }, { name: "Message", type: "string" }];
  const made = await client.tables.beginCreateOrUpdateAndWait("default", "default", "Sdk_CL", { schema: { name: "Sdk_CL", columns } });
  assert.equal(made.schema.tableType, "CustomLog");
  assert.deepEqual(made.schema.columns.map((column) => column.name).sort(), ["Message", "TimeGenerated"]);
  await client.tables.beginDeleteAndWait("default", "default", "Sdk_CL");
  await assert.rejects(client.tables.get("default", "default", "Sdk_CL"), { statusCode: 404 });
});

test("columns, limits and tiers of a workspace are told", async () => {
  const schema = await client.schemaOperations.get("default", "default");
  const message = schema.value.find((one) => one.name === "SyslogMessage");
  assert.equal(message.type, "String");
  assert.deepEqual(message.ownerType, ["Syslog"]);
  const [usage] = await all(client.usages.list("default", "default"));
  assert.equal(usage.name.value, "CustomTables");
  const [tier] = await client.availableServiceTiers.listByWorkspace("default", "default");
  assert.equal(tier.serviceTier, "PerGB2018");
  await assert.rejects(denied.schemaOperations.get("default", "default"), { statusCode: 403 });
});

test("searches are saved, listed and deleted", async () => {
  const search = { category: "Tests", displayName: "Errors", query: "Syslog | where SeverityLevel == 'err'", functionAlias: "SdkErrors" };
  const saved = await client.savedSearches.createOrUpdate("default", "default", "sdk-search", search);
  assert.equal(saved.query, search.query);
  assert.equal(saved.version, 2);
  const { value } = await client.savedSearches.listByWorkspace("default", "default");
  assert.ok(value.some((one) => one.functionAlias === "SdkErrors"));
  await client.savedSearches.delete("default", "default", "sdk-search");
  await assert.rejects(client.savedSearches.get("default", "default", "sdk-search"), { statusCode: 404 });
});

test("query packs keep queries", async () => {
  await client.queryPacks.createOrUpdate("default", "sdk-pack", { location: "local" });
  const id = randomUUID();
  const put = await client.queries.put("default", "sdk-pack", id, { displayName: "Alerts", body: "SecurityAlert | take 10", related: { categories: ["security"] } });
  assert.equal(put.displayName, "Alerts");
  assert.ok(put.timeCreated instanceof Date);
  assert.deepEqual((await all(client.queries.list("default", "sdk-pack"))).map((one) => one.name), [id]);
  assert.equal((await all(client.queries.listSearch("default", "sdk-pack", { related: { categories: ["security"] } }))).length, 1);
  assert.equal((await all(client.queries.listSearch("default", "sdk-pack", { related: { categories: ["network"] } }))).length, 0);
  await client.queries.delete("default", "sdk-pack", id);
  await client.queryPacks.delete("default", "sdk-pack");
  await assert.rejects(client.queryPacks.get("default", "sdk-pack"), { statusCode: 404 });
});

test("a query of a pack is changed, and a pack needs no name", async () => {
  const pack = await client.queryPacks.createOrUpdateWithoutName("default", { location: "local" });
  assert.match(pack.name, /^[0-9a-f-]{36}$/);
  const tagged = await client.queryPacks.updateTags("default", pack.name, { tags: { team: "a" } });
  assert.equal(tagged.queryPackId, pack.queryPackId);
  assert.deepEqual((await client.queryPacks.get("default", pack.name)).tags, { team: "a" });
  for (const list of [client.queryPacks.list(), client.queryPacks.listByResourceGroup("default")])
    assert.ok((await all(list)).some((one) => one.name === pack.name));
  const id = randomUUID();
  await client.queries.put("default", pack.name, id, { displayName: "Alerts", body: "SecurityAlert" });
  const changed = await client.queries.update("default", pack.name, id, { displayName: "Ten alerts", body: "SecurityAlert | take 10" });
  assert.equal(changed.displayName, "Ten alerts");
  assert.equal((await client.queries.get("default", pack.name, id)).body, "SecurityAlert | take 10");
  await client.queryPacks.delete("default", pack.name);
  await assert.rejects(denied.queryPacks.createOrUpdateWithoutName("default", { location: "local" }), { statusCode: 403, code: "AuthorizationFailed" });
});

test("what is deleted may be deleted again", async () => {
  await client.savedSearches.delete("default", "default", "sdk-none");
  await client.queryPacks.delete("default", "sdk-none");
  await client.tables.beginDeleteAndWait("default", "default", "SdkNone_CL");
  await client.workspaces.beginDeleteAndWait("default", "sdk-none");
});

test("what there is none of is an empty list, and whoever makes one hears what to do", async () => {
  const place = ["default", "default"];
  const lists = [
    client.clusters.list(), client.clusters.listByResourceGroup("default"), client.dataExports.listByWorkspace(...place),
    client.dataSources.listByWorkspace(...place, "kind eq 'WindowsEvent'"), client.deletedWorkspaces.list(),
    client.deletedWorkspaces.listByResourceGroup("default"), client.linkedServices.listByWorkspace(...place),
    client.linkedStorageAccounts.listByWorkspace(...place), client.managementGroups.list(...place), client.storageInsightConfigs.listByWorkspace(...place),
  ];
  for (const list of lists) assert.deepEqual(await all(list), []);
  const unsupported = { statusCode: 400, code: "OperationNotSupported", message: /^There are no .* here\. / };
  await assert.rejects(client.clusters.beginCreateOrUpdateAndWait("default", "one", { location: "local" }), unsupported);
  await assert.rejects(client.clusters.beginUpdateAndWait("default", "one", {}), unsupported);
  await assert.rejects(client.dataExports.createOrUpdate(...place, "one", { tableNames: ["Syslog"], resourceId: `${groupScope}/providers/Microsoft.Storage/storageAccounts/one` }), unsupported);
  await assert.rejects(client.dataSources.createOrUpdate(...place, "one", { kind: "WindowsEvent", properties: {} }), unsupported);
  await assert.rejects(client.linkedServices.beginCreateOrUpdateAndWait(...place, "Cluster", {}), unsupported);
  await assert.rejects(client.linkedStorageAccounts.createOrUpdate(...place, "Query", {}), unsupported);
  await assert.rejects(client.storageInsightConfigs.createOrUpdate(...place, "one", {}), unsupported);
  const missing = { statusCode: 404, code: "ResourceNotFound" };
  await assert.rejects(client.clusters.get("default", "one"), missing);
  await assert.rejects(client.dataExports.get(...place, "one"), missing);
  await assert.rejects(client.dataSources.get(...place, "one"), missing);
  await assert.rejects(client.linkedServices.get(...place, "Cluster"), missing);
  await assert.rejects(client.linkedStorageAccounts.get(...place, "Query"), missing);
  await assert.rejects(client.storageInsightConfigs.get(...place, "one"), missing);
  await assert.rejects(client.gateways.delete(...place, "one"), missing);
});

test("solutions, migration and search jobs of tables", async () => {
  assert.deepEqual(await client.intelligencePacks.list("default", "default"), [{ name: "LogManagement", displayName: "Log Management", enabled: true }]);
  await client.intelligencePacks.enable("default", "default", "LogManagement");
  await assert.rejects(client.intelligencePacks.disable("default", "default", "LogManagement"), { statusCode: 400, code: "OperationNotSupported" });
  const columns = [{ name: "TimeGenerated", type: "dateTime" }];
  await client.tables.beginCreateOrUpdateAndWait("default", "default", "SdkOld_CL", { schema: { name: "SdkOld_CL", columns } });
  await client.tables.migrate("default", "default", "SdkOld_CL");
  await assert.rejects(client.tables.cancelSearch("default", "default", "SdkOld_CL"), { statusCode: 400, code: "OperationNotSupported" });
  await client.tables.beginDeleteAndWait("default", "default", "SdkOld_CL");
});

test("operations are listed, and one that is none is not found", async () => {
  const names = (await all(client.operations.list())).map((one) => one.name);
  assert.ok(names.includes("Microsoft.OperationalInsights/workspaces/purge/action"));
  await assert.rejects(client.operationStatuses.get("local", "none"), { statusCode: 404, code: "OperationNotFound" });
  await assert.rejects(client.workspacePurge.getPurgeStatus("default", "default", "purge-none"), { statusCode: 404, code: "OperationNotFound" });
});

test("who has no role sees no workspace", async () => {
  assert.deepEqual(await all(denied.workspaces.list()), []);
  await assert.rejects(denied.workspaces.get("default", "default"), { statusCode: 403, code: "AuthorizationFailed" });
});
