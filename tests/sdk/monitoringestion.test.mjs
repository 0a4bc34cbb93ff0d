// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { OperationalInsightsManagementClient } from "@azure/arm-operationalinsights";
import { ResourceManagementClient } from "@azure/arm-resources";
import { isAggregateLogsUploadError, LogsIngestionClient } from "@azure/monitor-ingestion";
import { LogsQueryClient } from "@azure/monitor-query-logs";
import { facts, groupScope, options, owner, stranger, subscriptionScope, waitFor } from "./facts.mjs";

const kPublisher = "3913510d-42f4-4e42-8a64-420c390055eb"; // Monitoring Metrics Publisher
const kPurger = "150f5e0c-0603-4f03-8c7f-cf70034c4e90"; // Data Purger
const workspaceId = `${groupScope}/providers/Microsoft.OperationalInsights/workspaces/default`;
const ruleId = `${groupScope}/providers/Microsoft.Insights/dataCollectionRules/sdk-rule`;
const sender = new LogsIngestionClient(facts.url, owner);
const denied = new LogsIngestionClient(facts.url, stranger);
const queries = new LogsQueryClient(owner, { endpoint: `${facts.url}/v1` });
const columns = [{ name: "TimeGenerated", type: "dateTime" }, { name: "Marker", type: "string" }, { name: "Number", type: "int" }];
let immutableId;

before(async () => {
  await new OperationalInsightsManagementClient(owner, facts.subscriptionId, options)
    .tables.beginCreateOrUpdateAndWait("default", "default", "SdkOrders_CL", { schema: { name: "SdkOrders_CL", columns } });
  const rule = await new ResourceManagementClient(owner, facts.subscriptionId, options).resources.createOrUpdateById(ruleId, "2023-03-11", {
    location: "local",
    properties: {
      streamDeclarations: { "Custom-SdkOrders": { columns: columns.map(({ name, type }) => ({ name, type: type.toLowerCase() })) } },
      destinations: { logAnalytics: [{ name: "hub", workspaceResourceId: workspaceId }] },
      dataFlows: [{ streams: ["Custom-SdkOrders"], destinations: ["hub"], transformKql: "source", outputStream: "Custom-SdkOrders_CL" }],
    },
  });
  immutableId = rule.properties.immutableId;
  assert.match(immutableId, /^dcr-[0-9a-f]{32}$/);
  await new AuthorizationManagementClient(owner, facts.subscriptionId, options).roleAssignments.create(ruleId, randomUUID(), {
    roleDefinitionId: `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${kPublisher}`,
    principalId: facts.owner.id, principalType: "ServicePrincipal",
  });
});

test("what is uploaded is there to be asked for", async () => {
  const marker = randomUUID();
  const kRows = 2000; // more than one request of 1 MB holds
  const padding = "x".repeat(1000);
  const rows = Array.from({ length: kRows }, (_, i) => ({ TimeGenerated: new Date().toISOString(), Marker: marker, Number: i, Padding: padding }));
  await sender.upload(immutableId, "Custom-SdkOrders", rows);
  const counted = await waitFor("the rows", async () => {
    const { tables } = await queries.queryWorkspace(facts.workspace.customerId,
      `SdkOrders_CL | where Marker == '${marker}' | summarize count(), sum(Number)`, { duration: "PT1H" });
    return tables[0].rows[0][0] === kRows && tables[0].rows[0];
  });
  assert.deepEqual(counted, [kRows, (kRows * (kRows - 1)) / 2]);
});

test("a stream or rule that is none, and a sender without the role, are refused", async () => {
  const rows = [{ TimeGenerated: new Date().toISOString(), Marker: "none", Number: 1 }];
  const refusedWith = (status) => (error) => {
    assert.ok(isAggregateLogsUploadError(error), String(error));
    assert.equal(error.errors[0].cause.statusCode, status);
    assert.deepEqual(error.errors[0].failedLogs, rows);
    return true;
  };
  await assert.rejects(sender.upload(immutableId, "Custom-Other", rows), refusedWith(400));
  await assert.rejects(sender.upload("dcr-00000000000000000000000000000000", "Custom-SdkOrders", rows), refusedWith(404));
  await assert.rejects(denied.upload(immutableId, "Custom-SdkOrders", rows), refusedWith(403));
});

test("rows that were just taken are purged by who may, and no others", async () => {
  const purger = new OperationalInsightsManagementClient(stranger, facts.subscriptionId, options).workspacePurge;
  const [gone, kept] = [randomUUID(), randomUUID()];
  const rows = [gone, kept].flatMap((marker) => [1, 2, 3].map((number) => ({ TimeGenerated: new Date().toISOString(), Marker: marker, Number: number })));
  await sender.upload(immutableId, "Custom-SdkOrders", rows);
  const body = { table: "SdkOrders_CL", filters: [{ column: "Marker", operator: "==", value: gone }, { column: "Number", operator: "between", value: [2, 9] }] };
  await assert.rejects(purger.purge("default", "default", body), { statusCode: 403, code: "AuthorizationFailed" });
  const roles = new AuthorizationManagementClient(owner, facts.subscriptionId, options).roleAssignments;
  const assignment = await roles.create(workspaceId, randomUUID(), {
    roleDefinitionId: `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${kPurger}`,
    principalId: facts.stranger.id, principalType: "ServicePrincipal",
  });
  try {
    const { operationId, xMsStatusLocation } = await purger.purge("default", "default", body);
    assert.ok(xMsStatusLocation.startsWith(`${facts.url}${workspaceId}/operations/${operationId}?`), xMsStatusLocation);
    await waitFor("the purge", async () => (await purger.getPurgeStatus("default", "default", operationId)).status === "completed");
    const { tables } = await queries.queryWorkspace(facts.workspace.customerId,
      `SdkOrders_CL | where Marker in ('${gone}', '${kept}') | summarize Rows = count(), Sum = sum(Number) by Marker`, { duration: "PT1H" });
    const left = Object.fromEntries(tables[0].rows.map(([marker, count, sum]) => [marker, [count, sum]]));
    assert.deepEqual(left, { [gone]: [1, 1], [kept]: [3, 6] });
    await assert.rejects(purger.purge("default", "default", { table: "SdkOrders_CL", filters: [{ column: "Nothing", operator: "==", value: 1 }] }),
      { statusCode: 400, message: /filters\[0\]\.column/ });
  } finally {
    await roles.deleteById(assignment.id);
  }
});
