// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link } from 'react-router';
import { registryPage } from '../../api/paths';
import type { RegistryRow } from '../../api/types';
import { useSession } from '../../app/session';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { Page } from '../../components/Page';
import { PlanNote } from '../shared/PlanNote';
import { SeverityCounts } from '../../components/Severity';
import { EmptyState } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/t';

export function RegistryState({ row }: { row: RegistryRow }) {
  if (row.lastError) return <span title={row.lastError}><StateLabel tone="bad">{tData('registryState', row.state)}</StateLabel></span>;
  if (!row.scanEnabled) return <span title={row.reason}><StateLabel tone="off">{t('registry.scanOff')}</StateLabel></span>;
  return <StateLabel tone="good">{tData('registryState', row.state)}</StateLabel>;
}

const registryColumns = (): Column<RegistryRow>[] => [
  { id: 'name', header: t('registry.name'), width: 130, grow: 1, sort: 'name', render: (row) => <Link to={registryPage(row.name)} data-opens tabIndex={-1}>{row.name}</Link> },
  { id: 'url', header: t('registry.url'), width: 180, grow: 2, render: (row) => <span title={row.url}>{row.url}</span> },
  { id: 'state', header: t('registry.state'), width: 132, sort: 'state', render: (row) => <RegistryState row={row} /> },
  { id: 'repositories', header: t('registry.repositories'), width: 136, end: true, sort: 'repositories', descendingFirst: true, render: (row) => formatNumber(row.repositories) },
  { id: 'images', header: t('registry.unhealthyImages'), width: 172, end: true, sort: 'unhealthyImages', descendingFirst: true, render: (row) => t('score.of', { unhealthy: formatNumber(row.unhealthyImages), all: formatNumber(row.images) }) },
  { id: 'counts', header: t('nav.findings'), width: 234, sort: 'counts', descendingFirst: true, render: (row) => <SeverityCounts counts={row.counts} /> },
  { id: 'polled', header: t('registry.polled'), width: 132, sort: 'lastPolled', descendingFirst: true, render: (row) => <Time at={row.lastPolled} ago /> },
];

export default function Registries() {
  const url = useUrlState();
  const { capabilities } = useSession();
  const sort = url.get('sort') || 'name';
  const q = url.get('q');
  const params = useMemo(() => ({ q, sort }), [q, sort]);
  const rows = useRows<RegistryRow>({ path: '/api/v1/registries', params });
  const columns = useMemo(registryColumns, []);
  return (
    <Page
      title={t('nav.registries')} subtitle={t('registries.subtitle')} fill
      actions={capabilities.write && <Link className="plain-button" to="/settings/registries?new=1">{t('registry.add')}</Link>}
    >
      <PlanNote />
      <FilterBar url={url} search={t('registries.search')} filters={[]} actions={<CsvLink path="/api/v1/registries" params={params} />} />
      <Grid
        label={t('nav.registries')} columns={columns} rows={rows} rowKey={(row) => row.name} sort={sort} onSort={(value) => url.set({ sort: value })}
        concerns={(event) => event.kind === 'registry' || (event.kind === 'scan' && event.state !== 'scanning')}
        empty={q ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState> : <NoRegistry />}
      />
    </Page>
  );
}

export function NoRegistry() {
  return <EmptyState title={t('empty.registries')}>{t('empty.registriesText')} <Link to="/settings/registries?new=1">{t('registry.add')}</Link></EmptyState>;
}
