// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import { imagePage, imagesPath, registryPage } from '../../api/paths';
import type { ImageRow } from '../../api/types';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, type Filter } from '../../components/Filters';
import { ColumnsMenu, useHiddenColumns } from '../../components/grid/ColumnsMenu';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { Page } from '../../components/Page';
import { SeverityCounts } from '../../components/Severity';
import { EmptyState } from '../../components/States';
import { ScanStatus } from '../../components/Status';
import { Digest, Tags, Time } from '../../components/Text';
import { formatBytes, formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/t';
import { severityFilter, yesNo } from '../findings/filters';

export const scanStates = ['queued', 'scanning', 'complete', 'failed', 'unsupported', 'off'];

export const scanStateFilter = (): Filter => ({
  name: 'scanState', title: t('filter.scanState'), choices: scanStates.map((value) => ({ value, title: tData('scan', value) })),
});

const imageColumns = (): Column<ImageRow>[] => [
  { id: 'digest', header: t('image.digest'), width: 170, sort: 'digest', render: (row) => <Link to={imagePage(row.registry, row.repository, row.digest)} data-opens tabIndex={-1}><Digest digest={row.digest} /></Link> },
  { id: 'tags', header: t('image.tags'), width: 120, grow: 1, sort: 'tags', render: (row) => <Tags tags={row.tags} /> },
  { id: 'counts', header: t('nav.findings'), width: 220, sort: 'counts', descendingFirst: true, render: (row) => row.scanState === 'complete' ? <SeverityCounts counts={row.counts} /> : <span className="muted">{t('image.notYet')}</span> },
  { id: 'fixable', header: t('repository.fixable'), width: 86, end: true, sort: 'fixable', descendingFirst: true, render: (row) => formatNumber(row.counts.fixable) },
  { id: 'state', header: t('image.scan'), width: 118, sort: 'scanState', render: (row) => <span title={row.scanError}><ScanStatus state={row.scanState} digest={row.digest} /></span> },
  { id: 'scanned', header: t('image.scanned'), width: 124, sort: 'scanned', descendingFirst: true, render: (row) => <Time at={row.scanned} ago /> },
  { id: 'os', header: t('image.platform'), width: 130, grow: 1, render: (row) => <span title={row.platform}>{row.os || row.platform}</span> },
  { id: 'size', header: t('image.size'), width: 88, end: true, sort: 'size', descendingFirst: true, render: (row) => formatBytes(row.size) },
  { id: 'pushed', header: t('repository.pushed'), width: 124, sort: 'pushed', descendingFirst: true, render: (row) => <Time at={row.pushed} ago /> },
];

const filters = (): Filter[] => [
  severityFilter(), scanStateFilter(), { name: 'unhealthy', title: t('filter.unhealthy'), choices: yesNo(), single: true },
];

export default function Images() {
  const { registry = '', repository = '' } = useParams();
  const url = useUrlState();
  const sort = url.get('sort') || '-counts';
  const [q, severity, scanState, unhealthy, tag] = ['q', 'severity', 'scanState', 'unhealthy', 'tag'].map(url.get);
  const params = useMemo(
    () => ({ repository, q, severity, scanState, unhealthy, tag, sort }),
    [repository, q, severity, scanState, unhealthy, tag, sort],
  );
  const path = imagesPath(registry);
  const rows = useRows<ImageRow>({ path, params });
  const columns = useMemo(imageColumns, []);
  const hidden = useHiddenColumns(columns, url);
  return (
    <Page
      title={repository} fill
      crumbs={[{ title: t('nav.registries'), to: '/registries' }, { title: registry, to: registryPage(registry) }]}
    >
      <FilterBar
        url={url} search={t('images.search')} filters={filters()} extra={['tag']}
        actions={<><ColumnsMenu columns={columns} url={url} /><CsvLink path={path} params={params} /></>}
      />
      <Grid
        label={t('overview.images')} columns={columns} rows={rows} hiddenColumns={hidden} rowKey={(row) => row.digest} sort={sort} onSort={(value) => url.set({ sort: value })}
        concerns={(event) => event.kind === 'scan' && event.repository === repository && event.state !== 'scanning'}
        empty={q || severity || scanState || unhealthy || tag
          ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState>
          : <EmptyState title={t('empty.images')}>{t('empty.imagesText')}</EmptyState>}
      />
    </Page>
  );
}
