// SPDX-License-Identifier: Apache-2.0
// A grid over a long list of the API: sorted and filtered by the hub, read by pages, drawn by windows. TanStack Table
// holds the columns, TanStack Virtual the window; only rows in the window are elements, and plain ones.
import { createColumnHelper, columnVisibilityFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer, type Range, defaultRangeExtractor } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { formatNumber } from '../../i18n/format';
import { t } from '../../i18n/t';
import type { List } from '../../api/types';
import { ErrorState } from '../States';
import { GridHead } from './GridHead';
import { GridRow } from './GridRow';
import { fitting, leastWidth, nearEnd, tracks, type Column } from './model';
import { useGridKeys } from './useGridKeys';
import { useGridLive, type Concerns } from './useGridLive';
import type { Rows } from './useRows';
import { useWidth } from './useWidth';

const rowHeights = { normal: 36, dense: 28 }; // as in grid.css
const borders = 2;
const features = tableFeatures({ columnVisibilityFeature });

export interface GridProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Rows<Row, List<Row>>;
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  openKey?: string; // the row that is open beside the grid
  sort: string | null;
  onSort: (sort: string) => void;
  concerns?: Concerns; // live events that may change this list
  empty: ReactNode;
  hiddenColumns?: Record<string, boolean>;
  dense?: boolean; // many rows to look through
}

/** How far lists were scrolled when they were left, so that going back shows the same rows. */
const offsets = new Map<string, number>();

function useOffset(key: string, scroller: RefObject<HTMLDivElement | null>): number {
  const first = useRef(key);
  useLayoutEffect(() => {
    // Other parameters make another list: it begins at its top.
    if (first.current !== key) scroller.current?.scrollTo({ top: 0 });
    first.current = key;
    const element = scroller.current;
    return () => {
      if (element) offsets.set(key, element.scrollTop);
    };
  }, [key, scroller]);
  return offsets.get(key) ?? 0;
}

/** Windows of rows; the active row stays an element when scrolled away, so that focus is not lost. */
function useWindow(key: string, count: number, active: number, rowHeight: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const initialOffset = useOffset(key, scroller);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      if (active >= 0 && active < count && !indexes.includes(active)) indexes.push(active);
      return indexes.sort((a, b) => a - b);
    },
    [active, count],
  );
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    rangeExtractor,
    initialOffset,
    scrollPaddingStart: rowHeights.normal, // of the head
  });
  return { scroller, virtual };
}

/** The table over the rows of the window, and its visible columns as they were given. */
function useTableOf<Row>(columns: Column<Row>[], shown: Row[], hidden: Record<string, boolean> | undefined, room: number) {
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, { row: Row }>();
    return helper.columns(columns.map((column) => helper.display({ id: column.id, header: column.header })));
  }, [columns]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map(({ id, hidden: byDefault }) => [id, !(hidden?.[id] ?? byDefault ?? false)])),
    [columns, hidden],
  );
  const data = useMemo(() => shown.map((row) => ({ row })), [shown]);
  const table = useTable({ features, columns: definitions, data, state: { columnVisibility } });
  const visible = useMemo(() => fitting(columns.filter(({ id }) => columnVisibility[id]), room), [columns, columnVisibility, room]);
  return { rows: table.getRowModel().rows, columns: visible };
}

/** The row that is open beside the grid is shown and active: focus returns to it. */
function useOpenRow<Row>({ openKey, rowKey }: GridProps<Row>, rows: Row[], show: (index: number) => void) {
  const loaded = rows.length > 0;
  useEffect(() => {
    if (!openKey || !loaded) return;
    const index = rows.findIndex((row) => rowKey(row) === openKey);
    if (index >= 0) show(index);
  }, [openKey, loaded]);
}

export function Grid<Row>(props: GridProps<Row>) {
  const { rows: list, label, dense = false } = props;
  const { rows, total, error, loading } = list;
  const [active, setActive] = useState({ row: 0, column: 0 });
  const [width, frame] = useWidth();
  const { scroller, virtual } = useWindow(list.key, rows.length, active.row, dense ? rowHeights.dense : rowHeights.normal);
  const items = virtual.getVirtualItems();
  const shown = useMemo(() => items.map((item) => rows[item.index]!), [items, rows]);
  const { rows: tableRows, columns } = useTableOf(props.columns, shown, props.hiddenColumns, width - borders);
  const { waiting, show } = useGridLive(list, scroller, props.concerns);
  const onKeyDown = useGridKeys({
    scroller, active, setActive, rows: rows.length, columns: columns.length,
    scrollTo: (index) => virtual.scrollToIndex(index),
  });
  const lastShown = items.at(-1)?.index ?? 0;
  const { loadMore } = list;
  useEffect(() => {
    if (rows.length > 0 && nearEnd(lastShown, rows.length)) loadMore();
  }, [lastShown, rows.length, loadMore]);

  useOpenRow(props, rows, (index) => {
    virtual.scrollToIndex(index);
    setActive((now) => ({ row: index, column: now.column }));
  });
  const style = useMemo(() => ({ gridTemplateColumns: tracks(columns), minWidth: leastWidth(columns) }), [columns]);
  if (error && rows.length === 0) return <ErrorState error={error} onRetry={list.restart} />;
  if (!loading && rows.length === 0) return <>{props.empty}</>;
  return (
    <div ref={frame} className="grid-frame">
      <div
        ref={scroller} role="grid" aria-label={label} aria-rowcount={loading && !total ? -1 : total + 1}
        aria-colcount={columns.length} aria-busy={loading} className={`grid${loading ? ' busy' : ''}${dense ? ' dense' : ''}`}
        onKeyDown={onKeyDown}
      >
        <GridHead columns={columns} style={style} sort={props.sort} onSort={props.onSort} active={active} onActive={setActive} />
        <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize(), minWidth: style.minWidth }}>
          {tableRows.map(({ original: { row } }, position) => {
            const item = items[position]!;
            const key = props.rowKey(row);
            return (
              <GridRow
                key={item.key} row={row} rowId={key} index={item.index} top={item.start} columns={columns} style={style}
                activeColumn={active.row === item.index ? active.column : -1}
                open={props.openKey === key} onOpen={props.onOpen} onActive={setActive}
              />
            );
          })}
          {rows.length === 0 && <SkeletonRows />}
        </div>
      </div>
      <div className="grid-foot">
        <span aria-live="polite">
          {loading && rows.length === 0 ? t('grid.loading') : loadedText(rows.length, total)}
        </span>
        {error && <button type="button" className="plain-button" onClick={loadMore}>{t('grid.moreFailed')}</button>}
        {waiting > 0 && (
          <button type="button" className="plain-button" onClick={show}>{t('grid.changed', { n: waiting })}</button>
        )}
      </div>
    </div>
  );
}

const loadedText = (loaded: number, total: number): string =>
  loaded >= total ? t('grid.rows', { n: loaded }) : t('grid.loaded', { loaded: formatNumber(loaded), n: total });

function SkeletonRows() {
  return (
    <div role="row" className="skeleton-rows">
      <div role="gridcell" aria-label={t('grid.loading')}>
        {Array.from({ length: 8 }, (_, index) => <div key={index} className="skeleton skeleton-row" />)}
      </div>
    </div>
  );
}
