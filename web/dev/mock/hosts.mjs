// SPDX-License-Identifier: Apache-2.0
// Hosts with containers and a benchmark, and tokens to add more.
import { randomUUID } from 'node:crypto';
import { benchmarkOf, controlsOf, failedOf } from './benchmark.mjs';
import { addCounts, at, noCounts } from './data.mjs';
import { has, oneOf, page, withWords } from './lists.mjs';

export const hostsKey = '0677209d-e675-2c6f-e91a-54cef2878663';
const unmanaged = { managed: false, by: '', reason: '' };

const shapes = [
  { name: 'web-01', containers: 24 }, { name: 'db-01', containers: 6, good: true }, { name: 'edge-01', containers: 10_000 },
  { name: 'node-01', containers: 31, management: { managed: true, by: 'kubelet', reason: 'Containers carry the label io.kubernetes.pod.name: a kubelet runs them.' } },
  { name: 'build-01', containers: 3, engine: 'podman', state: 'late' }, { name: 'old-01', containers: 2, state: 'lost' },
  { name: 'bare-01', containers: 0, engine: 'none' },
  { name: 'stuck-01', containers: 0, engine: 'unreachable' },
  ...Array.from({ length: 292 }, (_, n) => ({ name: `fleet-${String(n + 1).padStart(3, '0')}`, containers: 8, good: n % 3 === 0 })),
];

const names = ['checkout', 'catalog', 'payments', 'proxy', 'cache', 'queue', 'metrics', 'search'];
const states = ['running', 'running', 'running', 'exited', 'running', 'paused'];

function makeContainers(data, { containers, name: host }) {
  const images = data.images.filter(({ scanState }) => scanState === 'complete');
  return Array.from({ length: containers }, (_, n) => {
    const known = n % 4 !== 3 && images.length > 0;
    const image = images[(n * 5) % Math.max(1, images.length)];
    const state = states[n % states.length];
    return {
      id: `${host.replaceAll(/\W/g, '')}${n.toString(16).padStart(8, '0')}`.padEnd(64, 'c0ffee'), name: `${names[n % names.length]}-${n + 1}`,
      image: known ? `${image.registry}.example.net/${image.repository}:${image.tags[0] ?? 'latest'}` : 'scratchpad:dev', imageId: `sha256:${'ab'.repeat(32)}`, digest: known ? image.digest : '',
      state, created: at(10 + (n % 30)), started: at(n % 9), exitCode: state === 'exited' ? 137 : null, restarts: n % 5, privileged: n % 11 === 2, user: n % 3 ? '' : '1000', ports: n % 2 ? [] : [`0.0.0.0:${8000 + n}->80/tcp`, `[::]:${8000 + n}->80/tcp`],
      command: '/app/server --listen :80', management: unmanaged, failedControls: n % 6, findings: known ? image.counts : null,
      imageReference: known ? { registry: image.registry, repository: image.repository, digest: image.digest } : null, scanned: known ? 'registry' : 'none',
    };
  });
}

const versions = { docker: '20.10.24', podman: '4.3.1', none: '', unreachable: '' };

function makeHost(data, shape, number) {
  const engine = shape.engine ?? 'docker';
  const containers = makeContainers(data, shape);
  const controls = controlsOf({ good: shape.good, engine, number }, containers);
  const benchmark = benchmarkOf(controls);
  const failed = failedOf(controls);
  const status = engine === 'none' ? 'NotApplicable' : benchmark.counts.fail ? 'Unhealthy' : 'Healthy';
  const row = {
    id: `/subscriptions/${data.subscription}/resourceGroups/default/providers/Microsoft.HybridCompute/machines/${shape.name}`, name: shape.name,
    os: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.1.0-18-amd64', engine: { kind: engine, version: versions[engine] }, state: shape.state ?? 'connected',
    lastHeard: at(shape.state === 'lost' ? 6 : shape.state === 'late' ? 0.003 : 0.0003), agentVersion: '1.0.0', management: shape.management ?? { ...unmanaged, reason: 'Nothing tells of an orchestrator.' },
    containers: containers.length, runningContainers: containers.filter(({ state }) => state === 'running').length, images: Math.min(12, containers.length), status,
    cause: engine === 'none' ? 'No container engine was found.' : '', failed, passPercentage: benchmark.counts.pass / Math.max(1, benchmark.counts.pass + benchmark.counts.fail), assessed: benchmark.assessed,
    addresses: [`10.20.${Math.floor(number / 200)}.${(number % 200) + 10}`, `2001:db8::${(number + 16).toString(16)}`], labels: number % 2 ? { team: 'shop' } : {},
  };
  return { row, containers, controls, benchmark };
}

const severities = (failed) => ({ ...noCounts(), ...failed });

const failedRules = (name) =>
  `SecurityBaseline\n| where BaselineType == "Docker"\n| where Computer == "${name}"\n| summarize arg_max(TimeGenerated, *) by CceId\n| where AnalyzeResult == "Failed"\n| project CceId, Description, Resource, ResourceGroup, RuleSeverity, ActualResult, Remediation, BaselineType, Type, SubscriptionId, TenantId, ResourceId, ComputerEnvironment, TimeGenerated\n| order by RuleSeverity asc nulls last, CceId asc`;

function detailsOf(data, { row, benchmark, enrolled }) {
  const engineError = row.engine.kind === 'unreachable' ? '/run/docker.sock: permission denied' : '';
  return {
    ...row, resourceGroup: 'default', subscriptionId: data.subscription, location: 'local', machineId: 'f0e1d2c3b4a5968778695a4b3c2d1e0f', architecture: 'x86_64', cpus: 8, memoryBytes: 33_567_000_000,
    engine: { ...row.engine, apiVersion: row.engine.version ? '1.41' : '', storageDriver: row.engine.version ? 'overlay2' : '', rootless: row.engine.kind === 'podman', usernsRemap: false, swarm: false, error: engineError },
    agent: {
      version: '1.0.0', startedAt: at(12), residentBytes: 28_400_000, cpuSeconds: 812.4, cpuPercent: 0.31, spoolMessages: row.state === 'late' ? 412 : 0, spoolBytes: row.state === 'late' ? 1_240_000 : 0,
      lostMessages: row.state === 'lost' ? 1204 : 0, problems: engineError ? [`The engine does not answer: ${engineError}`] : [], stream: '7c0f6a52-0000-4000-8000-000000000009', enrolledAt: enrolled ?? at(40),
    },
    benchmark, packages: 412, failedRulesQuery: failedRules(row.name), workspace: data.session.workspace,
    recommendations: [{ key: hostsKey, title: 'Vulnerabilities in container security configurations should be remediated', severity: 'High', status: row.status, cause: row.cause, description: row.cause, statusChanged: at(3), counts: severities(row.failed) }],
  };
}

const changes = [
  ['control', 'Containers are not privileged', 'pass', 'fail', 'checkout-3 was started with --privileged', '5.4'], ['container', 'checkout-3', '', 'running', 'shop/checkout:1.4'],
  ['image', 'shop/checkout:1.4', '', 'pulled', ''], ['engine', 'Docker Engine', '20.10.23', '20.10.24', ''], ['agent', 'Agent', 'lost', 'connected', 'It was not heard for 4 minutes'],
  ['control', 'The unit docker.service belongs to root:root', 'fail', 'pass', '', '3.1'], ['container', 'cache-5', 'running', 'exited', 'exit code 137'],
];

const history = Array.from({ length: 900 }, (_, n) => {
  const [kind, title, before, after, detail, control] = changes[n % changes.length];
  return { at: at(n / 20), kind, title, before, after, detail, ...(control ? { control } : {}) };
});

/** Filled when first asked for: images are counted by then. */
function stateOf(data) {
  data.hosts ??= data.registries.length ? shapes.map((shape, number) => makeHost(data, shape, number)) : [];
  data.enrollment ??= data.registries.length ? [{ id: 'k3f9', createdBy: 'ada', created: at(0.01), expires: at(-0.03), uses: 1, usesLeft: 1, labels: { team: 'shop' } }] : [];
  return data.hosts;
}

function assets(data, params) {
  const images = Map.groupBy?.(data.images, ({ registry }) => registry);
  const registries = data.registries.map(({ id, name, url, state }) => {
    const own = images?.get(name) ?? data.images.filter(({ registry }) => registry === name);
    return { id, name, kind: 'registry', detail: url, state, recommendations: own.some(({ status }) => status === 'Unhealthy') ? 1 : 0, counts: addCounts(own.map(({ counts }) => counts)), images: own.length, containers: null };
  });
  const hosts = stateOf(data).map(({ row }) => ({ id: row.id, name: row.name, kind: 'host', detail: row.os, state: row.state, recommendations: row.status === 'Unhealthy' ? 1 : 0, counts: severities(row.failed), images: row.images, containers: row.containers }));
  return page('/api/v1/containers', params, () => [...registries, ...hosts].filter((row) => oneOf(params, 'kind')(row) && withWords(params, ({ name, detail }) => `${name} ${detail}`)(row)));
}

function runningImages(data, params) {
  const found = new Map();
  for (const { row, containers } of stateOf(data))
    for (const container of containers) {
      if (container.state !== 'running' || !container.findings || container.findings.critical + container.findings.high === 0) continue;
      const { counts: _, ...seen } = found.get(container.digest) ?? { digest: container.digest, imageId: container.digest, scannedDigest: container.digest, image: container.image, registry: container.imageReference.registry, repository: container.imageReference.repository, containers: 0, hosts: [] };
      if (!seen.hosts.includes(row.name) && seen.hosts.length < 20) seen.hosts.push(row.name);
      found.set(container.digest, { ...seen, hostTotal: seen.hosts.length, containers: seen.containers + 1, counts: container.findings, worst: container.findings.critical ? 'Critical' : 'High' });
    }
  return page('/api/v1/running-images', params, () => [...found.values()].filter((row) => withWords(params, ({ image }) => image)(row) && (!has(params, 'severity') || params.get('severity').split(',').includes(row.worst)) && (!has(params, 'host') || row.hosts.includes(params.get('host')))));
}

function imagesOn({ row, containers }) {
  const byImage = new Map();
  for (const { image, digest, findings, imageReference, scanned } of containers) {
    const seen = byImage.get(image) ?? { id: `sha256:${digest.slice(7) || 'ab'.repeat(32)}`, name: image, names: [image], digests: digest ? [`${image.split(':')[0]}@${digest}`] : [], size: 84_000_000, created: at(30), containers: 0, findings, imageReference, scanned };
    byImage.set(image, { ...seen, containers: seen.containers + 1 });
  }
  return row.images ? [...byImage.values()] : [];
}

function listOf(path, params, host, part) {
  const words = (textOf) => withWords(params, textOf);
  const kept = {
    controls: () => host.controls.filter((row) => ['section', 'status', 'severity'].every((name) => oneOf(params, name)(row)) && words(({ id, title }) => `${id} ${title}`)(row)),
    containers: () => host.containers.filter((row) => oneOf(params, 'state')(row) && words(({ name, image }) => `${name} ${image}`)(row) && (params.get('vulnerable') !== 'true' || (row.findings?.critical ?? 0) + (row.findings?.high ?? 0) > 0)),
    images: () => imagesOn(host).filter(words(({ names: all }) => all.join(' '))),
    networks: () => ['bridge', 'host', 'none', 'shop'].map((name, n) => ({ id: `${n}`.padEnd(64, '7a'), name, driver: name === 'shop' ? 'bridge' : name, scope: 'local' })).filter(words(({ name }) => name)),
    volumes: () => ['pgdata', 'cache'].map((name) => ({ name, driver: 'local', mountpoint: `/var/lib/docker/volumes/${name}/_data` })).filter(words(({ name }) => name)),
    history: () => history.filter((row) => oneOf(params, 'kind')(row) && words(({ title, detail }) => `${title} ${detail}`)(row) && (!has(params, 'from') || row.at >= params.get('from')) && (!has(params, 'to') || row.at <= params.get('to'))),
  }[part];
  return kept && page(path, params, kept);
}

const missing = (name) => ({ status: 404, body: { error: { code: 'HostNotFound', message: `There is no host ${name}: it was removed.` } } });

/** Judged again, and heard of at once. */
function assess({ events }, host) {
  host.benchmark.assessed = new Date().toISOString();
  host.benchmark.cause = 'asked';
  host.row.lastHeard = new Date().toISOString();
  events.emit('host', { name: host.row.name, id: host.row.id, state: 'connected', failed: host.row.failed, assessed: host.benchmark.assessed });
  return { status: 202 };
}

function hostViews(state, method, path, params) {
  const match = /^\/api\/v1\/hosts\/([^/]+)(?:\/(\w+))?$/.exec(path);
  if (!match) return null;
  const name = decodeURIComponent(match[1]);
  const host = stateOf(state.data).find(({ row }) => row.name === name);
  if (!host) return missing(name);
  if (method === 'POST' && match[2] === 'assess') return assess(state, host);
  return match[2] ? listOf(path, params, host, match[2]) : { body: detailsOf(state.data, host) };
}

function tokens({ data }, method, path, body) {
  stateOf(data);
  const id = path.split('/')[4];
  if (method === 'GET') return { body: { value: data.enrollment, total: data.enrollment.length, next: null } };
  if (method === 'DELETE') {
    data.enrollment = data.enrollment.filter((token) => token.id !== id);
    return { status: 204 };
  }
  const created = new Date();
  const expires = new Date(created.getTime() + (body.expiresInSeconds ?? 3600) * 1000).toISOString();
  const token = { id: randomUUID().slice(0, 8), createdBy: 'ada', created: created.toISOString(), expires, uses: body.uses ?? 1, usesLeft: body.uses ?? 1, labels: body.labels ?? {} };
  data.enrollment = [token, ...data.enrollment];
  const text = `bwe_${token.id}.made-up-secret-5d1e.-`;
  return { status: 201, body: { id: token.id, token: text, expires, uses: token.usesLeft, command: `bulwark agent --hub https://bulwark.example.net --enroll ${text}` } };
}

/** A host that is there from now on; for tests and who tries the pages. */
export function enroll(state, name) {
  const host = makeHost(state.data, { name, containers: 2 }, stateOf(state.data).length);
  state.data.hosts.push(host);
  host.enrolled = new Date().toISOString();
  state.events.emit('host', { name, id: host.row.id, state: 'connected', failed: host.row.failed, assessed: null });
  return host.row;
}

export function answerHosts(state, method, url, body) {
  const { pathname: path, searchParams: params } = url;
  const { data } = state;
  if (path === '/api/v1/containers') return assets(data, params);
  if (path === '/api/v1/running-images') return runningImages(data, params);
  if (path === '/api/v1/hosts') return page(path, params, () => stateOf(data).map(({ row }) => row).filter((row) => oneOf(params, 'state')(row) && oneOf(params, 'status')(row) && withWords(params, ({ name }) => name)(row)));
  if (path.startsWith('/api/v1/enrollment-tokens')) return tokens(state, method, path, body);
  const removed = method === 'DELETE' && stateOf(data).find(({ row }) => row.id === path);
  if (removed) {
    data.hosts = data.hosts.filter((host) => host !== removed);
    return { status: 204 };
  }
  return hostViews(state, method, path, params);
}

/** What other views need of hosts: rows of the inventory, resources of the recommendation, findings. */
export const hostRows = (data) => stateOf(data).map(({ row }) => row);

export function hostFindings(data) {
  return stateOf(data).slice(0, 3).flatMap(({ row, controls }) => controls.filter(({ status }) => status === 'fail').map((control) => ({
    id: control.findingId, vulnerability: `CIS-${control.id}`, title: `${control.id} ${control.title}`, category: 'Configuration', severity: control.severity, score: null, package: '', packageType: '', version: '', fixedVersion: '', fixStatus: '', patchable: false,
    kev: false, epss: null, path: '', layer: '', registry: '', repository: '', digest: '', tags: [], imageId: row.id, firstSeen: control.since, status: 'open', cause: '',
    description: control.rationale, remediation: control.remediation, evidence: control.evidence.map(({ source, path, message }) => `${source}: ${path} ${message}`).join('\n'),
  })));
}
