// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link } from 'react-router';
import { recommendationPage } from '../../api/paths';
import type { List, RecommendationRow, Score, ScoreControl } from '../../api/types';
import { useView } from '../../app/query';
import { useScope } from '../../app/scope';
import { nextSort, readSort, useUrlState, withScope } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, SearchFilter, type Filter } from '../../components/Filters';
import { Page } from '../../components/Page';
import { Severity, severities } from '../../components/Severity';
import { Await, EmptyState } from '../../components/States';
import { formatDay, formatNumber, formatPoints } from '../../i18n/format';
import { t, tData } from '../../i18n/t';
import { yesNo } from '../findings/filters';

const path = '/api/v1/recommendations';

function filtersOf(controls: ScoreControl[]): Filter[] {
  const choices = (prefix: string, values: string[]) => values.map((value) => ({ value, title: tData(prefix, value) }));
  return [
    { name: 'severity', title: t('filter.severity'), choices: choices('severity', severities.slice(0, 4)) },
    { name: 'status', title: t('filter.status'), choices: choices('recStatus', ['unhealthy', 'healthy', 'all']), single: true, fallback: 'unhealthy' },
    { name: 'control', title: t('filter.control'), choices: controls.map(({ id, title }) => ({ value: id, title })) },
    { name: 'resourceType', title: t('filter.resourceType'), choices: choices('type', ['Microsoft.ContainerRegistry/registries', 'Microsoft.HybridCompute/machines', 'Microsoft.Resources/subscriptions']) },
    { name: 'exempt', title: t('filter.exempt'), choices: yesNo(), single: true },
    { name: 'group', title: t('filter.group'), choices: choices('group', ['control', 'none']), single: true, fallback: 'control' },
  ];
}

export default function Recommendations() {
  const url = useUrlState();
  const { registry } = useScope();
  const sort = url.get('sort') || '-severity';
  const params = {
    ...Object.fromEntries(['q', 'severity', 'status', 'control', 'resourceType', 'owner', 'exempt'].map((name) => [name, url.get(name)])),
    registry, sort, top: 500,
  };
  const view = useView<List<RecommendationRow>>(path, params);
  const score = useView<Score>('/api/v1/score', { registry });
  const controls = useMemo(() => score.data?.controls ?? [], [score.data]);
  const filters = useMemo(() => filtersOf(controls), [controls]);
  return (
    <Page title={t('nav.recommendations')} subtitle={t('recs.subtitle')}>
      <FilterBar url={url} search={t('recs.search')} filters={filters} extra={['owner']} actions={<CsvLink path={path} params={params} />}>
        <SearchFilter url={url} name="owner" label={t('recs.owner')} narrow />
      </FilterBar>
      <Await view={view} lines={8}>
        {({ value }) => value.length === 0 ? <Nothing filtered={[...filters.map(({ name }) => name), 'q'].some((name) => url.get(name))} /> : (
          <Table rows={value} controls={controls} grouped={url.get('group') !== 'none'} sort={sort} onSort={(next) => url.set({ sort: next })} />
        )}
      </Await>
    </Page>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered) return <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState>;
  return (
    <EmptyState title={t('empty.recommendations')} good>
      {t('empty.recommendationsText')} <Link to="/recommendations?status=healthy">{t('recs.showHealthy')}</Link>
    </EmptyState>
  );
}

interface TableProps {
  rows: RecommendationRow[];
  controls: ScoreControl[];
  grouped: boolean;
  sort: string;
  onSort: (sort: string) => void;
}

interface Head {
  title: string;
  field: string;
  end?: boolean;
}

const heads = (): Head[] => [
  { title: t('recs.title'), field: 'title' },
  { title: t('finding.severity'), field: 'severity' },
  { title: t('recs.unhealthy'), field: 'unhealthy', end: true },
  { title: t('recs.impact'), field: 'scoreImpact', end: true },
  { title: t('recs.owner'), field: 'owner' },
];

/** Controls in the hub's order of their first recommendation, each with its rows. */
export function groupRows(rows: RecommendationRow[]): [string, RecommendationRow[]][] {
  const groups = new Map<string, RecommendationRow[]>();
  for (const row of rows) groups.set(row.control, [...(groups.get(row.control) ?? []), row]);
  return [...groups];
}

function Table({ rows, controls, grouped, sort, onSort }: TableProps) {
  const titles = new Map(controls.map((control) => [control.id, control]));
  const groups: [string, RecommendationRow[]][] = grouped ? groupRows(rows) : [['', rows]];
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('nav.recommendations')}>
      <table className="plain-table recommendations">
        <HeadRow sort={sort} onSort={onSort} />
        {groups.map(([control, members]) => (
          <tbody key={control}>
            {grouped && (
              <tr className="group-row">
                <th scope="rowgroup" colSpan={5}>
                  {titles.get(control)?.title ?? control}
                  {(titles.get(control)?.max ?? 0) > 0 && <span className="muted"> {t('recs.groupPoints', { current: formatPoints(titles.get(control)!.current), max: formatPoints(titles.get(control)!.max) })}</span>}
                </th>
              </tr>
            )}
            {members.map((row) => <Row key={row.key} row={row} />)}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function HeadRow({ sort, onSort }: { sort: string; onSort: (sort: string) => void }) {
  const sorting = readSort(sort);
  return (
    <thead>
      <tr>
        {heads().map(({ title, field, end }) => {
          const on = sorting?.field === field;
          return (
            <th key={field} scope="col" className={end ? 'end' : ''} aria-sort={on ? (sorting.descending ? 'descending' : 'ascending') : 'none'}>
              <button type="button" className="sort" onClick={() => onSort(nextSort(sort, field, field !== 'title' && field !== 'owner'))}>
                {title}<span aria-hidden="true" className="sort-mark">{on ? (sorting.descending ? '▼' : '▲') : ''}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Row({ row }: { row: RecommendationRow }) {
  const { registry } = useScope();
  const counted = row.healthy + row.unhealthy;
  return (
    <tr>
      <td className="main-cell">
        <Link to={withScope(recommendationPage(row.key), registry)}>{row.title}</Link>
        {row.exempt > 0 && <span className="tag">{t('recs.exempt', { n: row.exempt })}</span>}
      </td>
      <td><Severity level={row.severity} /></td>
      <td className="end"><Link to={withScope(recommendationPage(row.key), registry)}>{t('recs.ofResources', { unhealthy: formatNumber(row.unhealthy), n: counted, type: tData('typeShort', row.resourceType) })}</Link></td>
      <td className="end">{row.scoreImpact > 0 ? `+${formatPoints(row.scoreImpact)}` : ''}</td>
      <td>{row.owner}{row.dueDate && <span className={row.overdue ? 'due overdue' : 'due'}> {row.overdue ? t('recs.overdue', { day: formatDay(row.dueDate) }) : t('recs.due', { day: formatDay(row.dueDate) })}</span>}</td>
    </tr>
  );
}
