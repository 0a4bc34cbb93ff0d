// SPDX-License-Identifier: Apache-2.0
// Keys that work on every page. Single keys are off while typing and can be switched off (WCAG 2.1.4).
import { useEffect, useRef } from 'react';
import type { TextKey } from '../i18n/t';
import { preferences } from './preferences';

export const goTo: Record<string, { path: string; title: TextKey }> = {
  o: { path: '/', title: 'nav.overview' },
  s: { path: '/score', title: 'nav.score' },
  r: { path: '/recommendations', title: 'nav.recommendations' },
  i: { path: '/inventory', title: 'nav.inventory' },
  c: { path: '/containers', title: 'nav.containers' },
  g: { path: '/registries', title: 'nav.registries' },
  f: { path: '/findings', title: 'nav.findings' },
  l: { path: '/logs', title: 'nav.logs' },
  d: { path: '/dashboards', title: 'nav.dashboards' },
  a: { path: '/settings/activity', title: 'nav.activity' },
};

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export type KeyHandler = (key: string, event: KeyboardEvent) => boolean;

/** Calls back for plain keys pressed outside of fields; a handler that answers true has used the key. */
export function useKeys(handler: KeyHandler): void {
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!preferences.shortcuts() || isTyping(event.target)) return;
      if (latest.current(event.key, event)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** Two-key sequences "g r": answers the path to go to, once both came within 1.5 s. */
export function makeSequence(now: () => number = Date.now): (key: string) => string | undefined {
  let startedAt = -Infinity;
  return (key) => {
    const open = now() - startedAt < 1500;
    startedAt = key === 'g' && !open ? now() : -Infinity;
    return open ? goTo[key]?.path : undefined;
  };
}
