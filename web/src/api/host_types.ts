// SPDX-License-Identifier: Apache-2.0
// What the hub answers of hosts, their agents and their benchmark, as docs/rest-api.md tells it.
import type { Counts, List, Severity, Status } from './types';

export type AssetKind = 'registry' | 'host' | 'cluster' | 'group';

export interface AssetRow {
  id: string;
  name: string;
  kind: AssetKind;
  detail: string;
  state: string;
  recommendations: number;
  counts: Counts;
  images: number | null;
  containers: number | null;
}

export type HostState = 'connected' | 'late' | 'lost';
export type Failed = Record<'critical' | 'high' | 'medium' | 'low', number>;

export interface Management {
  managed: boolean;
  by: string;
  reason: string;
}

export interface HostRow {
  id: string;
  name: string;
  os: string;
  kernel: string;
  engine: { kind: string; version: string };
  state: HostState;
  lastHeard: string | null;
  agentVersion: string;
  management: Management;
  containers: number;
  runningContainers: number;
  images: number;
  status: Status | '';
  cause: string;
  failed: Failed;
  passPercentage: number | null;
  assessed: string | null;
  addresses: string[];
  labels: Record<string, string>;
}

export type ControlStatus = 'fail' | 'error' | 'manual' | 'pass' | 'notApplicable';
export type ControlCounts = Record<ControlStatus, number>;

export interface Section extends ControlCounts {
  id: string;
  title: string;
}

export interface HostRecommendation {
  key: string;
  title: string;
  severity: Severity;
  status: Status;
  cause: string;
  description: string; // the cause in words
  statusChanged: string | null;
  counts: Counts;
}

export interface Engine {
  kind: string;
  version: string;
  apiVersion: string;
  storageDriver: string;
  rootless: boolean;
  usernsRemap: boolean;
  swarm: boolean;
  error: string;
}

export interface Agent {
  version: string;
  startedAt: string | null;
  residentBytes: number;
  cpuSeconds: number;
  cpuPercent: number | null;
  spoolMessages: number;
  spoolBytes: number;
  lostMessages: number;
  problems: string[];
  stream: string;
  enrolledAt: string | null;
}

export interface Benchmark {
  id: string;
  version: string;
  assessed: string | null;
  cause: string;
  tookMs: number;
  counts: ControlCounts;
  sections: Section[];
}

export interface Host extends Omit<HostRow, 'engine'> {
  engine: Engine;
  resourceGroup: string;
  subscriptionId: string;
  location: string;
  machineId: string;
  architecture: string;
  cpus: number;
  memoryBytes: number;
  agent: Agent;
  benchmark: Benchmark | null; // none before the first assessment
  recommendations: HostRecommendation[];
  packages: number; // installed on the host itself, as far as they are listed
  failedRulesQuery: string;
  workspace: { id: string; name: string } | null; // none for who may not ask it
}

/** What a verdict rests on: where it was looked, what stood there, why that decides. */
export interface Evidence {
  source?: string;
  path?: string;
  value?: unknown;
  message?: string;
}

export interface ControlResource {
  scope: string;
  id: string;
  name: string;
  status: ControlStatus;
  evidence: Evidence[];
}

export interface ControlRow {
  id: string;
  title: string;
  rationale: string;
  section: string;
  level: number;
  severity: Severity;
  cceId: string;
  status: ControlStatus;
  counts: ControlCounts;
  evidence: Evidence[];
  resources: ControlResource[];
  resourceTotal: number;
  remediation: string[];
  since: string | null;
  disabled: { rule: string; cause: string; reason: string } | null;
  findingId: string;
}

export interface ImageReference {
  registry: string;
  repository: string;
  digest: string;
}

export type Scanned = 'registry' | 'host' | 'none';

export interface ContainerRow {
  id: string;
  name: string;
  image: string;
  imageId: string;
  digest: string;
  state: string;
  created: string | null;
  started: string | null;
  exitCode: number | null;
  restarts: number;
  privileged: boolean;
  user: string;
  ports: string[];
  command: string;
  management: Management;
  failedControls: number;
  findings: Counts | null;
  imageReference: ImageReference | null;
  scanned: Scanned;
}

export interface HostImageRow {
  id: string;
  name: string;
  names: string[];
  digests: string[];
  size: number;
  created: string | null;
  containers: number;
  findings: Counts | null;
  imageReference: ImageReference | null;
  scanned: Scanned;
}

export interface NetworkRow {
  id: string;
  name: string;
  driver: string;
  scope: string;
}

export interface VolumeRow {
  name: string;
  driver: string;
  mountpoint: string;
}

export interface ChangeRow {
  at: string;
  kind: 'control' | 'container' | 'image' | 'agent' | 'engine';
  title: string;
  before: string;
  after: string;
  detail: string;
  control?: string;
}

export interface RunningImageRow {
  digest: string;
  imageId: string;
  image: string;
  registry: string | null; // where it was scanned
  repository: string | null;
  scannedDigest: string;
  containers: number;
  hosts: string[]; // some of them
  hostTotal: number;
  counts: Counts;
  worst: Severity;
}

export interface EnrollmentToken {
  id: string;
  createdBy: string;
  created: string;
  expires: string;
  uses: number;
  usesLeft: number;
  labels?: Record<string, string>;
}

export interface NewToken {
  id: string;
  token: string;
  expires: string;
  uses: number;
  command: string;
}

export type HostList = List<HostRow>;
