// SPDX-License-Identifier: Apache-2.0
// Records that pages are about, sent as agents and scripts send them: a data collection rule, the Data Collector API, JSON lines.
import { createHmac, randomUUID } from 'node:crypto';
import { address } from '../hub/hub.mjs';

const publisher = '3913510d-42f4-4e42-8a64-420c390055eb'; // Monitoring Metrics Publisher
const begun = Date.now();
const minutesAgo = (minutes) => new Date(begun - minutes * 60_000).toISOString();
const counted = (count, make) => Array.from({ length: count }, (_, index) => make(index));

export const lineCount = 1200;
export const errorCount = lineCount / 10;
export const orderCount = 300;

const containers = ['web', 'api', 'worker'];

/** A line a minute; every tenth an error, every fifth an object. */
const line = (index) => ({
  TimeGenerated: minutesAgo(index + 1), Computer: 'node-1', ContainerId: `c${index % 3}`, ContainerName: containers[index % 3], PodNamespace: 'shop', PodName: `${containers[index % 3]}-0`,
  LogSource: index % 10 === 0 ? 'stderr' : 'stdout', LogLevel: index % 10 === 0 ? 'ERROR' : 'INFO',
  LogMessage: index % 5 === 0 ? { path: `/orders/${index}`, status: index % 10 === 0 ? 500 : 200, took: { ms: (index * 7) % 400, queue: 'default' } } : `order ${index} accepted, "fast" lane`,
});

const countries = ['NL', 'DE', 'FR', 'SE'];
const order = (index) => ({
  Placed: minutesAgo(index * 4 + 1), Country: countries[index % 4], Total: Number((((index * 37) % 5000) / 100 + 1).toFixed(2)), Items: (index % 7) + 1, Paid: index % 9 !== 0, Note: index === 3 ? '=1+1' : '',
});

const rules = ['Keep the daemon\u2019s socket to root', 'Write an audit log of the daemon', 'Restrict traffic between containers', 'Set limits for open files', 'Sign images before they run'];
const rule = (index) => ({
  TimeGenerated: minutesAgo(index + 5), Computer: `docker-${index % 3}`, AzId: `rule-${index % 5}`, CceId: `CIS-${1 + (index % 5)}.${index % 4}`, BaselineType: 'Docker', Description: rules[index % 5],
  AnalyzeResult: index % 3 === 0 ? 'Failed' : 'Passed', RuleSeverity: ['Critical', 'Warning', 'Informational'][index % 3], ActualResult: index % 3 === 0 ? 'absent' : 'present', ExpectedResult: 'present',
});

const counter = (index) => ({
  TimeGenerated: minutesAgo(Math.floor(index / 2) * 10 + 1), Computer: `docker-${index % 2}`, ObjectName: 'K8SContainer', CounterName: 'cpuUsageNanoCores', InstanceName: containers[index % 2],
  CounterValue: Math.round(4e8 + 2e8 * Math.sin(index / 9) + (index % 2) * 1e8),
});

async function sendThroughRule({ session, ask }) {
  const { subscriptionId, workspace, user } = session;
  const rulePath = `/subscriptions/${subscriptionId}/resourceGroups/default/providers/Microsoft.Insights/dataCollectionRules/lines`;
  const { properties } = await ask('PUT', `${rulePath}?api-version=2023-03-11`, {
    location: 'local',
    properties: {
      destinations: { logAnalytics: [{ name: 'hub', workspaceResourceId: workspace.id }] },
      dataFlows: [{ streams: ['Microsoft-ContainerLogV2'], destinations: ['hub'] }],
    },
  });
  await ask('PUT', `${rulePath}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`, {
    properties: { roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${publisher}`, principalId: user.id, principalType: 'User' },
  });
  await ask('POST', `/dataCollectionRules/${properties.immutableId}/streams/Microsoft-ContainerLogV2?api-version=2023-01-01`, counted(lineCount, line));
}

async function sendSigned({ session, ask }) {
  const { customerId, id } = session.workspace;
  const { primarySharedKey } = await ask('POST', `${id}/sharedKeys?api-version=2020-08-01`, {});
  const body = JSON.stringify(counted(orderCount, order));
  const date = new Date().toUTCString();
  const signed = `POST\n${Buffer.byteLength(body)}\napplication/json\nx-ms-date:${date}\n/api/logs`;
  const signature = createHmac('sha256', Buffer.from(primarySharedKey, 'base64')).update(signed, 'utf8').digest('base64');
  const response = await fetch(`${address}/api/logs?api-version=2016-04-01`, {
    method: 'POST', body,
    headers: { Authorization: `SharedKey ${customerId}:${signature}`, 'Content-Type': 'application/json', 'Log-Type': 'Orders', 'x-ms-date': date, 'time-generated-field': 'Placed' },
  });
  if (!response.ok) throw new Error(`the Data Collector API: ${response.status} ${await response.text()}`);
}

export const askLogs = async ({ session, ask }, query) => (await ask('POST', `/v1/workspaces/${session.workspace.customerId}/query`, { query })).tables[0].rows;

/** Asks until the query gives what is wanted: what was taken is in its table within seconds. */
export async function untilLogs(api, query, wanted) {
  let last;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 100))) {
    last = await askLogs(api, query).catch((error) => String(error));
    if (wanted(last)) return last;
  }
  throw new Error(`after a minute ${query} gives ${JSON.stringify(last)}`);
}

/** Sends everything and waits until it can be asked for, the hub's own records too. */
export async function sendRecords(api) {
  await sendThroughRule(api);
  await sendSigned(api);
  const { customerId } = api.session.workspace;
  const publish = (table, rows) => api.ask('POST', `/api/logs/tables/${table}?workspace=${customerId}`, rows);
  await api.ask('PUT', `${api.session.workspace.id}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`, {
    properties: { roleDefinitionId: `/subscriptions/${api.session.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${publisher}`, principalId: api.session.user.id, principalType: 'User' },
  });
  await publish('SecurityBaseline', counted(45, rule));
  await publish('Perf', counted(200, counter));
  const gives = (query, count) => untilLogs(api, query, (rows) => Array.isArray(rows) && rows[0][0] >= count);
  await gives('ContainerLogV2 | count', lineCount);
  await gives('Orders_CL | count', orderCount);
  await gives('Perf | count', 200);
  await gives('SecurityBaseline | count', 45);
  await gives('Heartbeat | count', 1);
  await gives('AzureActivity | where OperationNameValue has "dataCollectionRules" | count', 1);
}
