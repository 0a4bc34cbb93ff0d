// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import type { Host, HostImageRow } from '../../api/host_types';
import { hostPath } from '../../api/paths';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { EmptyState } from '../../components/States';
import { Digest, Time } from '../../components/Text';
import { formatBytes, formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/hosts';
import { ImageFindings, ImageLink, imageOnHostPage, whyNotAssessed } from './parts';

const imageColumns = (host: Host): Column<HostImageRow>[] => [
  { id: 'name', header: t('finding.image'), width: 220, grow: 3, sort: 'name', render: (row) => <ImageLink to={imageOnHostPage(host, row.id, row)} title={row.names.join('\n')}>{row.name}</ImageLink> },
  { id: 'findings', header: t('nav.findings'), width: 234, render: (row) => <ImageFindings row={row} to={imageOnHostPage(host, row.id, row)} /> },
  { id: 'scanned', header: t('hostImage.scanned'), width: 170, render: (row) => tData('scannedBy', row.scanned) },
  { id: 'containers', header: t('nav.containers'), width: 124, end: true, sort: 'containers', descendingFirst: true, render: (row) => formatNumber(row.containers) },
  { id: 'size', spare: 2, header: t('image.size'), width: 100, end: true, sort: 'size', descendingFirst: true, render: (row) => formatBytes(row.size) },
  { id: 'created', spare: 3, header: t('image.created'), width: 124, sort: 'created', descendingFirst: true, render: (row) => (row.created ? <Time at={row.created} ago /> : '') },
  { id: 'id', spare: 4, header: t('finding.id'), width: 170, render: (row) => <Digest digest={row.id} /> },
];

export function HostImages({ host }: { host: Host }) {
  const url = useUrlState();
  const sort = url.get('sort') || 'name';
  const q = url.get('q');
  const path = `${hostPath(host.name)}/images`;
  const params = useMemo(() => ({ q, sort }), [q, sort]);
  const rows = useRows<HostImageRow>({ path, params });
  const columns = useMemo(() => imageColumns(host), [host]);
  return (
    <>
      <FilterBar url={url} search={t('hostImage.search')} filters={[]} actions={<CsvLink path={path} params={params} />} />
      <Grid
        label={t('overview.images')} columns={columns} rows={rows} rowKey={(row) => row.id} sort={sort} onSort={(value) => url.set({ sort: value })}
        concerns={(event) => (event.kind === 'host' && event.name === host.name) || event.kind === 'data' || (event.kind === 'scan' && event.state === 'complete')}
        empty={q ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState> : <EmptyState title={t('hostImage.none')}>{whyNotAssessed(host) || t('hostImage.noneText')}</EmptyState>}
      />
    </>
  );
}
