// SPDX-License-Identifier: Apache-2.0
// A made-up agent: enrols, and sends batches as src/uplink/messages.hpp tells them. What it says is this file's.
import { randomUUID } from 'node:crypto';
import { controlsOf } from '../../dev/mock/benchmark.mjs';
import { address } from '../hub/hub.mjs';

async function post(path, headers, body) {
  const response = await fetch(address + path, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

const bytes = (number) => number.toString(16).padStart(2, '0');
const containerNames = ['checkout', 'catalog', 'payments'];
const containers = containerNames.map((name, index) => ({
  id: bytes(index + 1).repeat(32), name, image: `registry.example.net/shop/${name}:1.4`, imageId: `sha256:${bytes(index + 16).repeat(32)}`, state: index === 2 ? 'exited' : 'running',
  createdAt: Date.now() - 7_200_000, startedAt: Date.now() - 3_600_000, ...(index === 2 ? { exitCode: 137, finishedAt: Date.now() - 60_000 } : {}), privileged: index === 0, ports: index === 0 ? ['0.0.0.0:8080->80/tcp'] : [],
  command: '/app/server', management: {},
}));

export const machine = (name) => ({
  name, machineId: Buffer.from(name.padEnd(16, '.')).toString('hex'), os: 'Debian GNU/Linux 12 (bookworm)', osId: 'debian', osVersion: '12', kernel: '6.1.0-18-amd64', architecture: 'x86_64',
  addresses: ['192.0.2.10'], cpus: 4, memoryBytes: 16_000_000_000, engine: 'docker', engineVersion: '20.10.24', apiVersion: '1.41', storageDriver: 'overlay2',
  management: { reason: 'Nothing tells of an orchestrator.' },
});

const inventory = {
  whole: true, containers,
  images: containers.map(({ image, imageId }) => ({ id: imageId, names: [image], digests: [`${image.split(':')[0]}@sha256:${imageId.slice(7).replaceAll(/^../g, 'ff')}`], sizeBytes: 84_000_000, createdAt: Date.now() - 86_400_000 })),
  networks: [{ id: 'aa'.repeat(32), name: 'bridge', driver: 'bridge', scope: 'local' }], volumes: [{ name: 'pgdata', driver: 'local', mountpoint: '/var/lib/docker/volumes/pgdata/_data' }],
};

/** Every control of the benchmark with a verdict; those of section 5 that fail name the containers. */
function assessment(id) {
  const controls = controlsOf({ good: false, engine: 'docker', number: 0 }, containers).map(({ id: control, status, counts, evidence, resources }) => ({
    id: control, status, counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    resources: [...(resources.length ? [] : [{ scope: 'host', status, evidence }]), ...resources],
  }));
  return { whole: true, id, benchmark: 'cis-docker', benchmarkVersion: '1.6.0', cause: 'start', tookMs: 312, controls };
}

export class Agent {
  #credential;
  #stream = randomUUID();
  #sequence = 0;
  #assessment = randomUUID();

  constructor(name) {
    this.machine = machine(name);
  }

  async enroll(token) {
    const enrolled = await post('/api/v1/agents/enroll', { 'Content-Type': 'application/json' }, JSON.stringify({ token, machine: this.machine, agentVersion: '1.0.0' }));
    this.#credential = enrolled.credential;
    return enrolled;
  }

  /** The hub's reply to one batch of bodies, [type, body] each. */
  send(...bodies) {
    const status = { version: '1.0.0', startedAt: Date.now() - 60_000, residentBytes: 24_000_000, cpuSeconds: 1.25 };
    const messages = bodies.map(([type, body]) => ({ sequence: (this.#sequence += 1), at: Date.now(), type, body }));
    const lines = [{ format: 1, stream: this.#stream, status }, ...messages].map((line) => `${JSON.stringify(line)}\n`).join('');
    return post('/api/v1/agents/reports', { 'Content-Type': 'application/x-ndjson', Authorization: `Bearer ${this.#credential}` }, lines);
  }

  /** What an agent says when it starts; answers the verdicts. */
  async start() {
    const whole = assessment(this.#assessment);
    await this.send(['machine', this.machine], ['inventory', inventory], ['assessment', whole]);
    return whole.controls;
  }

  /** One control judged again. */
  change(control) {
    return this.send(['assessment', { id: this.#assessment, benchmark: 'cis-docker', benchmarkVersion: '1.6.0', cause: 'event: container start checkout', controls: [control] }]);
  }
}
