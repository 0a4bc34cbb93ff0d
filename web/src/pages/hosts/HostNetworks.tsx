// SPDX-License-Identifier: Apache-2.0
import { useMemo, type ReactNode } from 'react';
import type { Host, NetworkRow, VolumeRow } from '../../api/host_types';
import { hostPath } from '../../api/paths';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, type Filter } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { EmptyState } from '../../components/States';
import { t } from '../../i18n/hosts';
import { whyNotAssessed } from './parts';

const networkColumns = (): Column<NetworkRow>[] => [
  { id: 'name', header: t('network.name'), width: 200, grow: 2, sort: 'name', render: (row) => row.name },
  { id: 'driver', header: t('network.driver'), width: 140, grow: 1, sort: 'driver', render: (row) => row.driver },
  { id: 'scope', header: t('network.scope'), width: 120, render: (row) => row.scope },
  { id: 'id', spare: 1, header: t('finding.id'), width: 160, grow: 2, render: (row) => <code title={row.id}>{row.id.slice(0, 12)}</code> },
];

const volumeColumns = (): Column<VolumeRow>[] => [
  { id: 'name', header: t('volume.name'), width: 200, grow: 2, sort: 'name', render: (row) => <span title={row.name}>{row.name}</span> },
  { id: 'driver', header: t('network.driver'), width: 140, sort: 'driver', render: (row) => row.driver },
  { id: 'mountpoint', header: t('volume.mountpoint'), width: 200, grow: 3, render: (row) => <code title={row.mountpoint}>{row.mountpoint}</code> },
];

const filters = (): Filter[] => [{
  name: 'list', title: t('filter.level'), single: true, fallback: 'networks',
  choices: [{ value: 'networks', title: t('network.all') }, { value: 'volumes', title: t('volume.all') }],
}];

export function HostNetworks({ host }: { host: Host }) {
  const volumes = useUrlState().get('list') === 'volumes';
  return volumes
    ? <Rows<VolumeRow> host={host} part="volumes" label={t('volume.all')} columns={volumeColumns()} rowKey={(row) => row.name} none={<EmptyState title={t('volume.none')}>{whyNotAssessed(host)}</EmptyState>} />
    : <Rows<NetworkRow> host={host} part="networks" label={t('network.all')} columns={networkColumns()} rowKey={(row) => row.id} none={<EmptyState title={t('network.none')}>{whyNotAssessed(host)}</EmptyState>} />;
}

interface Props<Row> {
  host: Host;
  part: 'networks' | 'volumes';
  label: string;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  none: ReactNode;
}

function Rows<Row>({ host, part, label, columns, rowKey, none }: Props<Row>) {
  const url = useUrlState();
  const sort = url.get('sort') || 'name';
  const q = url.get('q');
  const path = `${hostPath(host.name)}/${part}`;
  const params = useMemo(() => ({ q, sort }), [q, sort]);
  const rows = useRows<Row>({ path, params });
  const shown = useMemo(() => columns, [part]);
  return (
    <>
      <FilterBar url={url} search={t('network.search')} filters={filters()} actions={<CsvLink path={path} params={params} />} />
      <Grid
        label={label} columns={shown} rows={rows} rowKey={rowKey} sort={sort} onSort={(value) => url.set({ sort: value })}
        concerns={(event) => event.kind === 'host' && event.name === host.name}
        empty={q ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState> : none}
      />
    </>
  );
}
