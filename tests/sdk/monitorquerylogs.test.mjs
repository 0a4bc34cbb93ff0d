// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { LogsQueryClient, LogsQueryResultStatus } from "@azure/monitor-query-logs";
import { facts, owner, registryId, stranger } from "./facts.mjs";

const at = { endpoint: `${facts.url}/v1` };
const client = new LogsQueryClient(owner, at);
const denied = new LogsQueryClient(stranger, at);
const workspace = facts.workspace.customerId;
const day = { duration: "P1D" };

test("a query answers rows of typed columns", async () => {
  const query = "print Name='bulwark', Count=long(7), Share=0.5, On=true, At=datetime(2026-11-29T01:02:03.5Z), Bag=dynamic({\"a\":[1,2]}), Took=1.5h, None=int(null)";
  const result = await client.queryWorkspace(workspace, query, day);
  assert.equal(result.status, LogsQueryResultStatus.Success);
  const [table] = result.tables;
  assert.equal(table.name, "PrimaryResult");
  assert.deepEqual(table.columnDescriptors.map(({ name, type }) => `${name}:${type}`),
    ["Name:string", "Count:long", "Share:real", "On:bool", "At:datetime", "Bag:dynamic", "Took:timespan", "None:int"]);
  const [name, count, share, on, time, bag, took, none] = table.rows[0];
  assert.deepEqual([name, count, share, on, took, none], ["bulwark", 7, 0.5, true, "01:30:00", null]);
  assert.equal(time.toISOString(), "2026-11-29T01:02:03.500Z");
  assert.deepEqual(bag, { a: [1, 2] });
});

test("statistics and visualization come where they are asked for", async () => {
  const query = "range x from 1 to 3 step 1 | render barchart with (title='Three')";
  const plain = await client.queryWorkspace(workspace, query, day);
  assert.equal(plain.statistics, undefined);
  assert.equal(plain.visualization, undefined);
  const full = await client.queryWorkspace(workspace, query, day, { includeQueryStatistics: true, includeVisualization: true, serverTimeoutInSeconds: 30 });
  assert.equal(typeof full.statistics.query.executionTime, "number");
  assert.equal(full.visualization.visualization, "barchart");
  assert.equal(full.visualization.title, "Three");
  assert.equal(full.tables[0].rows.length, 3);
});

test("a query that is wrong says where", async () => {
  await assert.rejects(client.queryWorkspace(workspace, "print a |\n summarise b", day), (error) => {
    assert.equal(error.statusCode, 400);
    const inner = error.details.error.innererror ?? error.details.error.innerError;
    assert.ok(inner, JSON.stringify(error.details));
    return true;
  });
});

test("a batch is answered in its order, each query by itself", async () => {
  const [one, wrong, two] = await client.queryBatch([
    { workspaceId: workspace, query: "print 1", timespan: day },
    { workspaceId: workspace, query: "NoSuchTable | take 1", timespan: day },
    { workspaceId: workspace, query: "print 2", timespan: day, includeQueryStatistics: true },
  ]);
  assert.equal(one.tables[0].rows[0][0], 1);
  assert.deepEqual(wrong.partialTables, []); // what this client makes of a failure in a batch
  assert.equal(wrong.partialError.code, "BadArgumentError");
  assert.equal(two.tables[0].rows[0][0], 2);
  assert.ok(two.statistics);
});

test("a table of a workspace is asked by the workspace's name", async () => {
  const { tables } = await client.queryWorkspace(workspace, `union workspace("default").Heartbeat, workspace('${workspace}').Usage | count`, day);
  assert.equal(typeof tables[0].rows[0][0], "number");
});

test("rows of one resource are asked by its id", async () => {
  const result = await client.queryResource(registryId, "print 1", day);
  assert.equal(result.tables[0].rows[0][0], 1);
});

test("another workspace is not found, and who has no role is refused", async () => {
  await assert.rejects(client.queryWorkspace("00000000-0000-4000-8000-000000000000", "print 1", day), { statusCode: 404 });
  await assert.rejects(denied.queryWorkspace(workspace, "print 1", day), { statusCode: 403 });
  await assert.rejects(denied.queryResource(registryId, "print 1", day), { statusCode: 403 });
});
