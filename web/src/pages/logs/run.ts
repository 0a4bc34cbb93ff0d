// SPDX-License-Identifier: Apache-2.0
// Running and cancelling the query of a tab.
import { ApiError } from '../../api/http';
import { cancelQuery, runQuery, type QueryAnswer } from '../../api/logs';
import { newGuid } from '../../api/paths';
import { remember } from './history';
import { hasTimeFilter, type Block } from './kql';
import { fromFailure, fromQueryError } from './problems';
import { closeTab, forgetRun, logsState, setRun, type QueryTab, type Run } from './store';

const running = new Map<string, AbortController>();

export const rowsOf = (answer: QueryAnswer | null): number =>
  answer ? answer.tables.reduce((sum, { rows }) => sum + rows.length, 0) : 0;

function begin(tab: QueryTab, block: Block): Run {
  return {
    state: 'running', requestId: newGuid(), query: block.text, tabQuery: tab.query, line: block.line, indent: block.indent ?? 0,
    timespan: hasTimeFilter(block.text) ? null : tab.timespan, started: Date.now(), ms: 0, answer: null, problems: [],
  };
}

/** What became of a run; null where nobody is signed in any more: who signs in again finds the query as if it had not been run. */
async function outcome(run: Run, workspace: string, signal: AbortSignal): Promise<Run | null> {
  const begun = performance.now();
  const ms = () => Math.round(performance.now() - begun);
  try {
    const answer = await runQuery(workspace, run, run.requestId, signal);
    return { ...run, state: 'done', ms: ms(), answer, problems: answer.error ? fromQueryError(answer.error, run.line, run.indent) : [] };
  } catch (cause) {
    if (signal.aborted) return { ...run, state: 'cancelled', ms: ms() };
    if (cause instanceof ApiError && cause.status === 401) return null;
    return { ...run, state: 'failed', ms: ms(), problems: fromFailure(cause, run.line, run.indent) };
  }
}

/** Runs a query of the tab's text; a run of the same tab that goes on is cancelled. */
export function startRun(workspace: string, tab: QueryTab, block: Block | null): void {
  if (!block) return;
  cancelRun(tab.id);
  const controller = new AbortController();
  running.set(tab.id, controller);
  const run = begin(tab, block);
  setRun(tab.id, run);
  void outcome(run, workspace, controller.signal).then((ended) => {
    if (logsState().runs[tab.id]?.requestId !== run.requestId) return;
    running.delete(tab.id);
    if (!ended) return forgetRun(tab.id);
    setRun(tab.id, ended);
    if (ended.state === 'cancelled') return;
    const rows = ended.answer ? rowsOf(ended.answer) : null;
    remember({ query: ended.query, timespan: tab.timespan, at: new Date(ended.started).toISOString(), ms: ended.ms, rows });
  });
}

export function cancelRun(tab: string): void {
  const run = logsState().runs[tab];
  if (run?.state !== 'running') return;
  setRun(tab, { ...run, state: 'cancelled', ms: Date.now() - run.started });
  running.get(tab)?.abort();
  running.delete(tab);
  // The query may have ended meanwhile: then there is nothing to cancel.
  cancelQuery(run.requestId).catch(() => undefined);
}

/** Nobody waits for what runs in a tab that is closed. */
export function endTab(tab: string): void {
  cancelRun(tab);
  closeTab(tab);
}
