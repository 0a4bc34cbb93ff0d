// SPDX-License-Identifier: Apache-2.0
// The state of a page is its URL: filters, sorting, tab, open finding.
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

export type Change = Record<string, string | readonly string[] | null>;

export function readList(params: URLSearchParams, name: string): string[] {
  return (params.get(name) ?? '').split(',').filter(Boolean);
}

/** The parameters after a change; empty values take a parameter away, so that a default state has a bare URL. */
export function changed(params: URLSearchParams, change: Change): URLSearchParams {
  const result = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (text) result.set(name, text as string);
    else result.delete(name);
  }
  return result;
}

export interface Sorting {
  field: string;
  descending: boolean;
}

export function readSort(text: string | null): Sorting | null {
  if (!text) return null;
  return text.startsWith('-') ? { field: text.slice(1), descending: true } : { field: text, descending: false };
}

/** What a click on a column's header makes of the sorting: first ascending (or descending), then the other way. */
export function nextSort(now: string | null, field: string, descendingFirst = false): string {
  const sorting = readSort(now);
  const descending = sorting?.field === field ? !sorting.descending : descendingFirst;
  return descending ? `-${field}` : field;
}

export interface UrlState {
  params: URLSearchParams;
  get: (name: string) => string;
  list: (name: string) => string[];
  set: (change: Change, push?: boolean) => void;
}

/** Filters replace the entry of the history, what opens (a tab, a finding) adds one. */
export function useUrlState(): UrlState {
  const [params, setParams] = useSearchParams();
  const get = useCallback((name: string) => params.get(name) ?? '', [params]);
  const list = useCallback((name: string) => readList(params, name), [params]);
  const set = useCallback(
    (change: Change, push = false) =>
      setParams((before) => changed(before, change), { replace: !push, preventScrollReset: true }),
    [setParams],
  );
  return { params, get, list, set };
}

/** A link to a page that keeps the scope chosen at the top. */
export function withScope(path: string, registry: string): string {
  if (!registry || /[?&]registry=/.test(path) || path.startsWith('/registries/')) return path;
  return `${path}${path.includes('?') ? '&' : '?'}registry=${encodeURIComponent(registry)}`;
}
