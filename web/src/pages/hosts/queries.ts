// SPDX-License-Identifier: Apache-2.0
// Queries over the records of hosts. The failed rules of one host are the hub's own words (its `failedRulesQuery`); lists of hosts and
// the recommendation link to the same without asking for each host: the tests hold the two together.
import { literal } from '../logs/kql';

const latest = (by: string): string => `| summarize arg_max(TimeGenerated, *) by ${by}`;

/** Failed rules with what mends them, of one host or of all. */
export function failedRulesQuery(host?: string): string {
  return [
    'SecurityBaseline', '| where BaselineType == "Docker"', ...(host === undefined ? [] : [`| where Computer == ${literal('string', host)}`]),
    latest(host === undefined ? 'Computer, CceId' : 'CceId'), '| where AnalyzeResult == "Failed"',
    `| project ${host === undefined ? 'Computer, ' : ''}CceId, Description, Resource, ResourceGroup, RuleSeverity, ActualResult, Remediation, BaselineType, Type, SubscriptionId, TenantId, ResourceId, ComputerEnvironment, TimeGenerated`,
    '| order by RuleSeverity asc nulls last, CceId asc',
  ].join('\n');
}

/** Every rule of a host with its last result. */
export const allRulesQuery = (host: string): string =>
  ['SecurityBaseline', `| where Computer == ${literal('string', host)}`, latest('CceId'), '| order by AnalyzeResult asc, CceId asc'].join('\n');
