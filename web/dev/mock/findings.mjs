// SPDX-License-Identifier: Apache-2.0
import { at } from './data.mjs';
import { hostFindings } from './hosts.mjs';
import { has, oneOf, page, withWords } from './lists.mjs';

const filters = ['registry', 'repository', 'digest', 'severity', 'category', 'patchable', 'kev', 'package', 'vulnerability'];

function filtered(data, params) {
  if (has(params, 'resource')) return [];
  const tests = filters.filter((name) => has(params, name)).map((name) => oneOf(params, name));
  const status = params.get('status') || 'open';
  if (status !== 'all') tests.push((row) => row.status === status);
  if (has(params, 'cvss')) tests.push((row) => row.score >= Number(params.get('cvss')));
  if (has(params, 'q')) tests.push(withWords(params, (row) => `${row.vulnerability} ${row.title} ${row.package} ${row.repository}`));
  // Those of hosts only where they are asked for: the 100,000 stay a round number.
  const all = /\bConfiguration\b/.test(params.get('category') ?? '') ? [...data.findings, ...hostFindings(data)] : data.findings;
  return all.filter((row) => tests.every((test) => test(row)));
}

function details(data, row) {
  const elsewhere = data.findings.filter((other) => other.vulnerability === row.vulnerability && other.digest !== row.digest).slice(0, 4);
  return {
    ...row,
    description: `A flaw in \`${row.package}\` before ${row.fixedVersion || 'any fixed version'} lets a remote attacker make the process do what it should not.\n\nThe affected code is reached when untrusted input is **parsed before it is checked**. See the [advisory](https://example.net/advisory) for the details.`,
    remediation: row.patchable
      ? [`Update \`${row.package}\` to ${row.fixedVersion} or later in the image’s build:\n\n\`\`\`\napt-get install --only-upgrade ${row.package}\n\`\`\``, 'Build the image again, push it under the same tag, and let it be scanned.', 'Delete the old digest, so that nobody deploys it.']
      : ['No fixed version is out. Take the package out if it is not needed, or exempt the finding until there is one.'],
    impact: 'Code of the attacker may run with the rights of the container.', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', vectors: [], aliases: ['GHSA-abcd-1234-wxyz'],
    references: [{ title: row.vulnerability, url: `https://example.net/${row.vulnerability}` }, { title: 'Vendor advisory', url: 'https://example.net/advisory' }], vendorSeverity: 'important',
    epssPercentile: row.epss === null ? null : 0.93, published: at(400), evidence: '',
    history: [{ at: row.firstSeen, event: 'found', cause: 'scan after push' }],
    elsewhere: elsewhere.map(({ registry, repository, digest, tags, version }) => ({ registry, repository, digest, tags, version })),
  };
}

function vulnerability(data, id) {
  const known = data.vulnerabilities.find((row) => row.id === id);
  if (!known) return { status: 404, body: { error: { code: 'VulnerabilityNotFound', message: `${id} is not in the vulnerability data.` } } };
  const images = new Set(data.findings.filter((row) => row.vulnerability === id).map(({ digest }) => digest)).size;
  return { body: {
    id, aliases: ['GHSA-abcd-1234-wxyz'], title: known.title, description: `A flaw in \`${known.package}\`: ${known.title}.`, severity: known.severity, score: known.score, vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    published: at(400), kev: known.kev, epss: known.epss, references: [{ title: 'Advisory', url: 'https://example.net/advisory' }], images,
    packages: [{ name: known.package, type: known.packageType, fixedVersion: known.fixedVersion, images }],
  } };
}

export function answerFindings({ data }, method, path, params) {
  if (method !== 'GET') return null;
  if (path === '/api/v1/findings') return page(path, params, () => filtered(data, params));
  const one = /^\/api\/v1\/findings\/([^/]+)$/.exec(path);
  if (one) {
    const row = [...hostFindings(data), ...data.findings].find(({ id, imageId }) => id === decodeURIComponent(one[1]) && imageId === params.get('imageId'));
    if (row?.category === 'Configuration') return { body: { ...row, impact: '', vector: '', vectors: [], aliases: [], references: [], vendorSeverity: '', epssPercentile: null, published: null, history: [], elsewhere: [] } };
    return row ? { body: details(data, row) } : { status: 404, body: { error: { code: 'FindingNotFound', message: 'There is no such finding: it may be fixed.' } } };
  }
  const id = /^\/api\/v1\/vulnerabilities\/([^/]+)$/.exec(path)?.[1];
  return id ? vulnerability(data, decodeURIComponent(id)) : null;
}
