// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { hostOf, nameOfResource, pageOfResource } from '../../api/paths';
import type { AffectedResource, Recommendation } from '../../api/types';
import { useScope } from '../../app/scope';
import { useSession } from '../../app/session';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { FilterBar, type Filter } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { SeverityCounts } from '../../components/Severity';
import { EmptyState } from '../../components/States';
import { Tabs } from '../../components/Tabs';
import { Tags, Time } from '../../components/Text';
import { formatDay } from '../../i18n/format';
import { t, tData } from '../../i18n/t';
import { severityFilter } from '../findings/filters';
import { hostConfigurationKey, hostPackagesKey, runningImagesKey, TakeAction } from '../hosts/parts';
import { failedRulesQuery } from '../hosts/queries';
import { ExemptDialog } from '../shared/ExemptDialog';
import { OwnerDialog } from './OwnerDialog';

type Selection = ReadonlyMap<string, AffectedResource>;

/** Where a host's page shows what the recommendation is about. */
const hostTabs: Record<string, string> = { [runningImagesKey]: '?tab=containers&vulnerable=true', [hostPackagesKey]: '?tab=vulnerabilities' };

/** The page of a resource, at what is wrong with it. */
function pageFor(row: AffectedResource, unhealthy: boolean, key: string): string | undefined {
  const page = pageOfResource(row);
  if (!page || !unhealthy || row.digest || page.includes('?')) return page;
  return page + (hostOf(row.id) === undefined ? '?unhealthy=true' : (hostTabs[key] ?? ''));
}

const takeAction: Column<AffectedResource> = {
  id: 'action', header: '', width: 118,
  render: (row) => {
    const host = hostOf(row.id);
    return host === undefined ? '' : <TakeAction query={failedRulesQuery(host)} name={host} className="row-link" />;
  },
};

function resourceColumns(selected: Selection, toggle: (row: AffectedResource) => void, unhealthy: boolean, key: string): Column<AffectedResource>[] {
  const columns: Column<AffectedResource>[] = [
    {
      id: 'name', header: t('recs.resource'), width: 240, grow: 3, sort: 'name',
      render: (row) => {
        const page = pageFor(row, unhealthy, key);
        const name = nameOfResource(row);
        return page ? <Link to={page} data-opens tabIndex={-1} title={row.id}>{name}</Link> : <span title={row.id}>{name}</span>;
      },
    },
    { id: 'type', spare: 4, header: t('recs.type'), width: 160, grow: 1, render: (row) => tData('typeShort', row.type) },
    { id: 'tags', header: t('image.tags'), width: 140, hidden: true, render: (row) => <Tags tags={row.tags} /> },
    { id: 'counts', header: t('nav.findings'), width: 260, hidden: !unhealthy, sort: 'counts', descendingFirst: true, render: (row) => <SeverityCounts counts={row.counts} /> },
    { id: 'cause', header: t('recs.cause'), width: 200, grow: 2, hidden: unhealthy, render: (row) => <span title={row.description}>{row.description || row.cause}</span> },
    { id: 'since', spare: 2, header: t('recs.since'), width: 130, sort: 'statusChanged', descendingFirst: true, render: (row) => <Time at={row.statusChanged} ago /> },
    { id: 'owner', spare: 3, header: t('recs.owner'), width: 150, grow: 1, hidden: !unhealthy, render: (row) => row.owner },
    { id: 'due', spare: 5, header: t('recs.dueDate'), width: 110, hidden: !unhealthy, render: (row) => formatDay(row.dueDate) },
  ];
  if (!unhealthy) return columns;
  return [
    {
      id: 'select', header: '', width: 40,
      render: (row) => <input type="checkbox" tabIndex={-1} aria-label={t('grid.select', { name: row.name })} checked={selected.has(row.id)} onChange={() => toggle(row)} />,
    },
    ...columns,
    ...(key === hostConfigurationKey ? [takeAction] : []),
  ];
}

function useSelection() {
  const [selected, setSelected] = useState<Selection>(new Map());
  const toggle = (row: AffectedResource) =>
    setSelected((now) => {
      const next = new Map(now);
      if (!next.delete(row.id)) next.set(row.id, row);
      return next;
    });
  return { selected, toggle, clear: () => setSelected(new Map()) };
}

export function AffectedResources({ recommendation }: { recommendation: Recommendation }) {
  const url = useUrlState();
  const status = url.get('tab') || 'Unhealthy';
  // The counts are of the recommendation's own resources, not of what is in them.
  const counts = url.get('level') === 'image' ? undefined : recommendation.counts;
  const tabs = [
    { id: 'Unhealthy', title: t('status.Unhealthy'), count: counts?.unhealthy },
    { id: 'Healthy', title: t('status.Healthy'), count: counts?.healthy },
    { id: 'NotApplicable', title: t('status.NotApplicable'), count: counts?.notApplicable },
  ];
  return (
    <Tabs label={t('recs.affected')} tabs={tabs} current={status} onChange={(id) => url.set({ tab: id === 'Unhealthy' ? null : id }, true)}>
      <Resources key={status} recommendation={recommendation} status={status} />
    </Tabs>
  );
}

/** Where resources hold others: theirs or what is in them. The hub's word for the upper level is that of registries. */
function levelFilter(key: string): Filter[] {
  if (key === hostConfigurationKey || key === hostPackagesKey) return [];
  const upper = { value: 'registry', title: tData('level', key === runningImagesKey ? 'host' : 'registry') };
  return [{ name: 'level', title: t('filter.level'), choices: [upper, { value: 'image', title: tData('level', 'image') }], single: true, fallback: 'registry' }];
}

function Resources({ recommendation, status }: { recommendation: Recommendation; status: string }) {
  const url = useUrlState();
  const { registry } = useScope();
  const sort = url.get('sort') || (status === 'Unhealthy' ? '-counts' : 'name');
  const level = url.get('level');
  const path = `/api/v1/recommendations/${encodeURIComponent(recommendation.key)}/resources`;
  const [q, severity] = [url.get('q'), url.get('severity')];
  const params = useMemo(() => ({ status, level, registry, q, severity, sort }), [status, level, registry, q, severity, sort]);
  const rows = useRows<AffectedResource>({ path, params });
  const selection = useSelection();
  const columns = useMemo(() => resourceColumns(selection.selected, selection.toggle, status === 'Unhealthy', recommendation.key), [selection.selected, status, recommendation.key]);
  const filters = [...levelFilter(recommendation.key), severityFilter()];
  return (
    <>
      <FilterBar url={url} search={t('recs.searchResources')} filters={filters} actions={<CsvLink path={path} params={params} />}>
        {status === 'Unhealthy' && <SelectionActions recommendation={recommendation} rows={[...selection.selected.values()]} onDone={selection.clear} />}
      </FilterBar>
      <div className="grid-box">
        <Grid
          label={t('recs.affected')} columns={columns} rows={rows} rowKey={(row) => row.id} sort={sort}
          onSort={(value) => url.set({ sort: value })} concerns={(event) => event.kind === 'assessment' || event.kind === 'data' || event.kind === 'control'}
          empty={<EmptyState title={t('empty.resources')} good={status === 'Unhealthy'}>{status === 'Unhealthy' ? t('empty.resourcesText') : t('empty.filterText')}</EmptyState>}
        />
      </div>
    </>
  );
}

interface ActionProps {
  recommendation: Recommendation;
  rows: AffectedResource[];
  onDone: () => void;
}

function SelectionActions({ recommendation, rows, onDone }: ActionProps) {
  const { capabilities } = useSession();
  const [dialog, setDialog] = useState<'exempt' | 'owner' | null>(null);
  const close = () => {
    setDialog(null);
    onDone();
  };
  return (
    <>
      {capabilities.exempt && <button type="button" className="plain-button" disabled={rows.length === 0} onClick={() => setDialog('exempt')}>{t('exempt.button')}</button>}
      {capabilities.write && <button type="button" className="plain-button" disabled={rows.length === 0} onClick={() => setDialog('owner')}>{t('owner.button')}</button>}
      <span className="muted" aria-live="polite">{t('recs.selected', { n: rows.length })}</span>
      {dialog === 'exempt' && (
        <ExemptDialog
          assessmentKey={recommendation.key} each title={t('exempt.resources', { n: rows.length })} onClose={close}
          scopes={rows.map(({ id, name }) => ({ id, title: name }))}
        />
      )}
      {dialog === 'owner' && <OwnerDialog recommendationKey={recommendation.key} rows={rows} onClose={close} />}
    </>
  );
}
