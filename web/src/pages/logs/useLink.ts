// SPDX-License-Identifier: Apache-2.0
// The query shown and the URL are one: a link opens its query, and what is typed is in the URL after a moment.
import { useEffect, useRef, useState } from 'react';
import type { UrlState } from '../../app/urlState';
import { blockAt } from './kql';
import { fromLink, toLink } from './link';
import { activeTab, logsState, openInTab, type LogsState, type QueryTab, type Run } from './store';
import { readTimespan } from './time';

const pause = 300;

/** What belongs to one result, and not to that of another query. */
const ofResult = { view: null, chart: null, sort: null, row: null, table: null, columns: null };

const linkKey = (url: UrlState): string => ['q', 'z', 'ts', 'line'].map((name) => url.get(name)).join('\n');

/** The line of the query that a link runs, where the text has several. */
const lineOffset = (text: string, line: number): number =>
  text.split('\n').slice(0, Math.max(0, line - 1)).reduce((sum, one) => sum + one.length + 1, 0);

/** Whether the text is the one whose run is shown, and a whole query of it was run: then opening the link runs it. */
function isRun({ runs }: LogsState, tab: QueryTab): boolean {
  const run = runs[tab.id];
  if (run?.tabQuery !== tab.query || (run.timespan ?? tab.timespan) !== tab.timespan) return false;
  return blockAt(tab.query, lineOffset(tab.query, run.line))?.text === run.query;
}

interface Shown {
  tab: string;
  run: Run | undefined;
}

function shownNow(): Shown {
  const state = logsState();
  const { id } = activeTab(state);
  return { tab: id, run: state.runs[id] };
}

/** Takes away from the URL what was chosen for the result shown before: the row after a new run, all after another query. */
function useNewResult(shown: { current: Shown }, { tab, run }: Shown, latest: { current: { url: UrlState } }): void {
  useEffect(() => {
    const before = shown.current;
    shown.current = { tab, run };
    if (before.tab === tab && (!before.run || before.run.requestId === run?.requestId)) return;
    latest.current.url.set(before.tab === tab && before.run?.query === run?.query ? { row: null } : ofResult);
  }, [tab, run, shown, latest]);
}

interface Options {
  url: UrlState;
  state: LogsState;
  onRun: (offset: number) => void;
}

/** Answers whether the link has been read: before that there is nothing to show. */
export function useLink({ url, state, onRun }: Options): boolean {
  const [ready, setReady] = useState(false);
  const written = useRef<string | null>(null);
  const key = linkKey(url);
  const latest = useRef({ url, onRun });
  latest.current = { url, onRun };
  const shown = useRef(shownNow());

  useEffect(() => {
    if (written.current === key) return;
    let stale = false;
    const { url: now } = latest.current;
    const open = async () => {
      const query = await fromLink({ q: now.get('q') || null, z: now.get('z') || null });
      if (stale) return;
      written.current = key;
      if (query !== null) {
        openInTab({ query, timespan: readTimespan(now.get('ts') || null) });
        const tab = activeTab(logsState());
        if (now.get('run') !== '0' && !isRun(logsState(), tab)) latest.current.onRun(lineOffset(query, Number(now.get('line')) || 1));
        // What the link says of the result is about the one it opens.
        shown.current = shownNow();
      }
      setReady(true);
    };
    void open();
    return () => {
      stale = true;
    };
  }, [key]);

  const tab = activeTab(state);
  const run = state.runs[tab.id];
  useNewResult(shown, { tab: tab.id, run }, latest);
  useEffect(() => {
    if (!ready) return;
    let stale = false;
    const write = async () => {
      const link = await toLink(tab.query);
      if (stale) return;
      const line = run && isRun(state, tab) && run.line > 1 ? String(run.line) : null;
      const ts = tab.query ? tab.timespan : null;
      const runs = !tab.query || isRun(state, tab) ? null : '0';
      written.current = [link.q ?? '', link.z ?? '', ts ?? '', line ?? ''].join('\n');
      latest.current.url.set({ ...link, ts, line, run: runs });
    };
    const timer = setTimeout(() => void write(), pause);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [ready, tab, run?.requestId, state]);
  return ready;
}
