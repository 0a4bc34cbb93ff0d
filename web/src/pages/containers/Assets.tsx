// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { AssetKind, AssetRow } from '../../api/host_types';
import { hostPage, recommendationPage, registryPage } from '../../api/paths';
import type { LiveEvent } from '../../app/live';
import { useUrlState } from '../../app/urlState';
import { SeverityBar } from '../../components/Bars';
import { CsvLink } from '../../components/Csv';
import { FilterBar, type Filter } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { SeverityCounts } from '../../components/Severity';
import { EmptyState } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/hosts';
import { HostStateLabel } from '../hosts/parts';
import { registryImagesKey } from '../shared/ExemptDialog';

const path = '/api/v1/containers';
const kinds: AssetKind[] = ['registry', 'host', 'cluster', 'group'];

function pageOf({ kind, name }: AssetRow): string | undefined {
  if (kind === 'host') return hostPage(name);
  return kind === 'registry' ? registryPage(name) : undefined;
}

function AssetState({ row }: { row: AssetRow }) {
  if (row.kind === 'host') return <HostStateLabel state={row.state} />;
  const tone = row.state === 'error' ? 'bad' : row.state === 'off' || row.state === 'pending' ? 'off' : 'good';
  return <StateLabel tone={tone}>{tData('registryState', row.state)}</StateLabel>;
}

/** A host's page lists them; a registry has one. */
function Recommendations({ row }: { row: AssetRow }) {
  const text = formatNumber(row.recommendations);
  if (row.recommendations === 0 || (row.kind !== 'host' && row.kind !== 'registry')) return <>{text}</>;
  const to = row.kind === 'host' ? hostPage(row.name) : `${recommendationPage(registryImagesKey)}?q=${encodeURIComponent(row.name)}`;
  return <Link to={to} tabIndex={-1}>{text}</Link>;
}

const count = (value: number | null): string => (value === null ? '' : formatNumber(value));

const assetColumns = (): Column<AssetRow>[] => [
  {
    id: 'name', header: t('inventory.name'), width: 150, grow: 2, sort: 'name',
    render: (row) => {
      const page = pageOf(row);
      return page ? <Link to={page} data-opens tabIndex={-1} title={row.id}>{row.name}</Link> : <span title={row.id}>{row.name}</span>;
    },
  },
  { id: 'kind', spare: 1, header: t('registry.kind'), width: 126, sort: 'kind', render: (row) => tData('asset', row.kind) },
  { id: 'detail', spare: 5, header: t('containers.detail'), width: 150, grow: 2, render: (row) => <span title={row.detail}>{row.detail}</span> },
  { id: 'state', header: t('registry.state'), width: 132, sort: 'state', render: (row) => <AssetState row={row} /> },
  { id: 'recommendations', header: t('nav.recommendations'), width: 188, end: true, sort: 'recommendations', descendingFirst: true, render: (row) => <Recommendations row={row} /> },
  { id: 'counts', header: t('nav.findings'), width: 246, sort: 'counts', descendingFirst: true, render: (row) => <SeverityCounts counts={row.counts} /> },
  { id: 'shares', spare: 2, header: t('containers.shares'), width: 96, render: (row) => <SeverityBar counts={row.counts} /> },
  { id: 'containers', spare: 3, header: t('nav.containers'), width: 124, end: true, sort: 'containers', descendingFirst: true, render: (row) => count(row.containers) },
  { id: 'images', spare: 4, header: t('overview.images'), width: 92, end: true, sort: 'images', descendingFirst: true, render: (row) => count(row.images) },
];

const filters = (): Filter[] => [
  { name: 'kind', title: t('registry.kind'), choices: kinds.map((value) => ({ value, title: tData('assets', value) })) },
];

const concerns = (event: LiveEvent): boolean =>
  event.kind === 'host' || event.kind === 'control' || event.kind === 'registry' || (event.kind === 'scan' && event.state === 'complete');

export function Assets() {
  const url = useUrlState();
  const sort = url.get('sort') || '-recommendations';
  const [q, kind] = [url.get('q'), url.get('kind')];
  const params = useMemo(() => ({ q, kind, sort }), [q, kind, sort]);
  const rows = useRows<AssetRow>({ path, params });
  const columns = useMemo(assetColumns, []);
  return (
    <>
      <FilterBar url={url} search={t('containers.search')} filters={filters()} actions={<CsvLink path={path} params={params} />} />
      <Grid
        label={t('nav.containers')} columns={columns} rows={rows} rowKey={(row) => row.id} sort={sort} onSort={(value) => url.set({ sort: value })} concerns={concerns}
        empty={q ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState> : <Nothing kind={kind} />}
      />
    </>
  );
}

const toHost = () => <Link to="/hosts/add">{t('host.add')}</Link>;
const toRegistry = () => <Link to="/settings/registries?new=1">{t('registry.add')}</Link>;

/** Says what there can be today: clusters and groups are not watched yet, their records can be. */
function Nothing({ kind }: { kind: string }) {
  if (kind === 'host') return <EmptyState title={t('empty.hosts')}>{t('empty.hostsText')} {toHost()}</EmptyState>;
  if (kind === 'registry') return <EmptyState title={t('empty.registries')}>{t('empty.registriesText')} {toRegistry()}</EmptyState>;
  if (kind === 'cluster') return <EmptyState title={t('empty.clusters')}>{t('empty.clustersText')} <Link to="/logs">{t('nav.logs')}</Link></EmptyState>;
  if (kind === 'group') return <EmptyState title={t('empty.groups')}>{t('empty.groupsText')} <Link to="/logs">{t('nav.logs')}</Link></EmptyState>;
  if (kind) return <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState>;
  return <EmptyState title={t('empty.assets')}>{t('empty.assetsText')} {toHost()} {' · '} {toRegistry()}</EmptyState>;
}
