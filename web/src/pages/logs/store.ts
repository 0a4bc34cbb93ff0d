// SPDX-License-Identifier: Apache-2.0
// The queries that are open side by side, and what became of each run. Texts survive a reload of the window; runs last as
// long as the page, so that coming back to it shows the results again.
import { useSyncExternalStore } from 'react';
import type { QueryAnswer } from '../../api/logs';
import { readStored, writeStored } from '../../app/storage';
import { toast } from '../../app/toast';
import { t } from '../../i18n/logs';
import type { Problem } from './problems';
import { defaultTimespan } from './time';

export interface QueryTab {
  id: string;
  number: number; // of tabs without a name
  name: string;
  query: string;
  timespan: string;
  saved?: string; // the id of the saved query that it came from
}

export interface Run {
  state: 'running' | 'done' | 'failed' | 'cancelled';
  requestId: string;
  query: string; // what was sent
  tabQuery: string; // the whole text of the tab at that time
  line: number; // that the query sent begins at
  indent: number; // and what is before it in that line
  timespan: string | null;
  started: number;
  ms: number;
  answer: QueryAnswer | null;
  problems: Problem[];
}

export interface LogsState {
  tabs: QueryTab[];
  active: string;
  runs: Record<string, Run>;
}

const key = 'bulwark.logs.tabs';
const atMost = 20;

type Kept = Pick<LogsState, 'tabs' | 'active'>;

const isTab = (value: unknown): value is QueryTab => {
  const tab = value as QueryTab | null;
  return [tab?.id, tab?.name, tab?.query, tab?.timespan].every((one) => typeof one === 'string') && typeof tab?.number === 'number';
};

const isKept = (value: unknown): value is Kept => {
  const kept = value as Kept | null;
  return Array.isArray(kept?.tabs) && kept.tabs.length > 0 && kept.tabs.every(isTab) && kept.tabs.some(({ id }) => id === kept.active);
};

function newTab(tabs: readonly QueryTab[], content: Partial<QueryTab> = {}): QueryTab {
  const taken = new Set(tabs.map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number += 1;
  return { id: crypto.randomUUID(), number, name: '', query: '', timespan: defaultTimespan, ...content };
}

function initial(): LogsState {
  const kept = readStored('sessionStorage', key, isKept);
  if (kept) return { tabs: kept.tabs, active: kept.active, runs: {} };
  const tab = newTab([]);
  return { tabs: [tab], active: tab.id, runs: {} };
}

let state: LogsState | null = null;
const listeners = new Set<() => void>();

export const logsState = (): LogsState => (state ??= initial());

function set(change: Partial<LogsState>): void {
  state = { ...logsState(), ...change };
  writeStored('sessionStorage', key, { tabs: state.tabs, active: state.active });
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useLogs = (): LogsState => useSyncExternalStore(subscribe, logsState);

export const activeTab = ({ tabs, active }: LogsState): QueryTab => tabs.find(({ id }) => id === active) ?? tabs[0]!;

export const activate = (id: string): void => set({ active: id });

export function changeTab(id: string, change: Partial<Omit<QueryTab, 'id'>>): void {
  set({ tabs: logsState().tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) });
}

function without(runs: LogsState['runs'], id: string): LogsState['runs'] {
  const { [id]: _closed, ...others } = runs;
  return others;
}

export const tabTitle = ({ name, number }: QueryTab): string => name || t('logs.queryNumber', { n: number });

export function addTab(content: Partial<QueryTab> = {}): void {
  const { tabs, runs } = logsState();
  const tab = newTab(tabs, content);
  const dropped = tabs.length < atMost ? undefined : (tabs.find(({ query }) => !query.trim()) ?? tabs[0]!);
  if (dropped?.query.trim()) toast(t('logs.tabDropped', { name: tabTitle(dropped), n: atMost }));
  set({ tabs: [...tabs.filter((one) => one !== dropped), tab], active: tab.id, runs: dropped ? without(runs, dropped.id) : runs });
}

/** Shows a query: where it is open already, else in the tab shown if that is empty, else in a new one. */
export function openInTab({ query, timespan, name = '', saved }: { query: string; timespan?: string; name?: string; saved?: string }): void {
  const now = activeTab(logsState());
  const same = [now, ...logsState().tabs].find((tab) => tab.query === query);
  const content = { query, name, saved, ...(timespan ? { timespan } : {}) };
  const target = same ?? (now.query.trim() ? null : now);
  if (!target) return addTab(content);
  changeTab(target.id, same ? { ...(timespan ? { timespan } : {}), ...(name ? { name } : {}), ...(saved ? { saved } : {}) } : content);
  activate(target.id);
}

export function closeTab(id: string): void {
  const { tabs, active, runs } = logsState();
  const at = tabs.findIndex((tab) => tab.id === id);
  const left = tabs.filter((tab) => tab.id !== id);
  if (left.length === 0) left.push(newTab([]));
  set({ tabs: left, active: active === id ? left[Math.min(Math.max(0, at), left.length - 1)]!.id : active, runs: without(runs, id) });
}

export function setRun(tab: string, run: Run): void {
  if (logsState().tabs.some(({ id }) => id === tab)) set({ runs: { ...logsState().runs, [tab]: run } });
}

export const forgetRun = (tab: string): void => set({ runs: without(logsState().runs, tab) });
