// SPDX-License-Identifier: Apache-2.0
import { addCounts, at, noCounts, recommendationKey } from './data.mjs';
import { hostRows, hostsKey } from './hosts.mjs';
import { has, oneOf, page, withWords } from './lists.mjs';

const registries = 'Microsoft.ContainerRegistry/registries';
const hostType = 'Microsoft.HybridCompute/machines';
const second = 'af560c4d-9c05-e073-b9f1-f7a94958ff25';
const third = 'e599a9fe-30e3-47c6-a173-8b4b6d9d3255';

export const controls = [
  { id: 'remediate-vulnerabilities', title: 'Remediate vulnerabilities', max: 6, recommendations: [recommendationKey], recommendationTitle: 'Vulnerabilities in Azure Container Registry images should be remediated' },
  { id: 'security-configurations', title: 'Remediate security configurations', max: 4, recommendations: [second, hostsKey] },
  { id: 'advanced-threat-protection', title: 'Enable advanced threat protection', max: 0, recommendations: [third] },
];

const texts = [
  [recommendationKey, controls[0].recommendationTitle, 'High', controls[0].id, registries, 2],
  [second, 'Registries should be reached over TLS with a verified certificate', 'Medium', controls[1].id, registries, 1],
  [third, 'Images should be scanned within a day of their push', 'Low', controls[2].id, registries, 1],
];

export function score(data) {
  if (!data.images.length) return { current: 0, max: 0, percentage: 0, controls: [], history: [] };
  const rows = controls.map(({ recommendationTitle: _, ...control }, index) => {
    const unhealthy = [2, 1, 1][index];
    const healthy = [1, 2, 2][index];
    const current = (control.max / (healthy + unhealthy)) * healthy;
    return { ...control, current, potentialIncrease: control.max - current, healthy, unhealthy, notApplicable: 1 };
  });
  const current = rows.reduce((sum, row) => sum + row.current, 0);
  const history = Array.from({ length: 30 }, (_, n) => ({ day: at(29 - n).slice(0, 10), percentage: (28 + n * 0.6 + Math.sin(n) * 3) / 100, current: 3, max: 10 }));
  return { current, max: 10, percentage: current / 10, controls: rows, history };
}

function rows(data) {
  if (!data.images.length) return [];
  const hosts = hostRows(data);
  const hostsIn = (status) => hosts.filter((host) => host.status === status).length;
  const ofHosts = {
    key: hostsKey, title: 'Vulnerabilities in container security configurations should be remediated', severity: 'High', control: controls[1].id, resourceType: hostType, unhealthy: hostsIn('Unhealthy'), healthy: hostsIn('Healthy'), notApplicable: hostsIn('NotApplicable'),
    counts: { ...noCounts(), high: hosts.reduce((sum, { failed }) => sum + failed.high, 0) }, scoreImpact: 2.1, owner: '', dueDate: null, overdue: false, exempt: 0,
  };
  return [ofHosts, ...texts.map(([key, title, severity, control, resourceType, unhealthy], index) => ({
    key, title, severity, control, resourceType, unhealthy, healthy: 3 - unhealthy, notApplicable: 1, counts: index ? noCounts() : addCounts(data.images.map(({ counts }) => counts)),
    scoreImpact: [4, 1.33, 0][index], owner: index ? '' : 'Ada Moreau', dueDate: index ? null : '2026-11-20', overdue: index === 0, exempt: index === 1 ? 2 : 0,
  }))];
}

const hostTexts = {
  description: 'Machines with a container engine are compared with the CIS Docker Benchmark when a setting changes and once a day. A machine is unhealthy while a rule fails; a machine without a container engine is not applicable.',
  remediation: ['Choose an unhealthy machine below. Its findings are the rules that fail, the worst first, each with the setting that mends it.', 'Take action opens the log query with all failed rules of the machine; change it as you need and run it.', 'Change the daemon’s or the container’s settings as the finding says. The machine is compared again after the change.'],
  threats: ['accountBreach', 'elevationOfPrivilege', 'maliciousInsider'], freshnessMinutes: 1440,
};

function details(row) {
  return {
    key: row.key, aliases: [], title: row.title, severity: row.severity, control: controls.find(({ id }) => id === row.control).title,
    description: 'Images in the registry hold packages with known vulnerabilities. Whoever runs such an image runs what attackers have a recipe for.\n\nEach image is scanned when it is pushed and again when new advisories come out.',
    threats: ['accountBreach', 'dataExfiltration', 'elevationOfPrivilege'], userImpact: 'Low', implementationEffort: 'Moderate',
    remediation: ['Open the registry below, then the repository and the image, to see its findings.', 'Update the packages named there: most findings say in which version they are fixed.', 'Build the image again and push it under the same tag. It is scanned within seconds.', 'Delete the old digest with `bulwark image delete`.'],
    freshnessMinutes: 0, scoreImpact: row.scoreImpact, categories: ['Compute'], policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/5f0f936f-2f01-4bf5-b6be-d423792fa562',
    counts: { unhealthy: row.unhealthy, healthy: row.healthy, notApplicable: row.notApplicable }, rules: row.key === recommendationKey ? [{ id: 'x', name: 'low-without-fix', reason: '', scope: '', expires: null }] : [],
    ...(row.key === hostsKey ? hostTexts : {}),
  };
}

function resources(data, row, params) {
  const status = params.get('status') || 'Unhealthy';
  const common = { cause: '', description: status === 'NotApplicable' ? 'Scanning is switched off for this registry.' : '', firstEvaluated: at(90), statusChanged: at(3), owner: '', dueDate: null, status };
  if (params.get('level') === 'image')
    return data.images.filter((image) => image.status === status).map((image) => ({ ...common, id: image.id, name: `${image.repository}@${image.digest.slice(0, 19)}`, type: `${registries}/repositories/images`, counts: image.counts, registry: image.registry, repository: image.repository, digest: image.digest, tags: image.tags }));
  if (row.key === hostsKey)
    return hostRows(data).filter((host) => host.status === status).map(({ id, name, cause, failed }) => ({ ...common, id, name, type: hostType, cause, description: cause, counts: { ...noCounts(), ...failed }, registry: '', repository: '', digest: '', tags: [] }));
  const members = { Unhealthy: data.registries.slice(0, row.unhealthy), Healthy: data.registries.slice(row.unhealthy, 3), NotApplicable: data.registries.slice(3) }[status] ?? [];
  return members.map(({ id, name }) => ({ ...common, id, name, type: registries, counts: addCounts(data.images.filter((image) => image.registry === name).map(({ counts }) => counts)), registry: name, repository: '', digest: '', tags: [], owner: name === 'contoso' ? 'Ada Moreau' : '' }));
}

export function answerRecommendations({ data }, method, path, params) {
  if (path === '/api/v1/recommendations')
    return page(path, params, () => rows(data).filter((row) => ['severity', 'control', 'resourceType'].every((name) => oneOf(params, name)(row)) && params.get('status') !== 'healthy' && withWords(params, ({ title }) => title)(row) && (!has(params, 'exempt') || String(row.exempt > 0) === params.get('exempt'))));
  const match = /^\/api\/v1\/recommendations\/([^/]+)(\/resources)?$/.exec(path);
  if (!match) return null;
  const row = rows(data).find(({ key }) => key === match[1]);
  if (!row) return { status: 404, body: { error: { code: 'RecommendationNotFound', message: 'There is no such recommendation.' } } };
  if (method === 'PATCH') return { status: 204 };
  return match[2] ? page(path, params, () => resources(data, row, params).filter(withWords(params, ({ name }) => name))) : { body: details(row) };
}
