// SPDX-License-Identifier: Apache-2.0
// Made-up registries, images and 100,000 findings; the same in every run.

const subscription = '5a1de0a4-9c3b-4d55-9b3e-1f6f0c7a8b11';
export const recommendationKey = 'dbd0cb49-b563-45e7-9724-889e799fa648';
const day = 86_400_000;
const now = Date.UTC(2026, 10, 28, 12);
export const at = (daysAgo) => new Date(now - daysAgo * day).toISOString();

function makeRandom(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

const random = makeRandom(20261128);
const pick = (list) => list[Math.floor(random() * list.length)];
const hex = (length) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
export const noCounts = () => ({ critical: 0, high: 0, medium: 0, low: 0, unknown: 0, fixable: 0, disabled: 0 });

const packages = [
  ['openssl', 'deb', '3.0.11-1~deb12u2'], ['libcurl4', 'deb', '7.88.1-10+deb12u4'], ['zlib1g', 'deb', '1:1.2.13.dfsg-1'], ['glibc', 'deb', '2.36-9+deb12u3'],
  ['busybox', 'apk', '1.36.1-r2'], ['log4j-core', 'maven', '2.14.1'], ['jackson-databind', 'maven', '2.13.2'], ['lodash', 'npm', '4.17.20'],
  ['express', 'npm', '4.17.1'], ['django', 'pypi', '3.2.4'], ['requests', 'pypi', '2.25.1'], ['golang.org/x/net', 'golang', 'v0.7.0'], ['perl-base', 'deb', '5.36.0-7'],
];
const weaknesses = [
  'Heap buffer overflow in certificate parsing', 'Denial of service by crafted compressed data', 'Remote code execution through lookup strings',
  'Prototype pollution in object merge', 'Path traversal in archive extraction', 'SQL injection through untrusted aggregates', 'HTTP request smuggling by ambiguous lengths',
  'Use after free in the resolver', 'Exposure of credentials on cross-origin redirects', 'Uncontrolled resource consumption in header handling',
];
const levels = ['Critical', 'High', 'High', 'Medium', 'Medium', 'Medium', 'Medium', 'Low', 'Low', 'Low', 'Low', 'Unknown'];
const scores = { Critical: [9, 10], High: [7, 8.9], Medium: [4, 6.9], Low: [0.1, 3.9], Unknown: [0, 0] };

function makeVulnerabilities(count) {
  return Array.from({ length: count }, (_, index) => {
    const severity = index === 0 ? 'Critical' : pick(levels);
    const [low, high] = scores[severity];
    const [name, type, version] = index === 0 ? packages[5] : pick(packages);
    const patchable = random() < 0.7;
    return {
      id: index === 0 ? 'CVE-2021-44228' : `CVE-${2019 + Math.floor(random() * 8)}-${10000 + index * 7}`,
      title: `${name}: ${index === 0 ? weaknesses[2] : pick(weaknesses)}`, severity,
      score: severity === 'Unknown' ? null : Math.round((low + random() * (high - low)) * 10) / 10,
      package: name, packageType: type, version, fixedVersion: patchable ? `${version}.1` : '', patchable,
      kev: index === 0 || random() < 0.02, epss: random() < 0.9 ? Math.round(random() ** 4 * 1000) / 1000 : null,
    };
  });
}

const registryId = (name) => `/subscriptions/${subscription}/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/${name}`;

function makeRegistries() {
  return [
    { name: 'contoso', url: 'contoso.azurecr.io', kind: 'AzureContainerRegistry', state: 'ok', lastError: '', scanEnabled: true, reason: '' },
    { name: 'harbor', url: 'harbor.example.net', kind: 'Harbor', state: 'ok', lastError: '', scanEnabled: true, reason: '' },
    { name: 'edge', url: 'registry.edge.example.net:5000', kind: 'Distribution', state: 'error', lastError: 'registry.edge.example.net:5000 refuses the user name; give new credentials', scanEnabled: true, reason: '' },
    { name: 'archive', url: 'archive.example.net', kind: 'Distribution', state: 'off', lastError: '', scanEnabled: false, reason: 'Scanning is switched off for this registry.' },
  ].map((row) => ({ id: registryId(row.name), ...row, lastPolled: at(0.02) }));
}

const projects = ['shop/checkout', 'shop/catalog', 'shop/payments', 'library/nginx', 'library/postgres', 'platform/gateway', 'platform/auth', 'platform/ingest', 'ml/trainer', 'ml/serving', 'tools/builder', 'web'];
const systems = ['Debian 12', 'Alpine 3.18', 'Ubuntu 22.04', 'Distroless', 'Amazon Linux 2023'];

function makeImage(registry, repository, number) {
  const digest = `sha256:${hex(64)}`;
  const scanState = !registry.scanEnabled ? 'off' : number % 23 === 7 ? 'failed' : number % 31 === 9 ? 'queued' : number % 37 === 11 ? 'unsupported' : 'complete';
  return {
    id: `${registry.id}/repositories/${encodeURIComponent(repository)}/images/${digest}`,
    registry: registry.name, repository, digest, tags: number === 0 ? ['latest', '1.4'] : number % 4 === 3 ? [] : [`1.${number}`],
    platform: 'linux/amd64', os: pick(systems), size: Math.floor(2e7 + random() * 9e8), pushed: at(number * 3 + random() * 3),
    scanState, scanError: scanState === 'failed' ? 'layer sha256:9f8e7d… is 412 bytes shorter than its manifest says; push it again' : '',
    scanned: scanState === 'complete' ? at(number * 3) : null, partial: number % 29 === 5, status: scanState === 'complete' ? 'Healthy' : 'NotApplicable',
    counts: noCounts(), current: number % 4 !== 3,
  };
}

function makeImages(registries) {
  return registries.flatMap((registry) =>
    projects.flatMap((repository) => Array.from({ length: registry.name === 'contoso' ? 12 : 5 }, (_, number) => makeImage(registry, repository, number))));
}

function addCount(counts, finding) {
  if (finding.status !== 'open') counts.disabled += 1;
  else {
    counts[finding.severity.toLowerCase()] += 1;
    if (finding.patchable) counts.fixable += 1;
  }
}

function makeFindings(images, vulnerabilities, wanted) {
  const scanned = images.filter(({ scanState }, index) => scanState === 'complete' && index % 9 !== 4);
  const each = Math.ceil(wanted / scanned.length);
  const findings = [];
  for (const image of scanned) {
    const start = Math.floor(random() * vulnerabilities.length);
    for (let n = 0; n < each && findings.length < wanted; n += 1) {
      const vulnerability = n === 0 && findings.length < wanted / 2 ? vulnerabilities[0] : vulnerabilities[(start + n * 3) % vulnerabilities.length];
      const { id, ...rest } = vulnerability;
      const finding = {
        id: `${id}:${n}`, vulnerability: id, ...rest, category: 'Vulnerability', fixStatus: rest.patchable ? 'fixed' : 'affected',
        path: rest.packageType === 'deb' ? '/var/lib/dpkg/status' : `/app/lib/${rest.package}`, layer: `sha256:${image.digest.slice(20)}${image.digest.slice(7, 20)}`,
        registry: image.registry, repository: image.repository, digest: image.digest, tags: image.tags, imageId: image.id,
        firstSeen: at(1 + (n % 90)), status: n % 41 === 40 ? 'disabled' : 'open', cause: n % 41 === 40 ? 'Disabled by rule low-without-fix' : '',
      };
      findings.push(finding);
      addCount(image.counts, finding);
    }
    image.status = 'Unhealthy';
  }
  return findings;
}

export function addCounts(list) {
  const sum = noCounts();
  for (const counts of list) for (const name of Object.keys(sum)) sum[name] += counts[name];
  return sum;
}

function makeSession() {
  return {
    user: { id: '0b6c2f0e-1111-4a4a-9c9c-000000000001', name: 'ada', displayName: 'Ada Moreau', email: 'ada@example.net', local: true }, csrf: 'made-up-token', how: 'session',
    tenantId: '9e2d3c1b-0000-4000-8000-000000000001', subscriptionId: subscription, resourceGroup: 'default', version: '1.0.0-dev',
    capabilities: { administer: true, write: true, addHosts: true, exempt: true, approve: true, deleteImages: true }, plans: { ContainerRegistry: 'Standard' },
    workspace: { id: `/subscriptions/${subscription}/resourceGroups/default/providers/Microsoft.OperationalInsights/workspaces/default`, customerId: '7c0f6a52-0000-4000-8000-000000000003', name: 'default' },
  };
}

export function makeData(empty) {
  const registries = empty ? [] : makeRegistries();
  const images = makeImages(registries);
  const vulnerabilities = empty ? [] : makeVulnerabilities(2400);
  const findings = empty ? [] : makeFindings(images, vulnerabilities, 100_000);
  return { subscription, session: makeSession(), registries, images, vulnerabilities, findings, resources: new Map() };
}
