// SPDX-License-Identifier: Apache-2.0
// What the hub answers, as docs/rest-api.md tells it. Times are RFC 3339 in UTC.

export type Severity = 'Critical' | 'High' | 'Medium' | 'Low' | 'Unknown';
export type Status = 'Unhealthy' | 'Healthy' | 'NotApplicable';
export type ScanState = 'queued' | 'scanning' | 'complete' | 'failed' | 'unsupported' | 'off';

export interface List<Row> {
  value: Row[];
  total: number;
  next: string | null;
}

export interface Counts {
  critical: number;
  high: number;
  medium: number;
  low: number;
  unknown: number;
  fixable: number;
  disabled: number;
}

export interface Session {
  user: { id: string; name: string; displayName: string; email: string; local: boolean };
  csrf: string;
  how: string;
  tenantId: string;
  subscriptionId: string;
  resourceGroup: string;
  version: string;
  capabilities: Record<'administer' | 'write' | 'addHosts' | 'exempt' | 'approve' | 'deleteImages', boolean>;
  plans: Record<string, 'Free' | 'Standard'>;
  workspace?: { id: string; customerId: string; name: string }; // none where the hub runs without one
}

export interface SignInOffer {
  password: boolean;
  oidc?: { name: string; url: string };
  firstStart: boolean;
}

export interface ScorePoint {
  day: string;
  percentage: number;
  current?: number;
  max?: number;
}

export interface Overview {
  score: { current: number; max: number; percentage: number };
  recommendations: Record<'critical' | 'high' | 'medium' | 'low', number>;
  images: Record<'total' | 'scanned' | 'queued' | 'scanning' | 'failed' | 'unhealthy', number>;
  hosts: number;
  registries: number;
  repositories: number;
  resources: Record<'total' | 'unhealthy' | 'healthy' | 'notApplicable', number>;
  findings: Counts;
  kev: number;
  data: { built: string | null; advisories: number; stale: boolean };
  checklist: { id: string; done: boolean; title: string }[];
  topVulnerabilities: { id: string; severity: Severity; images: number }[];
  topImages: { registry: string; repository: string; digest: string; tags: string[]; counts: Counts }[];
  history: ScorePoint[];
}

export interface RecommendationRow {
  key: string;
  title: string;
  severity: Severity;
  control: string;
  resourceType: string;
  unhealthy: number;
  healthy: number;
  notApplicable: number;
  counts: Counts;
  scoreImpact: number;
  owner: string;
  dueDate: string | null;
  overdue: boolean;
  exempt: number;
}

export interface RuleReference {
  id: string;
  name: string;
  reason: string;
  scope: string;
  expires: string | null;
}

export interface Recommendation {
  key: string;
  aliases: string[];
  title: string;
  description: string;
  severity: Severity;
  control: string;
  threats: string[];
  userImpact: string;
  implementationEffort: string;
  remediation: string[];
  freshnessMinutes: number;
  scoreImpact: number;
  categories: string[];
  policyDefinitionId: string;
  counts: { unhealthy: number; healthy: number; notApplicable: number };
  rules: RuleReference[];
}

export interface AffectedResource {
  id: string;
  name: string;
  type: string;
  status: Status;
  cause: string;
  description: string;
  firstEvaluated: string;
  statusChanged: string;
  counts: Counts;
  owner: string;
  dueDate: string | null;
  registry: string;
  repository: string;
  digest: string;
  tags: string[];
}

export interface RegistryRow {
  id: string;
  name: string;
  url: string;
  state: string;
  lastError: string;
  lastPolled: string | null;
  repositories: number;
  images: number;
  unhealthyImages: number;
  counts: Counts;
  scanEnabled: boolean;
  reason: string;
}

export interface RepositoryRow {
  registry: string;
  repository: string;
  images: number;
  unhealthyImages: number;
  counts: Counts;
  lastPushed: string | null;
}

export interface ImageRow {
  id: string;
  registry: string;
  repository: string;
  digest: string;
  tags: string[];
  platform: string;
  os: string;
  size: number;
  pushed: string | null;
  scanState: ScanState;
  scanError: string;
  scanned: string | null;
  partial: boolean;
  status: Status;
  counts: Counts;
  current: boolean;
}

export interface Approval {
  decision: 'Approved' | 'Refused';
  reason: string;
  by: string;
  at: string;
  expires: string | null;
}

export interface Image extends ImageRow {
  mediaType: string;
  packages: number;
  config: {
    user: string;
    env: string[];
    entrypoint: string[];
    cmd: string[];
    exposedPorts: string[];
    created: string | null;
    labels: Record<string, string>;
  };
  layers: { diffId: string; size: number; createdBy: string }[];
  job?: { state: string; attempts: number; error: string; nextRun: string | null };
  approval?: Approval;
  quarantine: '' | 'Passed' | 'Failed';
  gate: GateAnswer | null;
  supersededBy: { tag: string; digest: string; counts: Counts }[];
  reference: string; // as one pulls it
  deleteCommand: string;
}

export interface GateAnswer {
  allowed: boolean;
  scanned: boolean;
  approved: boolean;
  signed: boolean;
  reasons: string[];
  counts: Counts;
  scannedAt: string | null;
}

export interface PackageRow {
  name: string;
  version: string;
  type: string;
  purl: string;
  path: string;
  layer: string;
  findings: number;
}

export interface FindingRow {
  id: string;
  vulnerability: string;
  title: string;
  category: string;
  severity: Severity;
  score: number | null;
  package: string;
  packageType: string;
  version: string;
  fixedVersion: string;
  fixStatus: string;
  patchable: boolean;
  kev: boolean;
  epss: number | null;
  path: string;
  layer: string;
  registry: string;
  repository: string;
  digest: string;
  tags: string[];
  imageId: string;
  firstSeen: string;
  status: string;
  cause: string;
}

export interface Reference {
  title: string;
  url: string;
}

export interface Finding extends FindingRow {
  description: string;
  remediation: string[];
  impact: string;
  vector: string;
  aliases: string[];
  references: Reference[];
  vendorSeverity: string;
  epssPercentile: number | null;
  published: string | null;
  evidence: string;
  history: { at: string; event: string; cause: string }[];
  elsewhere: { registry: string; repository: string; digest: string; tags: string[]; version: string }[];
}

export interface Vulnerability {
  id: string;
  aliases: string[];
  title: string;
  description: string;
  severity: Severity;
  score: number | null;
  vector: string;
  published: string | null;
  kev: boolean;
  epss: number | null;
  references: Reference[];
  images: number;
  packages: { name: string; type: string; fixedVersion: string; images: number }[];
}

export interface InventoryRow {
  id: string;
  name: string;
  type: string;
  registry: string;
  repository: string;
  digest: string;
  tags: string[];
  status: Status;
  recommendations: number;
  counts: Counts;
  scanState: ScanState | '';
}

export interface Inventory extends List<InventoryRow> {
  counters: Record<'total' | 'unhealthy' | 'unmonitored' | 'unregistered', number>;
}

export interface ScoreControl {
  id: string;
  title: string;
  max: number;
  current: number;
  potentialIncrease: number;
  healthy: number;
  unhealthy: number;
  notApplicable: number;
  recommendations: string[];
}

export interface Score {
  current: number;
  max: number;
  percentage: number;
  controls: ScoreControl[];
  history: ScorePoint[];
}

export interface SearchHit {
  kind: string;
  title: string;
  subtitle: string;
  href: string;
}

export interface Meter {
  month: string;
  images: number;
  value: { digest: string; registry: string; repository: string; at: string }[];
}

export interface ActivityRow {
  at: string;
  caller: string;
  address: string;
  method: string;
  operation: string;
  resourceId: string;
  status: string;
  httpStatus: number;
  level: string;
  message: string;
}

export interface DataState {
  built: string | null;
  advisories: number;
  sources: { name: string; advisories: number; updated: string | null }[];
  lastRefresh: string | null;
  lastError: string;
  next: string | null;
}
