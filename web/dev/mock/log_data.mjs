// SPDX-License-Identifier: Apache-2.0
// Made-up records of a workspace, and what its metadata says of the tables.
import { randomUUID } from 'node:crypto';
import { recommendationKey } from './data.mjs';

const column = (name, type, description = '') => ({ name, type, description });
const standard = [
  column('TimeGenerated', 'datetime', 'When the record came to be.'), column('_ResourceId', 'string', 'Id of the resource that the record is about.'),
  column('Type', 'string', 'Name of the table.'),
];

const tables = {
  ContainerInstanceLog_CL: ['Lines that containers of container groups wrote.', [column('ContainerGroup_s', 'string', 'Name of the container group.'), column('ContainerName_s', 'string', 'Name of the container.'), column('Message', 'string', 'The line.'), column('Source_s', 'string', 'Part of the agent that sent the line.')]],
  ContainerRegistryLoginEvents: ['Sign-ins at registries.', [column('CallerIpAddress', 'string', 'Address of the caller.'), column('Identity', 'string', 'Who signed in.'), column('LoginServer', 'string', 'The registry.'), column('ResultType', 'string', 'HTTP status of the answer.'), column('DurationMs', 'long', 'How long it took.')]],
  Heartbeat: ['A sign of life of every agent, once a minute.', [column('Computer', 'string', 'Name of the machine.'), column('OSName', 'string', 'Operating system.'), column('Version', 'string', 'Version of the agent.')]],
  Perf: ['Counters of machines and containers.', [column('Computer', 'string', 'Name of the machine.'), column('ObjectName', 'string', 'What is measured.'), column('CounterName', 'string', 'Name of the counter.'), column('CounterValue', 'real', 'Value of the counter.')]],
  SecurityBaseline: ['Each rule of a hardening benchmark as it was found on a machine or cluster.', [column('Computer', 'string', 'Name of the machine.'), column('CceId', 'string', 'Number of the rule.'), column('Description', 'string', 'What the rule demands.'), column('AnalyzeResult', 'string', 'Passed or Failed.'), column('RuleSeverity', 'string', 'Weight of the rule.'), column('BaselineType', 'string', 'Kind of benchmark.')]],
  SecurityNestedRecommendation: ['Single findings under a recommendation.', [column('AssessedResourceId', 'string', 'Id of the resource.'), column('Id', 'string', 'Id of the finding.'), column('VulnerabilityId', 'string', 'Id of the vulnerability.'), column('RecommendationName', 'string', 'Title of the finding.'), column('RecommendationSeverity', 'string', 'High, Medium or Low.'), column('RecommendationState', 'string', 'Healthy or Unhealthy.'), column('AdditionalData', 'dynamic', 'Details of the finding.')]],
  SecurityRecommendation: ['The state of a recommendation for one resource.', [column('AssessedResourceId', 'string', 'Id of the resource.'), column('RecommendationName', 'string', 'Key of the recommendation.'), column('RecommendationDisplayName', 'string', 'Title of the recommendation.'), column('RecommendationSeverity', 'string', 'High, Medium or Low.'), column('RecommendationState', 'string', 'Healthy, Unhealthy or NotApplicable.'), column('StatusChangeDate', 'datetime', 'When the state last changed.'), column('Properties', 'dynamic', 'Further details.')]],
};

const examples = [
  { id: 'restarts', displayName: 'Containers that restart', description: 'Starts by container group, hour by hour', body: 'ContainerInstanceLog_CL\n| where Message has "Started container"\n| summarize count() by ContainerGroup_s, bin(TimeGenerated, 1h)\n| render timechart', related: { tables: ['ContainerInstanceLog_CL'] } },
  { id: 'failed-sign-ins', displayName: 'Failed sign-ins by address', description: 'Refused sign-ins at registries', body: 'ContainerRegistryLoginEvents\n| where ResultType != "200"\n| summarize count() by CallerIpAddress\n| order by count_ desc\n| render columnchart', related: { tables: ['ContainerRegistryLoginEvents'] } },
  { id: 'failed-rules', displayName: 'Failed rules of container hosts', description: 'The benchmark’s rules that a host does not meet', body: 'SecurityBaseline\n| where AnalyzeResult == "Failed"\n| project Computer, CceId, Description, RuleSeverity', related: { tables: ['SecurityBaseline'] } },
  { id: 'cpu', displayName: 'Processor time by machine', description: 'Average of every half hour', body: 'Perf\n| where CounterName == "% Processor Time"\n| summarize avg(CounterValue) by Computer, bin(TimeGenerated, 30m)\n| render timechart with (title = "Processor time")', related: { tables: ['Perf'] } },
];

export function metadata(session) {
  return {
    tables: Object.entries(tables).map(([name, [description, columns]]) => ({ id: `t/${name}`, name, description, timespanColumn: 'TimeGenerated', columns: [...columns, ...standard] })),
    functions: [{ id: 'f/failed', name: 'FailedRules', parameters: '(computer:string)', description: 'Failed rules of one machine', body: 'SecurityBaseline | where Computer == computer and AnalyzeResult == "Failed"' }],
    queries: examples, workspaces: [{ id: session.workspace.customerId, resourceId: session.workspace.id, name: session.workspace.name, region: 'local' }],
  };
}

const minute = 60_000;
const begun = Date.now();
const lines = ['Started container', 'GET /healthz 200', 'GET /cart 200', 'connection reset by peer', 'checkpoint complete', 'Back-off restarting failed container', 'retry 3 of 5: upstream timed out, "gateway"'];
const groups = ['checkout', 'catalog', 'ingest'];
const hosts = ['edge-01', 'edge-02', 'build-07'];

const series = (count, stepMinutes, make) => Array.from({ length: count }, (_, n) => ({ TimeGenerated: new Date(begun - n * stepMinutes * minute - 7000).toISOString(), ...make(n) }));

const made = {
  ContainerInstanceLog_CL: () => series(4000, 2.5, (n) => ({ ContainerGroup_s: groups[n % 3], ContainerName_s: `${groups[n % 3]}-${n % 2}`, Message: lines[(n * 7 + (n >> 3)) % lines.length], Source_s: 'LoggingAgent' })),
  ContainerRegistryLoginEvents: () => series(600, 9, (n) => ({ CallerIpAddress: `10.0.${n % 5}.${(n * 13) % 40}`, Identity: ['ada', 'build-pipeline', 'unknown'][n % 3], LoginServer: 'contoso.azurecr.io', ResultType: n % 4 ? '200' : '401', DurationMs: 3 + (n * 37) % 90 })),
  Heartbeat: () => series(900, 5, (n) => ({ Computer: hosts[n % 3], OSName: 'Debian 12', Version: '1.0.0' })),
  Perf: () => series(1800, 5, (n) => ({ Computer: hosts[n % 3], ObjectName: 'Processor', CounterName: '% Processor Time', CounterValue: Math.round((30 + 20 * Math.sin(n / 40 + (n % 3)) + (n * 7919 % 13)) * 100) / 100 })),
  SecurityBaseline: () => series(351, 0.1, (n) => ({ Computer: hosts[n % 3], CceId: `${1 + (n % 7)}.${n % 13}`, Description: `Ensure that setting ${n % 117} of the daemon is as the benchmark says`, AnalyzeResult: n % 5 ? 'Passed' : 'Failed', RuleSeverity: ['Critical', 'Warning', 'Informational'][n % 3], BaselineType: 'Docker' })),
  SecurityNestedRecommendation: ({ findings }) => series(1200, 1, (n) => {
    const finding = findings[n * 7 % Math.max(1, findings.length)];
    return finding && { AssessedResourceId: finding.imageId, Id: finding.id, VulnerabilityId: finding.vulnerability, RecommendationName: finding.title, RecommendationSeverity: finding.severity, RecommendationState: 'Unhealthy', AdditionalData: JSON.stringify({ package: finding.package, version: finding.version, cvss: { base: finding.score, vector: 'AV:N/AC:L' }, paths: [finding.path] }) };
  }).filter(({ Id }) => Id),
  SecurityRecommendation: ({ images }) => series(images.length, 1, (n) => ({ AssessedResourceId: images[n].id, RecommendationName: recommendationKey, RecommendationDisplayName: 'Vulnerabilities in Azure Container Registry images should be remediated', RecommendationSeverity: 'High', RecommendationState: images[n].status, StatusChangeDate: images[n].pushed, Properties: JSON.stringify({ registry: images[n].registry }) })),
};

export function recordsOf(data, name) {
  if (!tables[name]) return null;
  const columns = [...tables[name][1], ...standard];
  const rows = made[name](data).map((row) => ({ _ResourceId: '', Type: name, ...row }));
  return { columns: columns.map(({ name: column, type }) => ({ name: column, type })), rows };
}

const saved = (workspace, id, displayName, category, query) => ({ id: `${workspace}/savedSearches/${id}`, name: id, type: 'Microsoft.OperationalInsights/savedSearches', properties: { displayName, category, query, version: 2 } });
const part = (title, query, visualization, x, y) => ({ position: { x, y, colSpan: 6, rowSpan: 4 }, metadata: { type: 'Bulwark/LogsTile', id: randomUUID(), title, query, timespan: 'P1D', visualization } });

/** Saved queries and a dashboard, as a hub in use has them. */
export function logResources({ session }) {
  const { workspace, subscriptionId, resourceGroup } = session;
  const dashboard = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Portal/dashboards/operations`;
  return [
    saved(workspace.id, 'critical-findings', 'Critical findings', 'Security', 'SecurityNestedRecommendation\n| where RecommendationSeverity == "Critical"\n| take 100'),
    saved(workspace.id, 'resets', 'Connections that were reset', 'Containers', 'ContainerInstanceLog_CL\n| where Message has "reset"'),
    {
      id: dashboard, name: 'operations', type: 'Microsoft.Portal/dashboards', location: 'local', tags: { 'hidden-title': 'Operations' },
      properties: { lenses: [{ order: 0, parts: [part('Processor time', examples[3].body, 'timechart', 0, 0), part('Failed sign-ins', examples[1].body, 'columnchart', 6, 0), part('Failed rules', `${examples[2].body}\n| take 20`, 'table', 0, 4)] }] },
    },
  ];
}
