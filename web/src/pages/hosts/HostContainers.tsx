// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import type { ContainerRow, Host } from '../../api/host_types';
import { hostPath } from '../../api/paths';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, type Filter } from '../../components/Filters';
import { ColumnsMenu, useHiddenColumns } from '../../components/grid/ColumnsMenu';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { EmptyState } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { Digest, Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/hosts';
import { ContainerState, ImageFindings, ImageLink, imageOnHostPage, Managed, whyNotAssessed } from './parts';

const containerColumns = (host: Host): Column<ContainerRow>[] => [
  { id: 'name', header: t('container.name'), width: 126, grow: 2, sort: 'name', render: (row) => <span title={row.id}>{row.name}</span> },
  { id: 'image', header: t('finding.image'), width: 150, grow: 4, sort: 'image', render: (row) => <ImageLink to={imageOnHostPage(host, row.imageId, row)} title={row.image}>{row.image}</ImageLink> },
  { id: 'state', header: t('registry.state'), width: 130, sort: 'state', render: (row) => <ContainerState state={row.state} exitCode={row.exitCode} /> },
  { id: 'findings', header: t('nav.findings'), width: 234, render: (row) => <ImageFindings row={row} to={imageOnHostPage(host, row.imageId, row)} /> },
  { id: 'failed', spare: 1, header: t('container.failed'), width: 152, end: true, sort: 'failedControls', descendingFirst: true, render: (row) => formatNumber(row.failedControls) },
  { id: 'privileged', header: t('container.privileged'), width: 112, render: (row) => (row.privileged ? <StateLabel tone="bad">{t('text.yes')}</StateLabel> : t('text.no')) },
  { id: 'ports', spare: 2, header: t('image.ports'), width: 140, grow: 1, render: (row) => <span title={row.ports.join('\n')}>{row.ports.join(', ')}</span> },
  { id: 'started', spare: 3, header: t('container.started'), width: 124, sort: 'started', descendingFirst: true, render: (row) => (row.started ? <Time at={row.started} ago /> : '') },
  { id: 'restarts', header: t('container.restarts'), width: 96, end: true, hidden: true, sort: 'restarts', descendingFirst: true, render: (row) => formatNumber(row.restarts) },
  { id: 'user', header: t('image.user'), width: 110, hidden: true, render: (row) => row.user || <span className="muted">root</span> },
  { id: 'command', header: t('image.command'), width: 180, grow: 2, hidden: true, render: (row) => <span title={row.command}>{row.command}</span> },
  { id: 'digest', header: t('image.digest'), width: 170, hidden: true, render: (row) => (row.digest ? <Digest digest={row.digest} /> : '') },
  { id: 'management', header: t('host.management'), width: 150, hidden: true, render: (row) => <Managed management={row.management} /> },
];

const states = ['running', 'paused', 'restarting', 'created', 'exited', 'dead'];

const filters = (): Filter[] => [
  { name: 'state', title: t('registry.state'), choices: states.map((value) => ({ value, title: tData('containerState', value) })) },
  { name: 'vulnerable', title: t('container.vulnerable'), choices: [{ value: 'true', title: t('text.yes') }], single: true },
];

export function HostContainers({ host }: { host: Host }) {
  const url = useUrlState();
  const sort = url.get('sort') || 'name';
  const [q, state, vulnerable] = ['q', 'state', 'vulnerable'].map(url.get);
  const path = `${hostPath(host.name)}/containers`;
  const params = useMemo(() => ({ q, state, vulnerable, sort }), [q, state, vulnerable, sort]);
  const rows = useRows<ContainerRow>({ path, params });
  const columns = useMemo(() => containerColumns(host), [host]);
  const hidden = useHiddenColumns(columns, url);
  return (
    <>
      <FilterBar url={url} search={t('container.search')} filters={filters()} actions={<><ColumnsMenu columns={columns} url={url} /><CsvLink path={path} params={params} /></>} />
      <Grid
        label={t('nav.containers')} columns={columns} rows={rows} hiddenColumns={hidden} rowKey={(row) => row.id} sort={sort} onSort={(value) => url.set({ sort: value })}
        concerns={(event) => (event.kind === 'host' && event.name === host.name) || (event.kind === 'control' && event.host === host.name) || event.kind === 'data' || (event.kind === 'scan' && event.state === 'complete')}
        empty={q || state || vulnerable
          ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState>
          : <EmptyState title={t('container.none')}>{whyNotAssessed(host) || t('container.noneText')}</EmptyState>}
      />
    </>
  );
}
