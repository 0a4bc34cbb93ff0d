// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { RunningImageRow } from '../../api/host_types';
import { hostPage, imagePage } from '../../api/paths';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, SearchFilter } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { Severity, SeverityCounts } from '../../components/Severity';
import { EmptyState } from '../../components/States';
import { Digest } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t } from '../../i18n/hosts';
import { severityFilter } from '../findings/filters';
import { ImageLink } from '../hosts/parts';

const path = '/api/v1/running-images';
const namedHosts = 3;

/** The first few; the others are a filter away. */
function Hosts({ row: { hosts, hostTotal } }: { row: RunningImageRow }) {
  const more = hostTotal - Math.min(namedHosts, hosts.length);
  return (
    <span title={hosts.join(', ')}>
      {hosts.slice(0, namedHosts).map((name, index) => <span key={name}>{index > 0 && ', '}<Link to={`${hostPage(name)}?tab=containers&vulnerable=true`} tabIndex={-1}>{name}</Link></span>)}
      {more > 0 && <span className="muted"> {t('running.more', { n: more })}</span>}
    </span>
  );
}

const pageOf = ({ registry, repository, scannedDigest }: RunningImageRow) => registry && repository ? imagePage(registry, repository, scannedDigest) : undefined;

const runningColumns = (): Column<RunningImageRow>[] => [
  { id: 'image', header: t('finding.image'), width: 200, grow: 3, sort: 'image', render: (row) => <ImageLink to={pageOf(row)} title={row.image}>{row.image}</ImageLink> },
  { id: 'worst', spare: 1, header: t('running.worst'), width: 116, render: (row) => <Severity level={row.worst} /> },
  { id: 'counts', header: t('nav.findings'), width: 234, sort: 'counts', descendingFirst: true, render: (row) => <SeverityCounts counts={row.counts} /> },
  { id: 'containers', header: t('nav.containers'), width: 124, end: true, sort: 'containers', descendingFirst: true, render: (row) => formatNumber(row.containers) },
  { id: 'hosts', header: t('kinds.host'), width: 180, grow: 2, render: (row) => <Hosts row={row} /> },
  { id: 'digest', spare: 2, header: t('image.digest'), width: 172, render: (row) => <Digest digest={row.digest || row.imageId} /> },
];

export function RunningImages() {
  const url = useUrlState();
  const sort = url.get('sort') || '-counts';
  const [q, host, severity] = [url.get('q'), url.get('host'), url.get('severity')];
  const params = useMemo(() => ({ q, host, severity, sort }), [q, host, severity, sort]);
  const rows = useRows<RunningImageRow>({ path, params });
  const columns = useMemo(runningColumns, []);
  return (
    <>
      <FilterBar url={url} search={t('hostImage.search')} filters={[severityFilter()]} extra={['host']} actions={<CsvLink path={path} params={params} />}>
        <SearchFilter url={url} name="host" label={t('kind.host')} narrow />
      </FilterBar>
      <Grid
        label={t('containers.running')} columns={columns} rows={rows} rowKey={(row) => row.imageId} sort={sort} onSort={(value) => url.set({ sort: value })}
        concerns={(event) => event.kind === 'host' || event.kind === 'data' || (event.kind === 'scan' && event.state === 'complete')}
        empty={q || host || severity
          ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState>
          : <EmptyState title={t('running.none')} good>{t('running.noneText')} <Link to="/hosts/add">{t('host.add')}</Link></EmptyState>}
      />
    </>
  );
}
