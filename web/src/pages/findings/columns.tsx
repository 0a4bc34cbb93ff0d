// SPDX-License-Identifier: Apache-2.0
import { Link, type To } from 'react-router';
import type { FindingRow } from '../../api/types';
import { imagePage } from '../../api/paths';
import type { Column } from '../../components/grid/model';
import { Severity } from '../../components/Severity';
import { KnownExploited } from '../../components/Status';
import { Digest, Tags, Time } from '../../components/Text';
import { t, tData } from '../../i18n/t';

export const findingKey = (row: { id: string; imageId: string }): string => `${row.id}|${row.imageId}`;

/** The findings of one image need no image columns. */
export function findingColumns(toFinding: (row: FindingRow) => To, oneImage: boolean): Column<FindingRow>[] {
  const columns: Column<FindingRow>[] = [
    {
      id: 'id', header: t('finding.id'), width: 150, sort: 'vulnerability',
      render: (row) => <Link to={toFinding(row)} data-opens tabIndex={-1}>{row.vulnerability || row.id}</Link>,
    },
    { id: 'severity', header: t('finding.severity'), width: 104, sort: 'severity', descendingFirst: true, render: (row) => <Severity level={row.severity} /> },
    { id: 'title', header: t('finding.title'), width: 168, grow: 3, render: (row) => <span title={row.title}>{row.kev && <KnownExploited />}{row.title}</span> },
    { id: 'package', header: t('finding.package'), width: 120, grow: 1, sort: 'package', render: (row) => <span title={row.path}>{row.package}</span> },
    { id: 'version', header: t('finding.version'), width: 112, render: (row) => <span title={row.version}>{row.version}</span> },
    { id: 'fixed', header: t('finding.fixed'), width: 112, sort: 'patchable', render: (row) => row.fixedVersion ? <span title={row.fixedVersion}>{row.fixedVersion}</span> : <span className="muted">{tData('fix', row.fixStatus || 'none')}</span> },
    { id: 'score', header: t('finding.score'), width: 70, end: true, sort: 'score', descendingFirst: true, render: (row) => row.score?.toFixed(1) ?? '' },
    { id: 'epss', header: t('finding.epss'), width: 74, end: true, sort: 'epss', descendingFirst: true, render: (row) => row.epss === null ? '' : `${(row.epss * 100).toFixed(1)}%` },
    { id: 'category', header: t('finding.category'), width: 120, hidden: !oneImage, render: (row) => tData('category', row.category) },
  ];
  if (oneImage) return columns;
  return [
    ...columns,
    {
      id: 'repository', header: t('finding.image'), width: 150, grow: 2, sort: 'repository',
      render: (row) => <Link to={imagePage(row.registry, row.repository, row.digest)} tabIndex={-1} title={`${row.registry}/${row.repository}`}>{row.repository}</Link>,
    },
    { id: 'tags', header: t('image.tags'), width: 120, hidden: true, render: (row) => <Tags tags={row.tags} /> },
    { id: 'digest', header: t('image.digest'), width: 170, hidden: true, render: (row) => <Digest digest={row.digest} /> },
    { id: 'firstSeen', header: t('finding.firstSeen'), width: 118, sort: 'firstSeen', descendingFirst: true, render: (row) => <Time at={row.firstSeen} ago /> },
  ];
}
