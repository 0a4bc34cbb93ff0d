// SPDX-License-Identifier: Apache-2.0
// Identities and resources of the resource manager, kept in memory.
import { randomUUID } from 'node:crypto';
import { at } from './data.mjs';

const list = (value) => ({ body: { value, total: value.length, next: null } });

function seedIdentities(data) {
  const scope = `/subscriptions/${data.subscription}`;
  const user = (name, displayName, role, disabled = false) => ({ id: randomUUID(), name, displayName, email: `${name}@example.net`, disabled, local: true, lastSignIn: disabled ? null : at(0.2), roles: role ? [{ name: role, scope }] : [] });
  const users = [user('ada', 'Ada Moreau', 'Owner'), user('grace', 'Grace Lindqvist', 'Security Reader'), user('linus', 'Linus Okafor', '', true)];
  return {
    users,
    groups: [{ id: randomUUID(), name: 'Platform team', members: [users[0].id, users[1].id] }],
    clients: [{ id: randomUUID(), clientId: randomUUID(), displayName: 'build-pipeline', roles: [{ name: 'Reader', scope }] }],
    tokens: [{ id: randomUUID(), name: 'nightly report', scope, actions: ['*/read'], created: at(40), expires: at(-50), used: at(0.4), owner: 'ada' }],
  };
}

function seedResources(data) {
  const s = `/subscriptions/${data.subscription}`;
  const entries = [
    ...data.registries.map(({ id, name, url, kind, scanEnabled }) => ({ id, name, location: 'local', sku: { name: 'Standard' }, properties: { loginServer: url, kind, username: 'puller', scanEnabled, pollMinutes: 5, repositories: [] } })),
    { id: `${s}/providers/Microsoft.Security/pricings/ContainerRegistry`, name: 'ContainerRegistry', properties: { pricingTier: 'Standard', enablementTime: at(120) } },
    { id: `${s}/providers/Microsoft.Security/pricings/KubernetesService`, name: 'KubernetesService', properties: { pricingTier: 'Free' } },
    { id: `${s}/providers/Microsoft.Security/pricings/VirtualMachines`, name: 'VirtualMachines', properties: { pricingTier: 'Free' } },
    { id: `${s}/providers/Bulwark.Security/disableRules/low-without-fix`, name: 'low-without-fix', properties: { state: 'Enabled', reason: 'Nothing can be done about these before a fix is out.', scope: s, criteria: { severities: ['Low'], patchable: false }, expires: at(-60) } },
    { id: `${s}/providers/Bulwark.Security/exemptions/e1`, name: 'e1', properties: { assessmentKey: 'dbd0cb49-b563-45e7-9724-889e799fa648', category: 'Mitigated', reason: 'The parser is not reachable from outside.', expires: at(-30), findingIds: ['CVE-2021-44228:0'] } },
    { id: `${s}/providers/Bulwark.Security/notificationChannels/team-chat`, name: 'team-chat', properties: { kind: 'Webhook', enabled: true, url: 'https://chat.example.net/hooks/1', events: ['NewFinding', 'ScanFailed'], minimumSeverity: 'High' } },
    ...['Owner', 'Contributor', 'Reader', 'Security Admin', 'Image Approver'].map((roleName, index) => ({ id: `${s}/providers/Microsoft.Authorization/roleDefinitions/r${index}`, name: `r${index}`, properties: { roleName, description: `What the role ${roleName} may do.` } })),
    { id: `${s}/providers/Microsoft.Authorization/roleAssignments/a1`, name: 'a1', properties: { roleDefinitionId: `${s}/providers/Microsoft.Authorization/roleDefinitions/r0`, principalId: data.identities.users[0].id, scope: s } },
  ];
  entries.push(...data.logResources);
  return new Map(entries.map((entry) => [entry.id, entry]));
}

function prepare(data) {
  if (data.identities) return;
  data.identities = seedIdentities(data);
  data.resources = seedResources(data);
}

function identities(data, method, path, body) {
  const match = /^\/api\/v1\/(users|groups|clients|tokens)(?:\/([^/]+))?(?:\/(link|secret))?$/.exec(path);
  if (!match) return null;
  const [, kind, id, action] = match;
  const members = data.identities[kind];
  const one = members.find((row) => row.id === id);
  if (method === 'GET') return list(members);
  if (method === 'DELETE') members.splice(members.indexOf(one), 1);
  else if (method === 'PATCH') Object.assign(one, body);
  else if (action === 'link') return { body: { link: 'https://bulwark.example.net/welcome#3f2c9d81' } };
  else if (action === 'secret') return { body: { ...one, secret: 'made-up-secret-9d1f' } };
  else {
    const added = { id: randomUUID(), clientId: randomUUID(), roles: [], members: [], actions: [], lastSignIn: null, local: true, disabled: false, created: at(0), expires: at(-90), used: null, owner: 'ada', ...body };
    members.push(added);
    return { body: { ...added, link: 'https://bulwark.example.net/welcome#3f2c9d81', secret: 'made-up-secret-7e2b' } };
  }
  return { status: 204 };
}

/** A last segment after a type is a name; without one it is a list of what is at or below. */
function resources(data, method, path, body) {
  if (method === 'PUT') {
    const old = data.resources.get(path);
    const put = { ...old, ...body, id: path, name: path.slice(path.lastIndexOf('/') + 1) };
    data.resources.set(path, put);
    return { status: old ? 200 : 201, body: put };
  }
  if (method === 'DELETE') return data.resources.delete(path) ? { status: 204 } : null;
  if (method === 'POST') return path.endsWith('/test') ? { body: { sent: true, message: 'The receiver took it.' } } : { status: 204 };
  if (path.endsWith('/Microsoft.Authorization/permissions')) return { body: { value: [{ actions: ['*'], notActions: [] }] } };
  if (data.resources.has(path)) return { body: data.resources.get(path) };
  const type = path.slice(path.lastIndexOf('/providers/')).toLowerCase();
  return { body: { value: [...data.resources.values()].filter(({ id }) => id.toLowerCase().includes(`${type}/`) && !id.toLowerCase().split(`${type}/`)[1].includes('/')) } };
}

const sources = [['Debian Security Tracker', 41_200], ['Alpine SecDB', 18_400], ['OSV', 201_300], ['NVD', 251_000], ['Known exploited vulnerabilities', 1_420]];

export function answerSettings({ data }, method, url, body) {
  prepare(data);
  const path = url.pathname;
  if (path === '/api/v1/data' && method === 'GET')
    return { body: { built: at(0.3), advisories: 312_480, sources: sources.map(([name, advisories]) => ({ name, advisories, updated: at(0.3) })), lastRefresh: at(0.1), lastError: '', next: at(-0.2) } };
  if (path.startsWith('/api/v1/data/') || path === '/api/v1/session/password') return { status: 204 };
  if (path.startsWith('/subscriptions/')) return resources(data, method, path, body);
  return identities(data, method, path, body);
}
