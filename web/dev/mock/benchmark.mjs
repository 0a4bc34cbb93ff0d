// SPDX-License-Identifier: Apache-2.0
// The controls of the benchmark as content/benchmarks/docker tells them, with made-up verdicts.
import { readFileSync, readdirSync } from 'node:fs';
import { at } from './data.mjs';

const folder = new URL('../../../content/benchmarks/docker/', import.meta.url);
const unquoted = (text) => text.replace(/^'(.*)'$/s, '$1').replaceAll("''", "'");
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** As much of YAML as these files use. */
function readSection(text) {
  const section = { id: unquoted(/^section: (.*)$/m.exec(text)[1]), title: unquoted(/^title: (.*)$/m.exec(text)[1]) };
  const controls = text.split(/^ {2}- id: /m).slice(1).map((part) => {
    const value = (name) => unquoted(new RegExp(`^ {4}${name}: (.*)$`, 'm').exec(part)?.[1] ?? '');
    const remediation = /^ {4}remediation:\n((?: {6}.*\n)*)/m.exec(part)?.[1] ?? '';
    return {
      id: unquoted(part.split('\n')[0]), title: value('title'), rationale: value('rationale'), section: section.id, level: Number(value('level')),
      severity: capital(value('severity')), cceId: value('cce'), remediation: remediation.split('\n').filter(Boolean).map((line) => unquoted(line.replace(/^ {6}- /, ''))),
    };
  });
  return { ...section, controls };
}

const sections = readdirSync(folder).sort().filter((name) => /^[1-9]/.test(name)).map((name) => readSection(readFileSync(new URL(name, folder), 'utf8')));
const noCounts = () => ({ pass: 0, fail: 0, manual: 0, notApplicable: 0, error: 0 });
const order = ['pass', 'pass', 'fail', 'pass', 'manual', 'pass', 'notApplicable', 'fail', 'pass', 'pass', 'error', 'pass', 'pass'];

function resourcesOf(control, containers, status) {
  const concerned = control.section === '5' ? containers : [];
  return concerned.map(({ id, name }, index) => ({
    scope: 'container', id, name, status, evidence: [{ source: 'docker', path: `containers['${name}'].HostConfig`, value: index % 2 ? true : 'none', message: 'set when the container was made' }],
  }));
}

/** All controls of a host; one that is good fails nothing. */
export function controlsOf({ good, engine, number }, containers) {
  const judged = engine === 'none' ? () => 'notApplicable' : (index) => order[(index * 7 + number) % order.length];
  return sections.flatMap(({ controls }) => controls).map((control, index) => {
    const found = judged(index);
    const status = good && found !== 'manual' && found !== 'notApplicable' ? 'pass' : found;
    const resources = status === 'fail' ? resourcesOf(control, containers, status) : [];
    const counts = noCounts();
    counts[status] = Math.max(1, resources.length);
    return {
      ...control, status, counts,
      evidence: status === 'error'
        ? [{ source: 'file', path: '/etc/docker/daemon.json', message: 'the file cannot be read: permission denied' }]
        : [{ source: 'daemon.json', path: control.section === '5' ? `containers[${resources.length}]` : 'icc', value: status === 'pass' ? false : true, message: status === 'fail' ? 'not as it should be' : '' }],
      resources: resources.slice(0, 20), resourceTotal: resources.length, since: at(1 + (index % 40)), disabled: index === 3 ? { rule: 'no-own-mount', cause: 'Disabled by rule no-own-mount', reason: 'Machines here have one disk.' } : null,
      findingId: `cis-docker-${control.id}`,
    };
  });
}

export function benchmarkOf(controls) {
  const count = (rows) => rows.reduce((sum, { status }) => ({ ...sum, [status]: sum[status] + 1 }), noCounts());
  return {
    id: 'cis-docker', version: '1.6.0', assessed: at(0.02), cause: 'event: container start web', tookMs: 312, counts: count(controls),
    sections: sections.map(({ id, title }) => ({ id, title, ...count(controls.filter(({ section }) => section === id)) })),
  };
}

export function failedOf(controls) {
  const failed = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { status, severity } of controls) if (status === 'fail') failed[severity.toLowerCase()] += 1;
  return failed;
}
