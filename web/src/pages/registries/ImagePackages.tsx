// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link } from 'react-router';
import { withParams } from '../../api/http';
import { imagePage, imagePath } from '../../api/paths';
import type { Image, PackageRow } from '../../api/types';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { EmptyState } from '../../components/States';
import { Digest } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t } from '../../i18n/t';

const packageColumns = (image: Image): Column<PackageRow>[] => [
  { id: 'name', header: t('package.name'), width: 200, grow: 2, sort: 'name', render: (row) => <span title={row.purl}>{row.name}</span> },
  { id: 'version', header: t('package.version'), width: 160, grow: 1, sort: 'version', render: (row) => <span title={row.version}>{row.version}</span> },
  { id: 'type', spare: 2, header: t('package.type'), width: 90, sort: 'type', render: (row) => row.type },
  {
    id: 'findings', header: t('nav.findings'), width: 96, end: true, sort: 'findings', descendingFirst: true,
    render: (row) => row.findings === 0 ? <span className="muted">0</span> : (
      <Link tabIndex={-1} to={`${imagePage(image.registry, image.repository, image.digest)}?package=${encodeURIComponent(row.name)}`}>{formatNumber(row.findings)}</Link>
    ),
  },
  { id: 'path', header: t('package.path'), width: 240, grow: 3, render: (row) => <span title={row.path}>{row.path}</span> },
  { id: 'layer', spare: 3, header: t('image.layer'), width: 176, render: (row) => row.layer && <Digest digest={row.layer} /> },
];

export function ImagePackages({ image }: { image: Image }) {
  const url = useUrlState();
  const sort = url.get('sort') || '-findings';
  const q = url.get('q');
  const { repository } = image;
  const path = `${imagePath(image.registry, image.digest)}/packages`;
  const params = useMemo(() => ({ repository, q, sort }), [repository, q, sort]);
  const rows = useRows<PackageRow>({ path, params });
  const columns = useMemo(() => packageColumns(image), [image]);
  const sbom = (format: string) => withParams(path, { repository, format });
  return (
    <div className="list-side">
      <FilterBar
        url={url} search={t('package.search')} filters={[]}
        actions={
          <>
            <CsvLink path={path} params={params} />
            <a className="plain-button" href={sbom('cyclonedx')} download>{t('package.cyclonedx')}</a>
            <a className="plain-button" href={sbom('spdx')} download>{t('package.spdx')}</a>
          </>
        }
      />
      <Grid
        label={t('image.packages')} columns={columns} rows={rows} rowKey={(row) => `${row.purl}|${row.path}`} sort={sort}
        onSort={(value) => url.set({ sort: value })}
        empty={<EmptyState title={q ? t('empty.filter') : t('empty.packages')}>{q ? t('empty.filterText') : t('empty.packagesText')}</EmptyState>}
      />
    </div>
  );
}
