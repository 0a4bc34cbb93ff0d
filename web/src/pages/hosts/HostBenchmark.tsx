// SPDX-License-Identifier: Apache-2.0
// All controls of the benchmark as a grid, the open one as a pane beside it. All of it in the URL.
import { useCallback, useEffect, useMemo } from 'react';
import { Link, useLocation, type To } from 'react-router';
import type { ControlRow, Host, Section } from '../../api/host_types';
import { hostPath } from '../../api/paths';
import { changed, useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, type Filter } from '../../components/Filters';
import { ColumnsMenu, useHiddenColumns } from '../../components/grid/ColumnsMenu';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { Severity } from '../../components/Severity';
import { EmptyState } from '../../components/States';
import { Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/hosts';
import { ControlPane } from './ControlPane';
import { ControlState, controlStatuses, whyNotAssessed } from './parts';

type ToControl = (row: ControlRow) => To;

function controlColumns(toControl: ToControl, sections: Section[]): Column<ControlRow>[] {
  const titles = new Map(sections.map(({ id, title }) => [id, title]));
  return [
    { id: 'id', header: t('control.id'), width: 100, sort: 'section', render: (row) => <Link to={toControl(row)} data-opens tabIndex={-1}>{row.id}</Link> },
    { id: 'title', header: t('control.title'), width: 220, grow: 4, sort: 'title', render: (row) => <span title={row.title}>{row.disabled && <span className="tag" title={row.disabled.reason}>{t('control.disabledTag')}</span>} {row.title}</span> },
    { id: 'status', header: t('filter.status'), width: 142, sort: 'status', render: (row) => <ControlState status={row.status} /> },
    { id: 'severity', header: t('finding.severity'), width: 108, render: (row) => <Severity level={row.severity} /> },
    { id: 'resources', spare: 2, header: t('control.failing'), width: 96, end: true, render: (row) => (row.counts.fail > 0 ? formatNumber(row.counts.fail) : '') },
    { id: 'section', spare: 3, header: t('control.section'), width: 150, grow: 1, render: (row) => <span title={titles.get(row.section)}>{row.section} {titles.get(row.section)}</span> },
    { id: 'level', header: t('control.level'), width: 84, end: true, hidden: true, sort: 'level', render: (row) => row.level },
    { id: 'since', spare: 4, header: t('recs.since'), width: 126, sort: 'since', descendingFirst: true, render: (row) => (row.since ? <Time at={row.since} ago /> : '') },
  ];
}

const choicesOf = (prefix: string, values: readonly string[]) => values.map((value) => ({ value, title: tData(prefix, value) }));

const filtersOf = (sections: Section[]): Filter[] => [
  { name: 'status', title: t('filter.status'), choices: choicesOf('control', controlStatuses) },
  { name: 'severity', title: t('filter.severity'), choices: choicesOf('severity', ['Critical', 'High', 'Medium', 'Low']) },
  { name: 'section', title: t('control.section'), choices: sections.map(({ id, title }) => ({ value: id, title: `${id} ${title}` })) },
];

function useOpenControl() {
  const url = useUrlState();
  const { pathname } = useLocation();
  const toControl = useCallback((row: ControlRow) => ({ pathname, search: `?${changed(url.params, { control: row.id })}` }), [pathname, url.params]);
  const open = useCallback((row: ControlRow, push = true) => url.set({ control: row.id }, push), [url]);
  return { url, toControl, open };
}

export function HostBenchmark({ host }: { host: Host }) {
  const { url, toControl, open } = useOpenControl();
  const sections = useMemo(() => host.benchmark?.sections ?? [], [host.benchmark]);
  const sort = url.get('sort') || 'section';
  const [q, status, severity, section] = ['q', 'status', 'severity', 'section'].map(url.get);
  const path = `${hostPath(host.name)}/controls`;
  const params = useMemo(() => ({ q, status, severity, section, sort }), [q, status, severity, section, sort]);
  const rows = useRows<ControlRow>({ path, params });
  const columns = useMemo(() => controlColumns(toControl, sections), [toControl, sections]);
  // They are few: next and previous go through all of them.
  const { loadMore } = rows;
  useEffect(() => loadMore(), [loadMore, rows.rows.length]);
  const hidden = useHiddenColumns(columns, url);
  const control = url.get('control');
  const filtered = Boolean(q || status || severity || section);
  return (
    <div className="with-pane">
      <div className="list-side">
        <FilterBar url={url} search={t('control.search')} filters={filtersOf(sections)} actions={<><ColumnsMenu columns={columns} url={url} /><CsvLink path={path} params={params} /></>} />
        <Grid
          label={t('host.benchmark')} columns={columns} rows={rows} hiddenColumns={hidden} rowKey={(row) => row.id} onOpen={open} openKey={control} sort={sort} onSort={(value) => url.set({ sort: value })}
          concerns={(event) => (event.kind === 'control' && event.host === host.name) || (event.kind === 'host' && event.name === host.name)}
          empty={filtered ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState> : <EmptyState title={t('host.notAssessed')}>{whyNotAssessed(host) || t('host.notAssessedText')}</EmptyState>}
        />
      </div>
      {control && <ControlPane host={host} id={control} rows={rows.rows} onMove={(row) => open(row, false)} onClose={() => url.set({ control: null }, true)} />}
    </div>
  );
}
