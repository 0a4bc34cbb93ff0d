// SPDX-License-Identifier: Apache-2.0
// The queries that were run in this browser, the latest first.
import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../../app/storage';

export interface PastQuery {
  query: string;
  timespan: string;
  at: string;
  ms: number;
  rows: number | null; // none where it failed
}

const key = 'bulwark.logs.history';
export const keptQueries = 100;

const isHistory = (value: unknown): value is PastQuery[] =>
  Array.isArray(value) && value.every((one) => typeof (one as PastQuery | null)?.query === 'string' && typeof (one as PastQuery).at === 'string');

let kept: PastQuery[] | null = null;
const listeners = new Set<() => void>();

export const readHistory = (): PastQuery[] => (kept ??= readStored('localStorage', key, isHistory) ?? []);

/** A query that is run again moves to the front. */
export function remembered(history: readonly PastQuery[], added: PastQuery): PastQuery[] {
  return [added, ...history.filter(({ query }) => query !== added.query)].slice(0, keptQueries);
}

function keep(history: PastQuery[]): void {
  kept = history;
  writeStored('localStorage', key, history);
  listeners.forEach((listener) => listener());
}

export const remember = (added: PastQuery): void => keep(remembered(readHistory(), added));
export const forgetHistory = (): void => keep([]);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useHistory = (): PastQuery[] => useSyncExternalStore(subscribe, readHistory);
