// SPDX-License-Identifier: Apache-2.0
// What a run gave: a table or a chart, and how much it took.
import { ArrowMaximizeRegular, ArrowMinimizeRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { LogTable, Place } from '../../../api/logs';
import type { UrlState } from '../../../app/urlState';
import { ColumnsMenu } from '../../../components/grid/ColumnsMenu';
import { EmptyState, Skeleton } from '../../../components/States';
import { Tabs } from '../../../components/Tabs';
import { CopyButton } from '../../../components/Text';
import { formatBytes, formatNumber } from '../../../i18n/format';
import { t, tData } from '../../../i18n/logs';
import { chartKinds, kindOf, suggestedKind, undrawnKind, type ChartKind } from '../charts/data';
import { Problems } from '../Problems';
import type { Run } from '../store';
import { FilterDialog } from './FilterDialog';
import { ResultGrid, resultColumns, useResultRows } from './ResultGrid';
import { RowPane } from './RowPane';
import { columnOrder, downloadText, emptyColumns, marked, tableNames, toCsv, toTsv } from './values';

const LogsChart = lazy(() => import('../charts/LogsChart'));

export interface Shown {
  view: 'table' | 'chart';
  kind: ChartKind;
}

/** What is shown of an answer: what the URL says, else what `render` asked for, else the table. */
export function shownOf(run: Run | undefined, url: UrlState): Shown {
  const table = run?.answer?.tables[0];
  const asked = kindOf(run?.answer?.render?.visualization);
  const kind = kindOf(url.get('chart')) ?? asked ?? (table && suggestedKind(table)) ?? 'columnchart';
  const view = url.get('view');
  return { view: view === 'table' || view === 'chart' ? view : asked ? 'chart' : 'table', kind };
}

function Statistics({ run, table }: { run: Run; table: LogTable }) {
  const { answer, ms } = run;
  const query = answer?.statistics?.query;
  const bytes = query?.inputDatasetStatistics?.bytes?.scanned;
  const scanned = query?.inputDatasetStatistics?.rows?.scanned;
  const parts = [
    t('grid.rows', { n: table.rows.length }), t('logs.took', { ms: formatNumber(ms) }),
    ...(query?.executionTime !== undefined ? [t('logs.engineTook', { ms: formatNumber(Math.round(query.executionTime * 1000)) })] : []),
    ...(scanned ? [t('logs.scanned', { n: scanned })] : []),
    ...(bytes ? [t('logs.bytes', { size: formatBytes(bytes) })] : []),
  ];
  return <p className="log-statistics" role="status">{parts.join(' · ')}</p>;
}

/** The seconds are for the eye: read out each, they would be noise. */
function Waiting({ since }: { since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.floor((now - since) / 1000);
  return (
    <div className="log-waiting">
      <p className="muted"><span role="status">{t('logs.running')}</span>{seconds > 0 && <span aria-hidden="true"> · {t('logs.seconds', { n: seconds })}</span>}</p>
      <Skeleton lines={6} />
    </div>
  );
}

/** Whether the answer has the page to itself. */
export const isEnlarged = (run: Run | undefined, url: UrlState): boolean => run?.state === 'done' && url.get('full') === '1';

interface Props {
  run: Run | undefined;
  url: UrlState;
  onFilter: (condition: string, run: boolean) => void;
  onJump: (place: Place) => void;
}

export function Results(props: Props) {
  const { run, onJump } = props;
  if (!run) return <EmptyState title={t('logs.notRun')}>{t('logs.notRunText')}</EmptyState>;
  if (run.state === 'running') return <Waiting since={run.started} />;
  if (run.state === 'cancelled') return <EmptyState title={t('logs.cancelled')}>{t('logs.cancelledText')}</EmptyState>;
  if (run.state === 'failed') return <Problems alert title={t('logs.failedTitle')} tone="bad" problems={run.problems} onJump={onJump} />;
  return <Answer {...props} run={run} />;
}

function Answer({ run, url, onFilter, onJump }: Props & { run: Run }) {
  const tables = run.answer?.tables ?? [];
  const table = tables[Number(url.get('table')) || 0] ?? tables[0];
  const order = useMemo(() => (table ? columnOrder(table, run.query) : []), [table, run.query]);
  const { view, kind } = shownOf(run, url);
  const change = (id: string) => url.set({ view: id, row: null });
  if (!table) return <EmptyState title={t('logs.noRows')}>{t('logs.noRowsText')}</EmptyState>;
  const undrawn = undrawnKind(run.answer?.render?.visualization);
  return (
    <>
      {undrawn && <p className="bar-note">{t('logs.undrawn', { kind: undrawn })}</p>}
      <Problems title={t('logs.partial')} tone="warn" problems={run.problems} onJump={onJump} alert />
      <Tabs
        fill name="result" label={t('logs.results')} current={view} onChange={change}
        tabs={[{ id: 'table', title: t('logs.table') }, { id: 'chart', title: t('logs.chart') }]}
        extra={<ResultTools run={run} table={table} order={order} url={url} kind={kind} view={view} onFilter={onFilter} />}
      >
        {view === 'table' ? <TableView run={run} table={table} order={order} url={url} onFilter={onFilter} /> : (
          <div className="chart-view">
            <Suspense fallback={<Skeleton lines={6} />}><LogsChart table={table} kind={kind} render={run.answer?.render ?? {}} /></Suspense>
          </div>
        )}
      </Tabs>
      <Statistics run={run} table={table} />
    </>
  );
}

interface ToolProps {
  run: Run;
  table: LogTable;
  order: readonly number[];
  url: UrlState;
  kind: ChartKind;
  view: 'table' | 'chart';
  onFilter: (condition: string, run: boolean) => void;
}

function ResultTools({ run, table, order, url, kind, view, onFilter }: ToolProps) {
  const [filtering, setFiltering] = useState(false);
  const tables = run.answer!.tables;
  return (
    <div className="result-tools">
      {tables.length > 1 && (
        <select className="text-input" aria-label={t('logs.whichTable')} value={url.get('table') || '0'} onChange={(event) => url.set({ table: event.target.value, sort: null, columns: null, row: null })}>
          {tableNames(tables).map((name, index) => <option key={index} value={index}>{name}</option>)}
        </select>
      )}
      {view === 'chart' ? (
        <select className="text-input" aria-label={t('logs.chartKind')} value={kind} onChange={(event) => url.set({ chart: event.target.value, view: 'chart' })}>
          {chartKinds.map((one) => <option key={one} value={one}>{tData('chart', one)}</option>)}
        </select>
      ) : (
        <>
          <button type="button" className="plain-button" disabled={table.rows.length === 0} onClick={() => setFiltering(true)}>{t('logs.filter')}</button>
          <ColumnsMenu columns={resultColumns(table, order)} url={url}><ColumnChoices table={table} first={order[0]!} url={url} /></ColumnsMenu>
        </>
      )}
      <CopyButton text={() => toTsv(table)} label={t('logs.copyRows')} />
      <button type="button" className="plain-button" onClick={() => downloadText('query.csv', 'text/csv;charset=utf-8', marked(toCsv(table)))}>{t('action.csv')}</button>
      <EnlargeButton url={url} />
      {filtering && <FilterDialog table={table} column={0} onAdd={onFilter} onClose={() => setFiltering(false)} />}
    </div>
  );
}

function EnlargeButton({ url }: { url: UrlState }) {
  const full = url.get('full') === '1';
  const label = full ? t('logs.shrink') : t('logs.enlarge');
  return (
    <button type="button" className="plain-button icon" aria-label={label} title={label} onClick={() => url.set({ full: full ? null : '1' })}>
      {full ? <ArrowMinimizeRegular fontSize={16} aria-hidden="true" /> : <ArrowMaximizeRegular fontSize={16} aria-hidden="true" />}
    </button>
  );
}

/** Many columns of a table are empty in most of its rows. */
function ColumnChoices({ table, first, url }: { table: LogTable; first: number; url: UrlState }) {
  const hidden = url.list('columns');
  const hide = () => url.set({ columns: [...new Set([...hidden, ...emptyColumns(table).filter((at) => at !== first).map(String)])] });
  return (
    <div className="column-choices">
      <button type="button" className="link-button" onClick={hide}>{t('logs.hideEmpty')}</button>
      <button type="button" className="link-button" disabled={hidden.length === 0} onClick={() => url.set({ columns: null })}>{t('logs.allColumns')}</button>
    </div>
  );
}

function TableView({ run, table, order, url, onFilter }: Pick<ToolProps, 'run' | 'table' | 'order' | 'url' | 'onFilter'>) {
  const [column, setColumn] = useState<number | null>(null);
  const rows = useResultRows(table, url.get('sort'));
  const openFilter = useCallback((at: number) => setColumn(at), []);
  const opened = url.get('row');
  const row = opened ? rows[Number(opened)] : undefined;
  const close = useCallback(() => url.set({ row: null }), [url]);
  return (
    <div className="with-pane">
      <div className="list-side"><ResultGrid table={table} order={order} runKey={run.requestId + table.name} url={url} onFilter={openFilter} /></div>
      {row && <RowPane key={row.index} table={table} order={order} row={row.row} number={row.index + 1} rowKey={opened} onFilter={(text) => onFilter(text, false)} onClose={close} />}
      {column !== null && <FilterDialog table={table} column={column} onAdd={onFilter} onClose={() => setColumn(null)} />}
    </div>
  );
}
