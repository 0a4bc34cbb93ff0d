// SPDX-License-Identifier: Apache-2.0
// The workspace: its query API, and checking and cancelling. The query `SlowTable` runs until it is cancelled.
import { evaluate, QueryProblem } from './kql.mjs';
import { logResources, metadata } from './log_data.mjs';

const refused = (status, code, message, innererror) => ({ status, body: { error: { code, message, ...(innererror ? { innererror } : {}) } } });

function answerOf({ columns, rows, render, read, cut }, ms) {
  const body = {
    tables: [{ name: 'PrimaryResult', columns, rows }], ...(render ? { render } : {}),
    statistics: { query: { executionTime: ms / 1000, inputDatasetStatistics: { rows: { scanned: read }, bytes: { scanned: read * 212 } } } },
  };
  const innererror = { code: 'QueryLimitsExceeded', message: 'The result was cut at 4,000 rows: narrow the query', line: 1, pos: 0 };
  return { body: cut ? { ...body, error: { code: 'PartialError', message: 'There were some errors when processing your query.', innererror } } : body };
}

function query({ data, running }, request, { query: text, timespan }) {
  const begun = performance.now();
  try {
    return answerOf(evaluate(data, text, timespan), performance.now() - begun);
  } catch (problem) {
    if (!(problem instanceof QueryProblem)) throw problem;
    const { message, start } = problem;
    return refused(400, 'BadArgumentError', 'The request had some invalid properties', { code: 'SemanticError', message, line: start.line, pos: start.column - 1 });
  } finally {
    running.delete(request.headers['x-ms-client-request-id']);
  }
}

/** Waits until it is cancelled, by request or by hanging up. */
const slow = ({ running }, request) => new Promise((resolve) => {
  const id = request.headers['x-ms-client-request-id'];
  running.set(id, () => resolve(refused(400, 'QueryCancelled', 'The query was cancelled.')));
});

function check({ data }, { query: text }) {
  try {
    if (!text.startsWith('SlowTable')) evaluate(data, text, 'PT1S');
    return { body: { diagnostics: [] } };
  } catch (problem) {
    if (!(problem instanceof QueryProblem)) throw problem;
    const { message, suggestion, start, end } = problem;
    return { body: { diagnostics: [{ start, end, message, suggestion }] } };
  }
}

function cancel(state, id) {
  const end = state.running.get(id);
  if (!end) return refused(404, 'NotFound', `No query ${id} is running.`);
  state.running.delete(id);
  state.cancelled.push(id);
  end();
  return { status: 204 };
}

/** Adds what the hub keeps of queries and dashboards to what the resource manager has. */
export function prepareLogs(state) {
  state.running = new Map();
  state.cancelled = [];
  state.queries = [];
  state.data.logResources = state.data.images.length ? logResources(state.data) : [];
}

export function answerLogs(state, request, url, body) {
  const { method } = request;
  const path = url.pathname;
  const [, workspace, what] = /^\/v1\/workspaces\/([^/]+)\/(query|metadata)$/.exec(path) ?? [];
  if (workspace && workspace !== state.data.session.workspace.customerId) return refused(404, 'WorkspaceNotFoundError', 'There is no such workspace.');
  if (what === 'metadata') return { body: metadata(state.data.session) };
  if (what === 'query') {
    state.queries.push({ ...body, prefer: request.headers.prefer });
    return body.query.startsWith('SlowTable') ? slow(state, request) : query(state, request, body);
  }
  if (path === '/api/logs/check' && method === 'POST') return check(state, body);
  const id = /^\/api\/logs\/queries\/([^/]+)$/.exec(path)?.[1];
  return id && method === 'DELETE' ? cancel(state, id) : null;
}
