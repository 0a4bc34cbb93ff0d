// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { decoded } from '../../api/paths';
import type { ActivityRow } from '../../api/types';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, SearchFilter, type Filter } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { endOfDay } from '../../components/Fields';
import { Page } from '../../components/Page';
import { EmptyState } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { Time } from '../../components/Text';
import { t } from '../../i18n/t';

const path = '/api/v1/activity';

const activityColumns = (): Column<ActivityRow>[] => [
  { id: 'at', header: t('activity.at'), width: 176, sort: 'at', descendingFirst: true, render: (row) => <Time at={row.at} /> },
  { id: 'caller', header: t('activity.caller'), width: 120, grow: 1, sort: 'caller', render: (row) => <span title={row.address}>{row.caller}</span> },
  { id: 'operation', header: t('activity.operation'), width: 230, grow: 2, sort: 'operation', render: (row) => <span title={row.operation}>{row.operation}</span> },
  { id: 'status', header: t('activity.status'), width: 128, sort: 'status', render: (row) => <span title={String(row.httpStatus)}><StateLabel tone={row.httpStatus >= 400 ? 'bad' : 'good'}>{row.status}</StateLabel></span> },
  { id: 'resource', header: t('activity.resource'), width: 200, grow: 3, render: (row) => <span title={row.resourceId}>{row.resourceId.split('/').slice(-2).map(decoded).join('/')}</span> },
  { id: 'message', header: t('activity.message'), width: 120, grow: 2, render: (row) => <span title={row.message}>{row.message}</span> },
];

const filters = (): Filter[] => [{
  name: 'status', title: t('filter.status'), single: true,
  choices: [{ value: 'Succeeded', title: t('activity.succeeded') }, { value: 'Failed', title: t('activity.failed') }],
}];

export default function Activity() {
  const url = useUrlState();
  const sort = url.get('sort') || '-at';
  const [q, status, caller, resource, from, to] = ['q', 'status', 'caller', 'resource', 'from', 'to'].map(url.get);
  const params = useMemo(() => ({ q, status, caller, resource, from, to: endOfDay(to ?? ''), sort }), [q, status, caller, resource, from, to, sort]);
  const rows = useRows<ActivityRow>({ path, params });
  const columns = useMemo(activityColumns, []);
  const day = (name: 'from' | 'to') => (
    <label className="inline-field">
      {t(`activity.${name}`)}{' '}
      <input type="date" className="text-input" value={url.get(name).slice(0, 10)} onChange={(event) => url.set({ [name]: event.target.value })} />
    </label>
  );
  return (
    <Page title={t('nav.activity')} subtitle={t('activity.subtitle')} fill actions={<CsvLink path={path} params={params} />}>
      <FilterBar url={url} search={t('activity.search')} filters={filters()} extra={['caller', 'resource', 'from', 'to']}>
        <SearchFilter url={url} name="caller" label={t('activity.caller')} narrow />
        {day('from')}
        {day('to')}
      </FilterBar>
      <Grid
        label={t('nav.activity')} columns={columns} rows={rows} rowKey={(row) => `${row.at}|${row.operation}|${row.resourceId}`} sort={sort}
        onSort={(value) => url.set({ sort: value })} empty={<EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState>}
      />
    </Page>
  );
}
