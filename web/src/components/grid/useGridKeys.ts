// SPDX-License-Identifier: Apache-2.0
// Keyboard of the grid: one tab stop, arrows move the active cell, Enter does what a click on the row would.
import { useCallback, useEffect, useRef, type KeyboardEvent, type RefObject } from 'react';
import { move, type Cell } from './model';

interface Options {
  scroller: RefObject<HTMLDivElement | null>;
  active: Cell;
  setActive: (cell: Cell) => void;
  rows: number;
  columns: number;
  scrollTo: (row: number) => void;
}

function cellElement(scroller: HTMLElement | null, cell: Cell): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-row="${cell.row}"][data-column="${cell.column}"]`) ?? null;
}

/** What Enter on a cell means: its own link or button, else the row's. */
function activate(cell: HTMLElement): boolean {
  if (cell.tagName === 'BUTTON') return false;
  const inside = cell.querySelector<HTMLElement>('a, button, input');
  if (inside) inside.click();
  else {
    const row = cell.closest<HTMLElement>('[role=row]');
    (row?.querySelector<HTMLElement>('[data-opens]') ?? row)?.click();
  }
  return true;
}

export function useGridKeys({ scroller, active, setActive, rows, columns, scrollTo }: Options) {
  const wanted = useRef<Cell | null>(null);
  // The row may become an element only after scrolling: focus it once it is there.
  useEffect(() => {
    if (!wanted.current) return;
    const element = cellElement(scroller.current, wanted.current);
    if (!element) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  });
  return useCallback(
    (event: KeyboardEvent<HTMLDivElement>) => {
      const target = event.target as HTMLElement;
      if ((event.key === 'Enter' || event.key === ' ') && target.getAttribute('role') === 'gridcell') {
        if (activate(target)) event.preventDefault();
        return;
      }
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 360) / 36) - 2);
      const next = move(active, event.key, event.ctrlKey, { rows, columns, page });
      if (!next || event.altKey || event.metaKey) return;
      event.preventDefault();
      wanted.current = next;
      if (next.row >= 0) scrollTo(next.row);
      setActive({ ...next });
    },
    [active, rows, columns, scrollTo, scroller, setActive],
  );
}
