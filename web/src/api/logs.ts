// SPDX-License-Identifier: Apache-2.0
// The query API of workspaces, as Log Analytics has it, and the hub's own checking and cancelling of queries.
import { get, send } from './http';
import { parseExact } from './json';

export interface LogColumn {
  name: string;
  type: string; // bool, datetime, dynamic, int, long, real, string, guid, decimal, timespan
}

/** Whole numbers that JavaScript cannot hold are texts. */
export type Row = readonly unknown[];

export interface LogTable {
  name: string;
  columns: LogColumn[];
  rows: Row[];
}

/** What `| render` asked for; lists may come as one text with commas. */
export interface Render {
  visualization?: string | null;
  title?: string | null;
  kind?: string | null;
  xColumn?: string | null;
  yColumns?: string | string[] | null;
  series?: string | string[] | null;
  anomalyColumns?: string | string[] | null;
  xTitle?: string | null;
  yTitle?: string | null;
  xAxis?: string | null;
  yAxis?: string | null;
  yMin?: number | string | null;
  yMax?: number | string | null;
  legend?: string | null;
  accumulate?: boolean | null;
}

export interface Statistics {
  query?: {
    executionTime?: number; // seconds
    inputDatasetStatistics?: { rows?: { scanned?: number }; bytes?: { scanned?: number } };
  };
}

export interface QueryError {
  code?: string;
  message?: string;
  line?: number;
  column?: number; // counted from 1, in code points
  pos?: number; // the same counted from 0, as Log Analytics names it
  innererror?: QueryError;
  details?: QueryError[];
}

export interface QueryAnswer {
  tables: LogTable[];
  render?: Render;
  statistics?: Statistics;
  error?: QueryError; // of an answer that is not whole
}

export interface Place {
  line: number;
  column: number;
}

export interface Diagnostic {
  start: Place;
  end: Place;
  message: string;
  suggestion?: string;
}

export interface MetadataColumn {
  name: string;
  type: string;
  description?: string;
}

export interface MetadataTable {
  name: string;
  description?: string;
  columns: MetadataColumn[];
}

export interface ExampleQuery {
  id: string;
  displayName?: string;
  description?: string;
  body: string;
  related?: { tables?: string[]; categories?: string[] };
}

export interface MetadataFunction {
  name: string;
  parameters?: string;
  description?: string;
  body: string;
}

export interface Metadata {
  tables: MetadataTable[];
  queries?: ExampleQuery[];
  functions?: MetadataFunction[];
}

export interface Question {
  query: string;
  timespan: string | null; // none where the query says its own time
}

const prefer = 'wait=600, include-statistics=true, include-render=true';

export const workspacesPath = '/v1/workspaces/';
export const metadataPath = (workspace: string): string => `${workspacesPath}${workspace}/metadata`;

export const loadMetadata = (workspace: string): Promise<Metadata> => get<Metadata>(metadataPath(workspace));

export function runQuery(workspace: string, { query, timespan }: Question, requestId: string, signal?: AbortSignal): Promise<QueryAnswer> {
  const body = timespan ? { query, timespan } : { query };
  return send<QueryAnswer>('POST', `/v1/workspaces/${workspace}/query`, body, {
    signal, headers: { Prefer: prefer, 'x-ms-client-request-id': requestId }, parse: parseExact,
  });
}

/** Ends a query at the hub: closing the connection alone would not be noticed before the answer. */
export const cancelQuery = (requestId: string): Promise<void> => send('DELETE', `/api/logs/queries/${requestId}`);

export async function checkQuery(query: string, signal?: AbortSignal): Promise<Diagnostic[]> {
  const { diagnostics } = await send<{ diagnostics: Diagnostic[] }>('POST', '/api/logs/check', { query }, { signal });
  return diagnostics;
}
