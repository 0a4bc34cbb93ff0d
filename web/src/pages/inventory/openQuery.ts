// SPDX-License-Identifier: Apache-2.0
// The inventory's filters as a query over the records of recommendations and findings.
import { literal } from '../logs/kql';
import { openQuery } from '../logs/link';

type Name = 'q' | 'type' | 'status' | 'scanState' | 'tag' | 'contains' | 'monitored' | 'registry';
export type InventoryFilters = Partial<Record<Name, string>>;

const text = (value: string): string => literal('string', value);

const tails: Record<string, string> = {
  registry: '/registries/[^/]+', repository: '/repositories/[^/]+', image: '/images/[^/]+', host: '/Microsoft\\.HybridCompute/machines/[^/]+',
};

const listOf = (value: string): string[] => value.split(',').filter(Boolean);

function oneOf(column: string, values: string[]): string {
  return values.length === 1 ? `${column} == ${text(values[0]!)}` : `${column} in (${values.map(text).join(', ')})`;
}

/** Conditions on the id of the resource, which says registry, repository and image. */
function idConditions({ q = '', type = '', registry }: InventoryFilters): string[] {
  const types = listOf(type).map((one) => tails[one]).filter((tail) => tail !== undefined);
  return [
    ...(registry ? [`strcat(AssessedResourceId, "/") contains ${text(`/registries/${registry}/`)}`] : []),
    ...(types.length ? [`AssessedResourceId matches regex ${text(`(?i)(${types.join('|')})$`)}`] : []),
    ...q.split(/\s+/).filter(Boolean).map((word) => `url_decode(AssessedResourceId) contains ${text(word)}`),
  ];
}

const containing = (words: string): string =>
  ['Id', 'VulnerabilityId', 'RecommendationName', 'Description'].map((column) => `${column} contains ${text(words)}`).join(' or ');

/** What the records do not say is told in a comment, not left out in silence. */
function unknown({ scanState, tag, monitored }: InventoryFilters): string[] {
  const left = [...(scanState ? [`scan state ${scanState}`] : []), ...(tag ? [`tag ${tag}`] : []), ...(monitored ? [`monitored ${monitored}`] : [])];
  return left.length ? [`// Not in these records, so not filtered by: ${left.join('; ').replaceAll('\n', ' ')}`] : [];
}

export function inventoryQuery(filters: InventoryFilters): string {
  const { status = '', contains } = filters;
  const [table, by] = contains
    ? ['SecurityNestedRecommendation', 'AssessedResourceId, NestedRecommendationId']
    : ['SecurityRecommendation', 'AssessedResourceId, RecommendationName'];
  const states = listOf(status);
  const conditions = [
    ...idConditions(filters), ...(contains ? [containing(contains)] : []), ...(states.length ? [oneOf('RecommendationState', states)] : []),
  ];
  return [
    ...unknown(filters), table, `| summarize arg_max(TimeGenerated, *) by ${by}`, ...conditions.map((one) => `| where ${one}`),
    contains
      ? '| project AssessedResourceId, Id, RecommendationName, RecommendationSeverity, RecommendationState, TimeGenerated'
      : '| project AssessedResourceId, RecommendationDisplayName, RecommendationSeverity, RecommendationState, StatusChangeDate',
    '| order by AssessedResourceId asc',
  ].join('\n');
}

export const inventoryLink = (filters: InventoryFilters): string => openQuery(inventoryQuery(filters), 'P7D');
