// SPDX-License-Identifier: Apache-2.0
// The views of /api/v1 and the actions on registries and images.
import { addCounts, at, noCounts, recommendationKey } from './data.mjs';
import { answerFindings } from './findings.mjs';
import { hostRows } from './hosts.mjs';
import { has, oneOf, page, withWords } from './lists.mjs';
import { answerRecommendations, controls, score } from './recommendations.mjs';

const countsOf = (images) => addCounts(images.map(({ counts }) => counts));
const unhealthy = (images) => images.filter(({ status }) => status === 'Unhealthy').length;

function overview({ data }, params) {
  const images = data.images.filter(oneOf(params, 'registry'));
  const inState = (state) => images.filter(({ scanState }) => scanState === state).length;
  const perId = new Map();
  for (const finding of data.findings) {
    const row = perId.get(finding.vulnerability) ?? { id: finding.vulnerability, severity: finding.severity, images: new Set() };
    perId.set(finding.vulnerability, { ...row, images: row.images.add(finding.digest) });
  }
  const top = [...perId.values()].map((row) => ({ ...row, images: row.images.size })).sort((a, b) => b.images - a.images);
  const worst = [...images].sort((a, b) => b.counts.critical - a.counts.critical).slice(0, 6).filter(({ counts }) => counts.critical);
  const { history, controls: _, ...points } = score(data);
  const hosts = hostRows(data);
  return {
    score: points, recommendations: data.images.length ? { critical: 0, high: 1, medium: 1, low: 1 } : { critical: 0, high: 0, medium: 0, low: 0 },
    images: { total: images.length, scanned: inState('complete'), queued: inState('queued'), scanning: inState('scanning'), failed: inState('failed'), unhealthy: unhealthy(images) },
    registries: data.registries.length, repositories: new Set(images.map((image) => image.registry + image.repository)).size,
    resources: { total: images.length + data.registries.length, unhealthy: unhealthy(images) + 2, healthy: images.filter(({ status }) => status === 'Healthy').length, notApplicable: images.filter(({ status }) => status === 'NotApplicable').length },
    hosts: hosts.length, findings: countsOf(images), kev: data.findings.filter(({ kev }) => kev).length,
    data: { built: data.images.length ? at(0.3) : null, advisories: data.images.length ? 312_480 : 0, stale: false },
    checklist: [
      { id: 'data', done: data.images.length > 0, title: 'Get vulnerability data' }, { id: 'registry', done: data.registries.length > 0, title: 'Connect a registry' },
      { id: 'host', done: hostRows(data).length > 0, title: 'Add a container host' },
      { id: 'plan', done: true, title: 'Turn the plan for container registries on' }, { id: 'notification', done: false, title: 'Tell somebody: add a notification channel' },
    ],
    topVulnerabilities: top.slice(0, 6), topImages: worst.map(({ registry, repository, digest, tags, counts }) => ({ registry, repository, digest, tags, counts })), history,
  };
}

function registryRow(data, registry) {
  const images = data.images.filter((image) => image.registry === registry.name);
  const { kind: _, ...row } = registry;
  return { ...row, repositories: new Set(images.map(({ repository }) => repository)).size, images: images.length, unhealthyImages: unhealthy(images), counts: countsOf(images) };
}

function repositories(data, registry) {
  const byName = Map.groupBy ? Map.groupBy(data.images.filter((image) => image.registry === registry), ({ repository }) => repository) : groupBy(data.images.filter((image) => image.registry === registry));
  return [...byName].map(([repository, images]) => ({ registry, repository, images: images.length, unhealthyImages: unhealthy(images), counts: countsOf(images), lastPushed: images[0].pushed }));
}

function groupBy(images) {
  const groups = new Map();
  for (const image of images) groups.set(image.repository, [...(groups.get(image.repository) ?? []), image]);
  return groups;
}

function imageDetails(data, image) {
  const newer = data.images.find((other) => other.registry === image.registry && other.repository === image.repository && other.current && other !== image);
  return {
    ...image, mediaType: 'application/vnd.oci.image.manifest.v1+json', packages: 143,
    config: {
      user: image.digest.charCodeAt(9) % 2 ? 'app' : '', env: ['PATH', 'APP_HOME', 'LANG'], entrypoint: ['/app/server'], cmd: ['--listen', ':8080'], exposedPorts: ['8080/tcp'],
      created: image.pushed, labels: { 'org.opencontainers.image.source': 'https://git.example.net/shop', 'org.opencontainers.image.revision': image.digest.slice(7, 19) },
    },
    layers: [0, 1, 2, 3].map((n) => ({ diffId: `sha256:${image.digest.slice(10 + n)}`, size: 1e6 * (n + 3) ** 3, createdBy: ['ADD rootfs.tar.xz / # buildkit', 'RUN apt-get update && apt-get install -y ca-certificates', 'COPY target/app /app # buildkit', 'USER app'][n] })),
    ...(image.scanState === 'queued' ? { job: { state: 'queued', attempts: 0, progress: 0, error: '', nextRun: at(-0.01) } } : {}),
    ...(image.approval ? { approval: image.approval } : {}),
    quarantine: '', reference: `${image.registry}.example.net/${image.repository}@${image.digest}`, gate: null, supersededBy: image.current || !newer ? [] : [{ tag: newer.tags[0] ?? 'latest', digest: newer.digest, counts: noCounts() }],
    deleteCommand: image.current ? '' : `bulwark image delete ${image.registry}/${image.repository}@${image.digest}`,
  };
}

function packagesOf(data, image) {
  const found = new Map();
  for (const finding of data.findings.filter(({ digest }) => digest === image.digest)) found.set(finding.package, { finding, count: (found.get(finding.package)?.count ?? 0) + 1 });
  const affected = [...found.values()].map(({ finding, count }) => ({ name: finding.package, version: finding.version, type: finding.packageType, purl: `pkg:${finding.packageType}/${finding.package}@${finding.version}`, path: finding.path, layer: finding.layer, findings: count }));
  const clean = Array.from({ length: 130 }, (_, n) => ({ name: `lib-clean-${n}`, version: `1.${n}.0`, type: 'deb', purl: `pkg:deb/debian/lib-clean-${n}@1.${n}.0`, path: '/var/lib/dpkg/status', layer: image.digest, findings: 0 }));
  return [...affected, ...clean];
}

function inventory({ data }, params) {
  const contains = (params.get('contains') ?? '').toLowerCase();
  const holding = contains && new Set(data.findings.filter((finding) => `${finding.vulnerability} ${finding.title}`.toLowerCase().includes(contains)).map(({ digest }) => digest));
  const rows = [
    ...data.registries.map((registry) => ({ ...registryRow(data, registry), id: registry.id, type: 'registry', registry: registry.name, repository: '', digest: '', tags: [], status: registry.scanEnabled ? 'Unhealthy' : 'NotApplicable', recommendations: registry.scanEnabled ? 1 : 0, scanState: '' })),
    ...hostRows(data).map((host) => ({ id: host.id, name: host.name, type: 'host', registry: '', repository: '', digest: '', tags: [], status: host.status, recommendations: host.status === 'Unhealthy' ? 1 : 0, counts: { ...addCounts([]), ...host.failed }, scanState: '' })),
    ...data.images.map((image) => ({ id: image.id, name: `${image.repository}${image.tags[0] ? `:${image.tags[0]}` : `@${image.digest.slice(0, 19)}`}`, type: 'image', registry: image.registry, repository: image.repository, digest: image.digest, tags: image.tags, status: image.status, recommendations: image.status === 'Unhealthy' ? 1 : 0, counts: image.counts, scanState: image.scanState })),
  ];
  const filters = ['type', 'status', 'registry', 'scanState'].map((name) => oneOf(params, name));
  const kept = rows.filter((row) => filters.every((filter) => filter(row)) && withWords(params, ({ id, name }) => id + name)(row) && (!holding || holding.has(row.digest)));
  const answer = page('/api/v1/inventory', params, () => kept);
  if (answer.body) answer.body.counters = { total: rows.length, unhealthy: rows.filter(({ status }) => status === 'Unhealthy').length, unmonitored: rows.filter(({ scanState }) => scanState === 'failed').length, unregistered: rows.filter(({ scanState }) => scanState === 'off').length };
  return answer;
}

function search({ data }, params) {
  const q = (params.get('q') ?? '').toLowerCase();
  const enc = encodeURIComponent;
  const hits = [
    ...data.registries.map((row) => ({ kind: 'registry', title: row.name, subtitle: row.url, href: `/registries/${row.name}` })),
    ...hostRows(data).map((row) => ({ kind: 'host', title: row.name, subtitle: row.os, href: `/hosts/${row.name}` })),
    ...data.images.filter(({ tags }) => tags.includes('latest')).map((row) => ({ kind: 'repository', title: row.repository, subtitle: row.registry, href: `/registries/${row.registry}/${enc(row.repository)}` })),
    ...data.images.map((row) => ({ kind: 'image', title: `${row.repository}@${row.digest.slice(0, 19)}`, subtitle: `${row.registry} ${row.tags.join(' ')}`, href: `/registries/${row.registry}/${enc(row.repository)}/${row.digest}` })),
    ...data.vulnerabilities.map((row) => ({ kind: 'vulnerability', title: row.id, subtitle: row.title, href: `/cve/${row.id}` })),
    { kind: 'package', title: 'log4j-core', subtitle: 'maven', href: '/findings?package=log4j-core' },
    { kind: 'recommendation', title: controls[0].recommendationTitle, subtitle: 'High', href: `/recommendations/${recommendationKey}` },
  ];
  const found = hits.filter(({ title, subtitle }) => `${title} ${subtitle}`.toLowerCase().includes(q));
  const perKind = new Map();
  const value = found.filter(({ kind }) => {
    perKind.set(kind, (perKind.get(kind) ?? 0) + 1);
    return perKind.get(kind) <= 12;
  });
  return { value: value.slice(0, Number(params.get('top') ?? 50)) };
}

function imageOf(data, path, params) {
  const match = /^\/api\/v1\/registries\/([^/]+)\/images\/([^/]+)(\/packages)?$/.exec(path);
  if (!match) return null;
  const digest = decodeURIComponent(match[2]);
  return { image: data.images.find((row) => row.registry === match[1] && row.digest === digest && row.repository === params.get('repository')), packages: Boolean(match[3]) };
}

function registryViews({ data }, path, params) {
  if (path === '/api/v1/registries') return page(path, params, () => data.registries.map((row) => registryRow(data, row)).filter(withWords(params, (row) => row.name + row.url)));
  const list = /^\/api\/v1\/registries\/([^/]+)\/(repositories|images)$/.exec(path);
  if (list?.[2] === 'repositories')
    return page(path, params, () => repositories(data, list[1]).filter((row) => withWords(params, ({ repository }) => repository)(row) && (!has(params, 'unhealthy') || String(row.unhealthyImages > 0) === params.get('unhealthy'))));
  if (list)
    return page(path, params, () => data.images.filter((row) => row.registry === list[1] && row.repository === params.get('repository') && oneOf(params, 'scanState')(row)
      && withWords(params, ({ digest, tags }) => digest + tags)(row) && (!has(params, 'unhealthy') || String(row.status === 'Unhealthy') === params.get('unhealthy'))));
  const found = imageOf(data, path, params);
  if (!found) return null;
  if (!found.image) return { status: 404, body: { error: { code: 'ImageNotFound', message: 'There is no such image: it was deleted at the registry.' } } };
  if (!found.packages) return { body: imageDetails(data, found.image) };
  if (has(params, 'format') && params.get('format') !== 'csv') return { body: { bomFormat: 'CycloneDX', specVersion: '1.6', components: packagesOf(data, found.image) } };
  return page(path, params, () => packagesOf(data, found.image).filter(withWords(params, ({ name, purl }) => name + purl)));
}

const operations = ['Microsoft.ContainerRegistry/registries/write', 'Bulwark.Security/exemptions/write', 'Microsoft.Security/pricings/write', 'Bulwark.Security/session/create'];
const activity = Array.from({ length: 800 }, (_, n) => ({
  at: at(n / 24), caller: ['ada', 'build-pipeline', 'grace'][n % 3], address: '10.0.0.7', method: ['PUT', 'PUT', 'DELETE', 'POST'][n % 4], operation: operations[n % 4],
  resourceId: '/subscriptions/5a1de0a4-9c3b-4d55-9b3e-1f6f0c7a8b11/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/contoso', status: n % 17 ? 'Succeeded' : 'Failed', httpStatus: n % 17 ? 200 : 403, level: n % 17 ? 'Informational' : 'Error', message: n % 17 ? '' : 'The caller may not do this at this scope.',
}));

function actions({ data, events }, method, path, body) {
  const image = data.images.find(({ id }) => path === id || path.startsWith(`${id}/`));
  const registry = data.registries.find(({ id }) => path.startsWith(`${id}/`));
  if (image && path.endsWith('/gate')) return { body: { allowed: image.counts.critical === 0, scanned: image.scanState === 'complete', approved: false, signed: false, reasons: image.counts.critical ? [`${image.counts.critical} findings of severity Critical are at or over the threshold`] : [], counts: image.counts, scannedAt: image.scanned } };
  if (image && method === 'DELETE' && path.endsWith('/approval')) image.approval = undefined;
  else if (image && method === 'DELETE') data.images.splice(data.images.indexOf(image), 1);
  else if (image && path.endsWith('/scan')) events.scan(image);
  else if (image && path.endsWith('/approve')) image.approval = { ...body, by: 'ada', at: new Date().toISOString() };
  else if (registry && path.endsWith('/scan')) data.images.filter((row) => row.registry === registry.name).slice(0, 3).forEach((row) => events.scan(row));
  else if (path.endsWith('/testConnection')) return { body: { reachable: true, versionTwo: true, authenticated: true, catalog: true, message: '' } };
  else if (path.endsWith('/webhookSecret')) return { body: { secret: 'wh-4c1d8e6f2a90' } };
  else return null;
  return { status: 204 };
}

const views = {
  '/api/v1/overview': (state, params) => ({ body: overview(state, params) }),
  '/api/v1/score': ({ data }) => ({ body: score(data) }),
  '/api/v1/inventory': inventory,
  '/api/v1/search': (state, params) => ({ body: search(state, params) }),
  '/api/v1/activity': (_state, params) => page('/api/v1/activity', params, () => activity.filter((row) => oneOf(params, 'status')(row) && withWords(params, ({ operation, caller }) => operation + caller)(row) && (!has(params, 'caller') || row.caller.includes(params.get('caller'))))),
  '/api/v1/meter': ({ data }, params) => ({ body: { month: params.get('month'), images: data.images.filter(({ scanned }) => scanned).length, value: data.images.filter(({ scanned }) => scanned).slice(0, 40).map(({ digest, registry, repository, scanned }) => ({ digest, registry, repository, at: scanned })) } }),
};

export function answerView(state, method, url, body) {
  const params = url.searchParams;
  const path = url.pathname.replace(/^\/+/, '/');
  if (path.startsWith('/subscriptions/')) return actions(state, method, path, body);
  const view = method === 'GET' ? views[path] : undefined;
  return view?.(state, params) ?? answerFindings(state, method, path, params) ?? answerRecommendations(state, method, path, params, body) ?? (method === 'GET' ? registryViews(state, path, params) : null);
}
