// SPDX-License-Identifier: Apache-2.0
// The grid's plain logic: columns as tracks, where a key moves the active cell.
import type { ReactNode } from 'react';

export interface Column<Row> {
  id: string;
  header: string;
  width: number; // least width in pixels
  grow?: number; // share of what is left over
  sort?: string; // the API's name of the field; none: not sortable
  descendingFirst?: boolean;
  end?: boolean; // numbers stand at the end
  hidden?: boolean; // shown only once chosen
  note?: string; // beside the header, such as the zone of times
  filter?: { label: string; open: () => void }; // a button at the header
  resize?: { label: string; to: (width: number | null) => void }; // null: as wide as it was at first
  spare?: number; // left out where there is no room for all, the highest first
  render: (row: Row) => ReactNode;
}

export const tracks = (columns: readonly { width: number; grow?: number }[]): string =>
  columns.map(({ width, grow }) => (grow ? `minmax(${width}px, ${grow}fr)` : `${width}px`)).join(' ');

export const leastWidth = (columns: readonly { width: number }[]): number =>
  columns.reduce((sum, column) => sum + column.width, 0);

/** The columns that there is room for. */
export function fitting<Shape extends { width: number; spare?: number }>(columns: readonly Shape[], room: number): Shape[] {
  const kept = [...columns];
  while (leastWidth(kept) > room) {
    const last = Math.max(...kept.map(({ spare = 0 }) => spare));
    if (last === 0) break;
    kept.splice(kept.findIndex(({ spare }) => spare === last), 1);
  }
  return kept;
}

/** The active cell; row -1 is the header. */
export interface Cell {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  page: number; // rows that are seen at once
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** Where a key moves the active cell (ARIA grid pattern); null for keys that do not move it. */
export function move(cell: Cell, key: string, control: boolean, extent: Extent): Cell | null {
  const last = extent.rows - 1;
  const to = (row: number, column: number): Cell => ({
    row: clamp(row, -1, last),
    column: clamp(column, 0, extent.columns - 1),
  });
  switch (key) {
    case 'ArrowUp': return to(cell.row - 1, cell.column);
    case 'ArrowDown': return to(cell.row + 1, cell.column);
    case 'ArrowLeft': return to(cell.row, cell.column - 1);
    case 'ArrowRight': return to(cell.row, cell.column + 1);
    case 'PageUp': return to(Math.max(0, cell.row - extent.page), cell.column);
    case 'PageDown': return to(cell.row + extent.page, cell.column);
    case 'Home': return control ? to(0, 0) : to(cell.row, 0);
    case 'End': return control ? to(last, extent.columns - 1) : to(cell.row, extent.columns - 1);
    default: return null;
  }
}

/** Rows to ask for next: a short first page to show something soon, longer ones for who scrolls on. */
export const pageSize = (loaded: number): number => (loaded === 0 ? 100 : 500);

/** Whether the next page should be on its way, given the last row in the window. */
export const nearEnd = (lastShown: number, loaded: number): boolean => lastShown >= loaded - 60;
