// SPDX-License-Identifier: Apache-2.0
// The rows of a result in the grid: sorted here, since all of them are here.
import { useMemo, useState, type KeyboardEvent } from 'react';
import type { LogColumn, LogTable, Row } from '../../../api/logs';
import { useZone, type Zone } from '../../../app/preferences';
import { readSort, type UrlState } from '../../../app/urlState';
import { useHiddenColumns } from '../../../components/grid/ColumnsMenu';
import { Grid } from '../../../components/grid/Grid';
import type { Column } from '../../../components/grid/model';
import type { List } from '../../../api/types';
import type { Rows } from '../../../components/grid/useRows';
import { EmptyState } from '../../../components/States';
import { t } from '../../../i18n/logs';
import { plainText } from '../kql';
import { isNumeric, sortedRows, valueText } from './values';

interface NumberedRow {
  index: number; // in the order shown
  row: Row;
}

const sampled = 60;
const pixelsPerCharacter = 8; // and one more for digits, which are of one width
const longest = 240; // characters of a cell that are drawn; the pane has them all

function widthOf(table: LogTable, at: number, zone: Zone): number {
  const column = table.columns[at]!;
  const lengths = table.rows.slice(0, sampled).map((row) => valueText(column, row[at], zone).length);
  const head = column.name.length * (pixelsPerCharacter + 1) + (column.type === 'datetime' ? 116 : 76);
  return Math.round(Math.min(360, Math.max(head, ...lengths.map((length) => length * (isNumeric(column.type) ? pixelsPerCharacter + 1 : pixelsPerCharacter) + 24))));
}

function cellOf(column: LogColumn, value: unknown, zone: Zone) {
  const text = valueText(column, value, zone);
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return column.type === 'dynamic' ? <code title={shown}>{shown}</code> : <span title={shown}>{shown}</span>;
}

const isText = (type: string): boolean => type === 'string' || type === 'dynamic';

/** What the API's lists have, of rows that are all here. */
const allRows = (rows: NumberedRow[], key: string): Rows<NumberedRow, List<NumberedRow>> => ({
  rows, total: rows.length, head: undefined, loading: false, error: null, key, loadMore: () => undefined, restart: () => undefined,
});

/** Ctrl+C on a cell copies its whole value. */
function copyCell(event: KeyboardEvent, table: LogTable, rows: NumberedRow[], shown: string[]): void {
  const cell = event.target as HTMLElement;
  if (event.key.toLowerCase() !== 'c' || !(event.ctrlKey || event.metaKey) || cell.getAttribute('role') !== 'gridcell' || window.getSelection()?.toString()) return;
  const row = rows[Number(cell.dataset.row)];
  const at = Number(shown[Number(cell.dataset.column)]);
  if (row) void navigator.clipboard.writeText(plainText(table.columns[at]!.type, row.row[at]));
}

interface Props {
  table: LogTable;
  order: readonly number[]; // of the columns
  runKey: string;
  url: UrlState;
  onFilter: (column: number) => void;
}

export const resultColumns = (table: LogTable, order: readonly number[]) => order.map((at) => ({ id: String(at), header: table.columns[at]!.name }));

export function useResultRows(table: LogTable | undefined, sort: string): NumberedRow[] {
  return useMemo(() => {
    if (!table) return [];
    const order = readSort(sort || null);
    const rows = order ? sortedRows(table, Number(order.field), order.descending) : table.rows;
    return rows.map((row, index) => ({ index, row }));
  }, [table, sort]);
}

export function ResultGrid({ table, order, runKey, url, onFilter }: Props) {
  const zone = useZone();
  const sort = url.get('sort');
  const rows = useResultRows(table, sort);
  const [chosenWidths, setChosenWidths] = useState<Record<string, number | null>>({}); // by name: another run has the same columns
  const columns = useMemo(() => order.map((at): Column<NumberedRow> => {
    const column = table.columns[at]!;
    const chosen = chosenWidths[column.name] ?? null;
    return {
      id: String(at), header: column.name, width: chosen ?? widthOf(table, at, zone), grow: chosen === null && isText(column.type) ? 1 : undefined, sort: String(at), end: isNumeric(column.type),
      note: column.type === 'datetime' ? (zone === 'utc' ? t('logs.utc') : t('logs.localTime')) : undefined,
      filter: { label: t('logs.filterBy', { name: column.name }), open: () => onFilter(at) },
      resize: { label: t('logs.resize'), to: (width) => setChosenWidths((before) => ({ ...before, [column.name]: width })) },
      render: ({ row }) => cellOf(column, row[at], zone),
    };
  }), [table, order, zone, onFilter, chosenWidths]);
  const hidden = useHiddenColumns(columns, url);
  const shown = columns.filter(({ id }) => !hidden[id]).map(({ id }) => id);
  const list = useMemo(() => allRows(rows, runKey + sort), [rows, runKey, sort]);
  return (
    <div className="result-grid" onKeyDown={(event) => copyCell(event, table, rows, shown)}>
      <Grid
        dense label={t('logs.results')} columns={columns} rows={list} hiddenColumns={hidden} rowKey={({ index }) => String(index)} sort={sort || null}
        onSort={(value) => url.set({ sort: value, row: null })} onOpen={({ index }) => url.set({ row: String(index) }, true)} openKey={url.get('row') || undefined}
        empty={<EmptyState title={t('logs.noRows')}>{t('logs.noRowsText')}</EmptyState>}
      />
    </div>
  );
}
