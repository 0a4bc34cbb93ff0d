// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link } from 'react-router';
import { nameOfResource, pageOfResource } from '../../api/paths';
import type { Inventory as Data, InventoryRow } from '../../api/types';
import { useScope } from '../../app/scope';
import { useUrlState, withScope } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, SearchFilter, type Filter } from '../../components/Filters';
import { ColumnsMenu, useHiddenColumns } from '../../components/grid/ColumnsMenu';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { Page } from '../../components/Page';
import { SeverityCounts } from '../../components/Severity';
import { EmptyState } from '../../components/States';
import { HealthStatus, ScanStatus } from '../../components/Status';
import { Tags } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/t';
import { scanStateFilter } from '../registries/Images';
import { inventoryLink } from './openQuery';

const path = '/api/v1/inventory';
const filterNames = ['q', 'type', 'status', 'scanState', 'tag', 'contains', 'monitored'] as const;

const inventoryColumns = (): Column<InventoryRow>[] => [
  {
    id: 'name', header: t('inventory.name'), width: 184, grow: 3, sort: 'name',
    render: (row) => {
      const page = pageOfResource(row);
      const name = nameOfResource(row);
      return page ? <Link to={page} data-opens tabIndex={-1} title={row.id}>{name}</Link> : <span title={row.id}>{name}</span>;
    },
  },
  { id: 'type', header: t('recs.type'), width: 96, sort: 'type', render: (row) => tData('typeShort', row.type) },
  { id: 'tags', spare: 3, header: t('image.tags'), width: 110, grow: 1, render: (row) => row.digest ? <Tags tags={row.tags} /> : '' },
  { id: 'registry', spare: 5, header: t('registry.name'), width: 96, grow: 1, sort: 'registry', render: (row) => row.registry },
  { id: 'status', header: t('inventory.status'), width: 146, sort: 'status', render: (row) => <HealthStatus status={row.status} /> },
  { id: 'recommendations', spare: 4, header: t('nav.recommendations'), width: 180, end: true, sort: 'recommendations', descendingFirst: true, render: (row) => formatNumber(row.recommendations) },
  { id: 'counts', header: t('nav.findings'), width: 220, sort: 'counts', descendingFirst: true, render: (row) => <SeverityCounts counts={row.counts} /> },
  { id: 'scan', spare: 2, header: t('image.scan'), width: 118, sort: 'scanState', render: (row) => row.scanState && <ScanStatus state={row.scanState} digest={row.digest} /> },
];

const filters = (): Filter[] => [
  { name: 'type', title: t('recs.type'), choices: ['registry', 'repository', 'image', 'host'].map((value) => ({ value, title: tData('level', value) })) },
  { name: 'status', title: t('filter.health'), choices: ['Unhealthy', 'Healthy', 'NotApplicable'].map((value) => ({ value, title: tData('status', value) })) },
  scanStateFilter(),
];

export default function Inventory() {
  const url = useUrlState();
  const { registry } = useScope();
  const sort = url.get('sort') || '-recommendations';
  const [q, type, status, scanState, tag, contains, monitored] = filterNames.map(url.get);
  const params = useMemo(
    () => ({ q, type, status, scanState, tag, contains, monitored, registry, sort }),
    [q, type, status, scanState, tag, contains, monitored, registry, sort],
  );
  const rows = useRows<InventoryRow, Data>({ path, params });
  const columns = useMemo(inventoryColumns, []);
  const hidden = useHiddenColumns(columns, url);
  const filtered = Boolean(q || type || status || scanState || tag || contains || monitored || registry);
  return (
    <Page
      title={t('nav.inventory')} fill
      actions={<><button type="button" className="plain-button" onClick={rows.restart}>{t('action.refresh')}</button><CsvLink path={path} params={params} /><Link className="plain-button" to={inventoryLink(params)}>{t('inventory.openQuery')}</Link></>}
    >
      <Counters counters={rows.head?.counters} />
      <FilterBar url={url} search={t('inventory.search')} filters={filters()} extra={['contains', 'tag', 'monitored']} actions={<ColumnsMenu columns={columns} url={url} />}>
        <SearchFilter url={url} name="contains" label={t('inventory.contains')} />
      </FilterBar>
      <Grid
        label={t('nav.inventory')} columns={columns} rows={rows} hiddenColumns={hidden} rowKey={(row) => row.id} sort={sort} onSort={(value) => url.set({ sort: value })}
        concerns={(event) => event.kind !== 'assessment' && !(event.kind === 'scan' && event.state === 'scanning')}
        empty={filtered
          ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState>
          : <EmptyState title={t('empty.registries')}>{t('empty.registriesText')} <Link to="/settings/registries?new=1">{t('registry.add')}</Link></EmptyState>}
      />
    </Page>
  );
}

function Counters({ counters }: { counters: Data['counters'] | undefined }) {
  const { registry } = useScope();
  const entries = [
    ['total', '/inventory'], ['unhealthy', '/inventory?status=Unhealthy'],
    ['unmonitored', '/inventory?monitored=false'], ['unregistered', '/inventory?scanState=off'],
  ] as const;
  return (
    <ul className="counters">
      {entries.map(([name, to]) => (
        <li key={name}>
          <Link to={withScope(to, registry)}><span className="big-number">{counters ? formatNumber(counters[name]) : '–'}</span> {t(`inventory.${name}`)}</Link>
        </li>
      ))}
    </ul>
  );
}
