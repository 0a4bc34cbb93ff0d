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

test("who has no role sees no workspace", async () => {
  assert.deepEqual(await all(denied.workspaces.list()), []);
  await assert.rejects(denied.workspaces.get("default", "default"), { statusCode: 403, code: "AuthorizationFailed" });
});
