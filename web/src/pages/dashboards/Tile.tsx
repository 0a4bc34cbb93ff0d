// SPDX-License-Identifier: Apache-2.0
// One pinned query: runs when it is shown, and again on refresh.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { Link } from 'react-router';
import { ApiError } from '../../api/http';
import { runQuery, type LogTable, type QueryAnswer } from '../../api/logs';
import { newGuid } from '../../api/paths';
import { useZone } from '../../app/preferences';
import { ErrorState, Skeleton } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { t } from '../../i18n/logs';
import { kindOf } from '../logs/charts/data';
import { hasTimeFilter } from '../logs/kql';
import { openQuery } from '../logs/link';
import { fromFailure } from '../logs/problems';
import { columnOrder, isNumeric, valueText } from '../logs/results/values';
import { timespanText } from '../logs/time';
import type { TileContent } from './dashboards';

const LogsChart = lazy(() => import('../logs/charts/LogsChart'));

export const tilesKey = 'dashboard-tiles';
const rowsShown = 100;

function SmallTable({ table, content: { title, query } }: { table: LogTable; content: TileContent }) {
  const zone = useZone();
  const order = useMemo(() => columnOrder(table, query), [table, query]);
  return (
    <div className="table-scroll tile-table" tabIndex={0} role="region" aria-label={title}>
      <table className="plain-table">
        <thead>
          <tr>
            {order.map((at) => {
              const { name, type } = table.columns[at]!;
              return <th key={at} scope="col" className={isNumeric(type) ? 'end' : undefined}>{name}{type === 'datetime' && <span className="column-note"> {zone === 'utc' ? t('logs.utc') : t('logs.localTime')}</span>}</th>;
            })}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, rowsShown).map((row, index) => (
            <tr key={index}>
              {order.map((at) => <td key={at} className={isNumeric(table.columns[at]!.type) ? 'end' : undefined}>{valueText(table.columns[at]!, row[at], zone).slice(0, 200)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > rowsShown && <p className="muted">{t('dashboards.firstRows', { shown: rowsShown, n: table.rows.length })}</p>}
    </div>
  );
}

/** What is wrong with the query, in the place of that something is. */
function told(error: Error): Error {
  if (!(error instanceof ApiError)) return error;
  const message = fromFailure(error, 1).map((one) => one.message).join('; ');
  return new ApiError(error.status, error.code, message, error.retryAfterSeconds, error.body);
}

interface ContentProps {
  answer: QueryAnswer;
  content: TileContent;
  error: Error | null; // of the refresh after it: the answer is an old one then
}

function Content({ answer, content, error }: ContentProps) {
  const table = answer.tables[0];
  const kind = kindOf(content.visualization);
  const stale = error && <p className="tile-partial" role="status"><StateLabel tone="warn">{t('dashboards.stale', { message: told(error).message })}</StateLabel></p>;
  if (!table || table.rows.length === 0) return <>{stale}<p className="muted tile-empty">{t('logs.noRows')}</p></>;
  return (
    <>
      {stale}
      {answer.error && <p className="tile-partial"><StateLabel tone="warn">{t('logs.partial')}</StateLabel></p>}
      {kind
        ? <Suspense fallback={<Skeleton lines={5} />}><LogsChart table={table} kind={kind} render={{ ...answer.render, title: null }} /></Suspense>
        : <SmallTable table={table} content={content} />}
    </>
  );
}

export function useTile(workspace: string, content: TileContent, every: number) {
  const { query, timespan } = content;
  return useQuery<QueryAnswer, Error>({
    queryKey: [tilesKey, workspace, query, timespan],
    queryFn: ({ signal }) => runQuery(workspace, { query, timespan: hasTimeFilter(query) ? null : timespan }, newGuid(), signal),
    staleTime: 60_000,
    refetchInterval: every > 0 && every * 60_000,
  });
}

export function TileBody({ workspace, content, every }: { workspace: string; content: TileContent; every: number }) {
  const view = useTile(workspace, content, every);
  if (view.data) return <Content answer={view.data} content={content} error={view.error} />;
  if (view.error) return <ErrorState error={told(view.error)} onRetry={() => void view.refetch()} />;
  return <Skeleton lines={5} />;
}

/** What time the tile is about, and its query to look at. */
export function TileFoot({ content }: { content: TileContent }) {
  const { query, timespan } = content;
  const zone = useZone();
  return (
    <div className="tile-foot">
      <span className="muted">{hasTimeFilter(query) ? t('logs.setInQuery') : timespanText(timespan, zone)}</span>
      <Link to={openQuery(query, timespan)} className="tile-link">{t('dashboards.open')}</Link>
    </div>
  );
}
