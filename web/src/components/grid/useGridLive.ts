// SPDX-License-Identifier: Apache-2.0
// Live events and long lists: rows never move under the reader's pointer. At the top, untouched, the list reads itself
// again; else it offers to.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { useLiveEvents, type LiveEvent } from '../../app/live';
import type { List } from '../../api/types';
import type { Rows } from './useRows';

export type Concerns = (event: LiveEvent) => boolean;

const untouched = (element: HTMLElement): boolean =>
  element.scrollTop < 20 && !element.matches(':hover') && !element.contains(document.activeElement);

export function useGridLive<Row>(rows: Rows<Row, List<Row>>, scroller: RefObject<HTMLDivElement | null>, concerns?: Concerns) {
  const [waiting, setWaiting] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { restart } = rows;
  const show = useCallback(() => {
    setWaiting(0);
    scroller.current?.scrollTo({ top: 0 });
    restart();
  }, [restart, scroller]);
  useLiveEvents((event) => {
    if (!concerns || (event.kind !== 'missed' && !concerns(event))) return;
    const element = scroller.current;
    if (element && !untouched(element)) return setWaiting((n) => n + 1);
    // Not put off by the next event: where many hosts report there is always one.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      show();
    }, 500);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return { waiting, show };
}
