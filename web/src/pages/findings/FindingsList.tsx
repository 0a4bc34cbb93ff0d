// SPDX-License-Identifier: Apache-2.0
// Findings as a grid, the open one as a pane beside it. All of it in the URL, so that a link shows the same.
import { useCallback, useMemo, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import type { Params } from '../../api/http';
import type { FindingRow } from '../../api/types';
import type { LiveEvent } from '../../app/live';
import { changed, useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar } from '../../components/Filters';
import { ColumnsMenu, useHiddenColumns } from '../../components/grid/ColumnsMenu';
import { Grid } from '../../components/grid/Grid';
import { useRows } from '../../components/grid/useRows';
import { EmptyState } from '../../components/States';
import { t } from '../../i18n/t';
import { findingColumns, findingKey, type Common } from './columns';
import { findingFilters, findingParams } from './filters';
import { FindingPane } from './FindingPane';

interface Props {
  label: string;
  fixed?: Params; // filters that the page itself sets
  imageId?: string; // all findings are of this image
  empty?: ReactNode; // where there are none and no filter is set
}

function useOpenFinding(imageId: string | undefined) {
  const url = useUrlState();
  const { pathname } = useLocation();
  const target = useCallback(
    (row: FindingRow) => ({ finding: row.id, image: imageId ? null : row.imageId }),
    [imageId],
  );
  const toFinding = useCallback(
    (row: FindingRow) => ({ pathname, search: `?${changed(url.params, target(row))}` }),
    [pathname, url.params, target],
  );
  const open = useCallback((row: FindingRow, push = true) => url.set(target(row), push), [url, target]);
  const id = url.get('finding');
  const openImage = imageId ?? url.get('image');
  return { url, id, imageId: openImage, key: id ? findingKey({ id, imageId: openImage }) : undefined, toFinding, open };
}

export function FindingsList({ label, fixed = {}, imageId, empty }: Props) {
  const finding = useOpenFinding(imageId);
  const { url } = finding;
  const sort = url.get('sort') || (fixed.vulnerability ? 'repository' : '-severity');
  const fixedText = JSON.stringify(fixed);
  const filterText = url.params.toString().replace(/(^|&)(finding|image|tab|columns)=[^&]*/g, '');
  // Opening a finding changes the URL but no parameter of the list.
  const params = useMemo(() => findingParams(url, fixed, sort), [filterText, fixedText, sort]);
  const common: Common = imageId ? 'image' : fixed.vulnerability ? 'vulnerability' : 'none';
  const rows = useRows<FindingRow>({ path: '/api/v1/findings', params });
  const columns = useMemo(() => findingColumns(finding.toFinding, common), [finding.toFinding, common]);
  const hidden = useHiddenColumns(columns, url);
  const filters = useMemo(() => findingFilters(common === 'vulnerability'), [common]);
  // A verdict changes without a scan too: a tag moves on, an exemption is made.
  const concerns = (event: LiveEvent) =>
    event.kind === 'data' || (event.kind === 'assessment' && (!imageId || imageId.toLowerCase() === event.id.toLowerCase())) ||
    (event.kind === 'scan' && event.state === 'complete' && (!fixed.digest || fixed.digest === event.digest));
  const filtered = [...filters.map(({ name }) => name), 'q', 'package', 'vulnerability', 'resource'].some((name) => url.get(name));
  return (
    <div className="with-pane">
      <div className="list-side">
        <FilterBar
          url={url} search={t('finding.search')} filters={filters} extra={['package', 'vulnerability', 'repository', 'resource']}
          actions={<><ColumnsMenu columns={columns} url={url} /><CsvLink path="/api/v1/findings" params={params} /></>}
        />
        <Grid
          label={label} columns={columns} rows={rows} hiddenColumns={hidden} rowKey={findingKey} onOpen={finding.open} openKey={finding.key}
          sort={sort} onSort={(value) => url.set({ sort: value })} concerns={concerns}
          empty={filtered ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState> : (empty ?? <EmptyState title={t('empty.findings')} good>{t('empty.findingsText')}</EmptyState>)}
        />
      </div>
      {finding.id && (
        <FindingPane
          id={finding.id} imageId={finding.imageId} rows={rows.rows} openKey={finding.key!}
          onMove={(row) => finding.open(row, false)} onClose={() => url.set({ finding: null, image: null }, true)}
        />
      )}
    </div>
  );
}
