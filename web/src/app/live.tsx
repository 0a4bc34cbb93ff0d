// SPDX-License-Identifier: Apache-2.0
// Server-sent events: what changed at the hub is read again here, and told to assistive technology.
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import type { Counts, ScanState } from '../api/types';
import { t } from '../i18n/t';
import { queryClient, refreshViews } from './query';
import { sessionKey } from './session';

export interface ScanEvent {
  registry: string;
  repository: string;
  digest: string;
  tags?: string[];
  state: ScanState | 'deleted';
  progress?: number;
  counts?: Counts;
}

export type LiveEvent =
  | ({ kind: 'scan' } & ScanEvent)
  | { kind: 'assessment'; key: string; id: string; status: string; previous: string }
  | { kind: 'registry'; name: string; state: string }
  | { kind: 'data'; built: string; advisories: number; rematched: number };

type Listener = (event: LiveEvent) => void;

const listeners = new Set<Listener>();
const kinds = ['scan', 'assessment', 'registry', 'data'] as const;
const views = ['/api/v1/overview', '/api/v1/recommendations', '/api/v1/score'];

/** Small views that a kind of event changes; the long lists ask for themselves, see the grid. */
function touched(event: LiveEvent): string[] {
  if (event.kind === 'scan') return [...views, '/api/v1/registries'];
  if (event.kind === 'registry') return ['/api/v1/registries', '/api/v1/overview'];
  if (event.kind === 'data') return ['/api/v1/'];
  return views;
}

export function announcement(event: LiveEvent): string {
  if (event.kind !== 'scan' || event.state === 'scanning') return '';
  const name = event.tags?.[0] ? `${event.repository}:${event.tags[0]}` : event.repository;
  if (event.state === 'failed') return t('live.failed', { name });
  if (event.state !== 'complete') return '';
  const counts = event.counts;
  if (!counts) return t('live.complete', { name });
  const n = counts.critical + counts.high + counts.medium + counts.low + counts.unknown;
  return t('live.completeCounts', { name, n });
}

const LiveContext = createContext({ connected: true, progress: new Map<string, ScanEvent>() });

/** Running scans by digest, and whether events arrive. */
export const useLive = () => useContext(LiveContext);

export function useLiveEvents(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const call: Listener = (event) => latest.current(event);
    listeners.add(call);
    return () => {
      listeners.delete(call);
    };
  }, []);
}

/** Reads again at most once a second, however many events arrive. */
function makeRefresher() {
  let pending = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    timer = undefined;
    const paths = [...pending];
    pending = new Set();
    void refreshViews(...paths);
  };
  const add = (paths: string[]) => {
    paths.forEach((path) => pending.add(path));
    timer ??= setTimeout(run, 1000);
  };
  return { add, stop: () => clearTimeout(timer) };
}

const reconnectAfter = 5000;

/**
 * Listens, and goes on after interruptions: the browser connects again by itself, but not after a refusal. What was
 * missed meanwhile is read again.
 */
function connect(onEvent: Listener, onState: (connected: boolean) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lost = false;
  const begin = () => {
    source = new EventSource('/api/v1/events');
    source.onopen = () => {
      onState(true);
      if (lost) void refreshViews('/api/v1/');
      lost = false;
    };
    source.onerror = () => {
      lost = true;
      onState(false);
      if (source.readyState !== EventSource.CLOSED) return;
      void queryClient.invalidateQueries({ queryKey: sessionKey });
      timer = setTimeout(begin, reconnectAfter);
    };
    for (const kind of kinds)
      source.addEventListener(kind, (message) => {
        onEvent({ kind, ...JSON.parse((message as MessageEvent<string>).data) } as LiveEvent);
      });
  };
  begin();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

function withScan(now: Map<string, ScanEvent>, event: ScanEvent): Map<string, ScanEvent> {
  const next = new Map(now);
  if (event.state === 'queued' || event.state === 'scanning') next.set(event.digest, event);
  else next.delete(event.digest);
  return next;
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const [connected, setConnected] = useState(true);
  const [progress, setProgress] = useState(() => new Map<string, ScanEvent>());
  const [said, setSaid] = useState('');
  useEffect(() => {
    const refresher = makeRefresher();
    const stop = connect((event) => {
      if (event.kind === 'scan') setProgress((now) => withScan(now, event));
      // Progress alone changes no view.
      if (event.kind !== 'scan' || event.state !== 'scanning') refresher.add(touched(event));
      const text = announcement(event);
      if (text) setSaid(text);
      listeners.forEach((listener) => listener(event));
    }, setConnected);
    return () => {
      refresher.stop();
      stop();
    };
  }, []);
  return (
    <LiveContext.Provider value={{ connected, progress }}>
      {children}
      <div className="visually-hidden" role="status" aria-live="polite">{said}</div>
    </LiveContext.Provider>
  );
}
