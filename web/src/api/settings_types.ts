// SPDX-License-Identifier: Apache-2.0
// What the settings pages read and write: identities, resources of the resource manager.

export interface Resource<Properties> {
  id: string;
  name: string;
  type?: string;
  location?: string;
  sku?: { name: string };
  tags?: Record<string, string>;
  properties: Properties;
}

export interface ArmList<Properties> {
  value: Resource<Properties>[];
  nextLink?: string;
}

export type RegistryKind = 'AzureContainerRegistry' | 'Distribution' | 'DockerHub' | 'GitHub' | 'Harbor' | 'Other';

export interface RegistryProperties {
  loginServer: string;
  kind: RegistryKind;
  username?: string;
  password?: string;
  plainHttp?: boolean;
  caCertificate?: string;
  repositories?: string[];
  pollMinutes?: number;
  scanEnabled?: boolean;
  webhookSecret?: string;
}

export interface ConnectionTest {
  reachable: boolean;
  versionTwo: boolean;
  authenticated: boolean;
  catalog: boolean;
  message: string;
}

export interface RoleHeld {
  name: string;
  scope: string;
}

export interface User {
  id: string;
  name: string;
  displayName: string;
  email: string;
  disabled: boolean;
  local: boolean;
  lastSignIn: string | null;
  roles: RoleHeld[];
}

export interface Client {
  id: string;
  clientId: string;
  displayName: string;
  roles: RoleHeld[];
  secret?: string;
}

export interface Group {
  id: string;
  name: string;
  members: string[];
}

export interface Token {
  id: string;
  name: string;
  scope: string;
  actions: string[];
  created: string;
  expires: string | null;
  used: string | null;
  owner: string;
  secret?: string;
}

export interface RoleAssignment {
  roleDefinitionId: string;
  principalId: string;
  principalType?: string;
  scope: string;
}

export interface RoleDefinition {
  roleName: string;
  description: string;
}

export interface Pricing {
  pricingTier: 'Free' | 'Standard';
  enablementTime?: string;
}

export interface RuleCriteria {
  findingIds?: string[];
  categories?: string[];
  severities?: string[];
  cvssBelow?: number;
  patchable?: boolean;
  vulnerabilities?: string[];
  packages?: string[];
}

export interface DisableRule {
  state: 'Enabled' | 'Disabled';
  reason: string;
  scope: string;
  criteria: RuleCriteria;
  tags?: Record<string, string>; // the resource must have these
  expires: string | null;
}

export interface Exemption {
  assessmentKey: string;
  category: 'Waiver' | 'Mitigated';
  reason: string;
  expires: string | null;
  findingIds?: string[];
  displayName?: string;
  tags?: Record<string, string>;
}

export interface Channel {
  kind: 'Webhook' | 'Email';
  enabled: boolean;
  url?: string;
  secret?: string;
  host?: string;
  port?: number;
  security?: string;
  username?: string;
  password?: string;
  from?: string;
  to?: string[];
  events: string[];
  minimumSeverity: string;
}
