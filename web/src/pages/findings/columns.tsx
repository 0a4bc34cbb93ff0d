// SPDX-License-Identifier: Apache-2.0
import { Link, type To } from 'react-router';
import type { FindingRow } from '../../api/types';
import { hostOf, imagePage, pageOfHostResource } from '../../api/paths';
import type { Column } from '../../components/grid/model';
import { Severity } from '../../components/Severity';
import { KnownExploited } from '../../components/Status';
import { Digest, Tags, Time } from '../../components/Text';
import { t, tData } from '../../i18n/t';

/** What all rows of a list have in common, and need no column for. */
export type Common = 'image' | 'vulnerability' | 'none';

type FindingLink = (row: FindingRow) => To;
type FindingColumn = Column<FindingRow>;

export const findingKey = (row: { id: string; imageId: string }): string => `${row.id}|${row.imageId}`;

const vulnerabilityColumns = (toFinding: FindingLink): FindingColumn[] => [
  {
    id: 'id', header: t('finding.id'), width: 146, sort: 'vulnerability',
    render: (row) => <Link to={toFinding(row)} data-opens tabIndex={-1}>{row.vulnerability || row.id}</Link>,
  },
  { id: 'severity', header: t('finding.severity'), width: 108, sort: 'severity', descendingFirst: true, render: (row) => <Severity level={row.severity} /> },
  { id: 'title', header: t('finding.title'), width: 168, grow: 3, render: (row) => <span title={row.title}>{row.kev && <KnownExploited />}{row.title}</span> },
];

const packageColumns = (): FindingColumn[] => [
  { id: 'package', header: t('finding.package'), width: 106, grow: 1, sort: 'package', render: (row) => <span title={row.path}>{row.package}</span> },
  { id: 'version', spare: 2, header: t('finding.version'), width: 100, render: (row) => <span title={row.version}>{row.version}</span> },
  {
    id: 'fixed', header: t('finding.fixed'), width: 100, sort: 'patchable',
    render: (row) => row.fixedVersion ? <span title={row.fixedVersion}>{row.fixedVersion}</span> : <span className="muted">{row.package && tData('fix', row.fixStatus || 'none')}</span>,
  },
];

const scoreColumns = (): FindingColumn[] => [
  { id: 'score', spare: 3, header: t('finding.score'), width: 66, end: true, sort: 'score', descendingFirst: true, render: (row) => row.score?.toFixed(1) ?? '' },
  { id: 'epss', spare: 6, header: t('finding.epss'), width: 66, end: true, sort: 'epss', descendingFirst: true, render: (row) => row.epss === null ? '' : `${(row.epss * 100).toFixed(1)}%` },
];

const categoryColumn = (hidden: boolean): FindingColumn =>
  ({ id: 'category', spare: 4, header: t('finding.category'), width: 146, hidden, render: (row) => tData('category', row.category) });

const firstSeenColumn = (): FindingColumn =>
  ({ id: 'firstSeen', spare: 5, header: t('finding.firstSeen'), width: 124, sort: 'firstSeen', descendingFirst: true, render: (row) => <Time at={row.firstSeen} ago /> });

/** The resource leads to the finding where the list is of resources, to its own page elsewhere. */
const imageColumns = (to: (row: FindingRow) => To, opens: boolean): FindingColumn[] => [
  {
    id: 'repository', header: t('finding.resource'), width: opens ? 220 : 130, grow: 2, sort: 'repository',
    render: (row) => <Link to={to(row)} tabIndex={-1} data-opens={opens || undefined} title={wholeNameOf(row)}>{opens ? wholeNameOf(row) : nameOf(row)}</Link>,
  },
  { id: 'tags', header: t('image.tags'), width: 130, hidden: !opens, render: (row) => <Tags tags={row.tags} /> },
  { id: 'digest', spare: 3, header: t('image.digest'), width: 170, hidden: !opens, render: (row) => <Digest digest={row.digest} /> },
];

/** An image's page, or the host's. */
function pageOf(row: FindingRow): To {
  return pageOfHostResource(row.imageId) ?? imagePage(row.registry, row.repository, row.digest);
}

const nameOf = (row: FindingRow): string => hostOf(row.imageId) ?? row.repository;
const wholeNameOf = (row: FindingRow): string => hostOf(row.imageId) ?? `${row.registry}/${row.repository}`;

export function findingColumns(toFinding: FindingLink, common: Common): FindingColumn[] {
  if (common === 'vulnerability') return [...imageColumns(toFinding, true), ...packageColumns(), firstSeenColumn()];
  const columns = [...vulnerabilityColumns(toFinding), ...packageColumns(), ...scoreColumns()];
  if (common === 'image') return [...columns, categoryColumn(false)];
  return [...columns, ...imageColumns(pageOf, false), categoryColumn(true), firstSeenColumn()];
}
