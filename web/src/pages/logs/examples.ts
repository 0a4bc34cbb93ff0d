// SPDX-License-Identifier: Apache-2.0
// Queries to begin with, as the metadata of the workspace has them.
import type { ExampleQuery, Metadata } from '../../api/logs';

/** Under their categories, in the order in which these first come; what has none stands last. */
export function byCategory(queries: readonly ExampleQuery[]): [category: string, queries: ExampleQuery[]][] {
  const groups = new Map<string, ExampleQuery[]>();
  for (const query of queries) {
    const category = query.related?.categories?.[0] ?? '';
    groups.set(category, [...(groups.get(category) ?? []), query]);
  }
  return [...groups].sort(([a], [b]) => Number(a === '') - Number(b === ''));
}

/** Those that read a table. */
export const examplesOf = ({ queries = [] }: Metadata, table: string): ExampleQuery[] => queries.filter(({ related }) => related?.tables?.includes(table));
