// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import { send } from '../../api/http';
import { registryId, repositoryPage } from '../../api/paths';
import type { List, RegistryRow, RepositoryRow } from '../../api/types';
import { refresh, useView } from '../../app/query';
import { useSession } from '../../app/session';
import { act } from '../../app/toast';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, type Filter } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { Page } from '../../components/Page';
import { SeverityCounts } from '../../components/Severity';
import { EmptyState } from '../../components/States';
import { Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t } from '../../i18n/t';
import { yesNo } from '../findings/filters';

const repositoryColumns = (): Column<RepositoryRow>[] => [
  { id: 'repository', header: t('repository.name'), width: 240, grow: 2, sort: 'repository', render: (row) => <Link to={repositoryPage(row.registry, row.repository)} data-opens tabIndex={-1} title={row.repository}>{row.repository}</Link> },
  { id: 'images', header: t('registry.unhealthyImages'), width: 180, end: true, sort: 'unhealthyImages', descendingFirst: true, render: (row) => t('score.of', { unhealthy: formatNumber(row.unhealthyImages), all: formatNumber(row.images) }) },
  { id: 'counts', header: t('nav.findings'), width: 240, grow: 1, sort: 'counts', descendingFirst: true, render: (row) => <SeverityCounts counts={row.counts} /> },
  { id: 'fixable', header: t('repository.fixable'), width: 100, end: true, sort: 'fixable', descendingFirst: true, render: (row) => formatNumber(row.counts.fixable) },
  { id: 'pushed', header: t('repository.pushed'), width: 150, sort: 'lastPushed', descendingFirst: true, render: (row) => <Time at={row.lastPushed} ago /> },
];

const filters = (): Filter[] => [{ name: 'unhealthy', title: t('filter.unhealthy'), choices: yesNo(), single: true }];

export default function Repositories() {
  const { registry = '' } = useParams();
  const url = useUrlState();
  const sort = url.get('sort') || '-counts';
  const [q, unhealthy] = [url.get('q'), url.get('unhealthy')];
  const path = `/api/v1/registries/${encodeURIComponent(registry)}/repositories`;
  const params = useMemo(() => ({ q, unhealthy, sort }), [q, unhealthy, sort]);
  const rows = useRows<RepositoryRow>({ path, params });
  const about = useView<List<RegistryRow>>('/api/v1/registries', { top: 200 });
  const row = about.data?.value.find(({ name }) => name === registry);
  const columns = useMemo(repositoryColumns, []);
  return (
    <Page title={registry} subtitle={row?.url} crumbs={[{ title: t('nav.registries'), to: '/registries' }]} fill actions={<RegistryActions registry={registry} />}>
      {row?.lastError && <p className="bar-note bad" role="status">{t('registry.error', { message: row.lastError })} <Link to={`/settings/registries?edit=${encodeURIComponent(registry)}`}>{t('registry.edit')}</Link></p>}
      {row && !row.scanEnabled && <p className="bar-note" role="status">{row.reason || t('registry.scanOffText')} <Link to="/settings/plans">{t('plans.title')}</Link></p>}
      <FilterBar url={url} search={t('repositories.search')} filters={filters()} actions={<CsvLink path={path} params={params} />} />
      <Grid
        label={t('registry.repositories')} columns={columns} rows={rows} rowKey={(one) => one.repository} sort={sort} onSort={(value) => url.set({ sort: value })}
        concerns={(event) => event.kind === 'scan' && event.registry === registry && event.state !== 'scanning'}
        empty={q || unhealthy
          ? <EmptyState title={t('empty.filter')} good={unhealthy === 'true'}>{t('empty.filterText')}</EmptyState>
          : <EmptyState title={t('empty.repositories')}>{t('empty.repositoriesText')}</EmptyState>}
      />
    </Page>
  );
}

function RegistryActions({ registry }: { registry: string }) {
  const { capabilities, subscriptionId, resourceGroup } = useSession();
  if (!capabilities.write) return null;
  const id = registryId(subscriptionId, resourceGroup, registry);
  const scan = (rescan: boolean) =>
    act(() => send('POST', `${id}/scan`, { rescan }), t('registry.scanQueued')).then(() => refresh('/api/v1/registries'));
  return (
    <>
      <button type="button" className="plain-button" onClick={() => void scan(false)}>{t('registry.poll')}</button>
      <button type="button" className="plain-button" onClick={() => void scan(true)}>{t('registry.rescan')}</button>
      <Link className="plain-button" to={`/settings/registries?edit=${encodeURIComponent(registry)}`}>{t('registry.edit')}</Link>
    </>
  );
}
