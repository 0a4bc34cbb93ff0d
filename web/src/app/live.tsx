// SPDX-License-Identifier: Apache-2.0
// Server-sent events: what changed at the hub is read again here, and told to assistive technology.
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import type { ControlStatus, Failed, HostState } from '../api/host_types';
import { hostPage, hostPath } from '../api/paths';
import type { Counts, ScanState } from '../api/types';
import { t, tData } from '../i18n/t';
import { listen } from './events';
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
  | { kind: 'host'; name: string; id: string; state: HostState | 'removed'; failed: Failed | null; assessed: string | null }
  | { kind: 'control'; host: string; control: string; before: ControlStatus | ''; after: ControlStatus }
  | { kind: 'data'; built: string; advisories: number; rematched: number }
  | { kind: 'missed' }; // the connection was interrupted: anything may have changed

type Listener = (event: LiveEvent) => void;

const listeners = new Set<Listener>();
const views = ['/api/v1/overview', '/api/v1/recommendations', '/api/v1/score'];

/** Small views that a kind of event changes; the long lists ask for themselves, see the grid. */
function touched(event: LiveEvent): string[] {
  if (event.kind === 'scan') return [...views, '/api/v1/registries'];
  if (event.kind === 'registry') return ['/api/v1/registries', '/api/v1/overview'];
  if (event.kind === 'host') return [hostPath(event.name), '/api/v1/overview'];
  if (event.kind === 'control') return [...views, hostPath(event.host)];
  if (event.kind === 'data' || event.kind === 'missed') return ['/api/v1/'];
  return views;
}

export function announcement(event: LiveEvent): string {
  if (event.kind === 'control') return t('live.control', { ...event, after: tData('control', event.after) });
  if (event.kind !== 'scan' || event.state === 'scanning') return '';
  const name = event.tags?.[0] ? `${event.repository}:${event.tags[0]}` : event.repository;
  if (event.state === 'failed') return t('live.failed', { name });
  if (event.state !== 'complete') return '';
  const counts = event.counts;
  if (!counts) return t('live.complete', { name });
  const n = counts.critical + counts.high + counts.medium + counts.low + counts.unknown;
  return t('live.completeCounts', { name, n });
}

/** Controls turn all the time where there are many hosts: what is said is about the host that one looks at. */
const isShown = (event: LiveEvent): boolean => event.kind !== 'control' || window.location.pathname === hostPage(event.host);

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
    const take = (event: LiveEvent) => {
      if (event.kind === 'scan') setProgress((now) => withScan(now, event));
      // Progress alone changes no view.
      if (event.kind !== 'scan' || event.state !== 'scanning') refresher.add(touched(event));
      const text = isShown(event) ? announcement(event) : '';
      if (text) setSaid(text);
      listeners.forEach((listener) => listener(event));
    };
    const stop = listen({
      onEvent: (kind, data) => take({ kind, ...data } as LiveEvent),
      onState: setConnected,
      onMissed: () => take({ kind: 'missed' }),
      onRefused: () => void queryClient.invalidateQueries({ queryKey: sessionKey }),
    });
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
