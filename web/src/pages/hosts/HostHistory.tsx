// SPDX-License-Identifier: Apache-2.0
// Drift: what changed on a host, and when.
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { ChangeRow, Host } from '../../api/host_types';
import { hostPath } from '../../api/paths';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { endOfDay } from '../../components/Fields';
import { FilterBar, type Filter } from '../../components/Filters';
import { Grid } from '../../components/grid/Grid';
import type { Column } from '../../components/grid/model';
import { useRows } from '../../components/grid/useRows';
import { EmptyState } from '../../components/States';
import { Time } from '../../components/Text';
import { t, tData } from '../../i18n/hosts';
import { ControlState } from './parts';

function Before({ row, value }: { row: ChangeRow; value: string }) {
  if (!value) return <span className="muted">–</span>;
  if (row.kind === 'control') return <ControlState status={value as 'pass'} />;
  const words = row.kind === 'container' ? tData('containerState', value) : row.kind === 'agent' ? tData('hostState', value) : value;
  return <span title={words}>{words}</span>;
}

const changeColumns = (): Column<ChangeRow>[] => [
  { id: 'at', header: t('activity.at'), width: 176, render: (row) => <Time at={row.at} /> },
  { id: 'kind', header: t('registry.kind'), width: 104, render: (row) => tData('change', row.kind) },
  {
    id: 'title', header: t('change.what'), width: 190, grow: 3,
    render: (row) => row.control ? <Link to={`?tab=benchmark&control=${encodeURIComponent(row.control)}`} tabIndex={-1} title={row.title}>{row.control} {row.title}</Link> : <span title={row.title}>{row.title}</span>,
  },
  { id: 'before', header: t('change.before'), width: 142, render: (row) => <Before row={row} value={row.before} /> },
  { id: 'after', header: t('change.after'), width: 142, render: (row) => <Before row={row} value={row.after} /> },
  { id: 'detail', spare: 1, header: t('change.detail'), width: 180, grow: 2, render: (row) => <span title={row.detail}>{row.detail}</span> },
];

const kinds = ['control', 'container', 'image', 'agent', 'engine'];

const filters = (): Filter[] => [{ name: 'kind', title: t('registry.kind'), choices: kinds.map((value) => ({ value, title: tData('change', value) })) }];

export function HostHistory({ host }: { host: Host }) {
  const url = useUrlState();
  const [q, kind, from, to] = ['q', 'kind', 'from', 'to'].map((name) => url.get(name));
  const path = `${hostPath(host.name)}/history`;
  const params = useMemo(() => ({ q, kind, from: from ? `${from}T00:00:00Z` : '', to: endOfDay(to ?? '') }), [q, kind, from, to]);
  const rows = useRows<ChangeRow>({ path, params });
  const columns = useMemo(changeColumns, []);
  const day = (name: 'from' | 'to') => (
    <label className="inline-field">
      {t(`activity.${name}`)}{' '}
      <input type="date" className="text-input" value={url.get(name)} onChange={(event) => url.set({ [name]: event.target.value })} />
    </label>
  );
  return (
    <>
      <FilterBar url={url} search={t('change.search')} filters={filters()} extra={['from', 'to']} actions={<CsvLink path={path} params={params} />}>
        {day('from')}
        {day('to')}
      </FilterBar>
      <Grid
        label={t('host.history')} columns={columns} rows={rows} rowKey={(row) => `${row.at}|${row.kind}|${row.title}|${row.after}`} sort={null} onSort={() => undefined}
        concerns={(event) => (event.kind === 'control' && event.host === host.name) || (event.kind === 'host' && event.name === host.name)}
        empty={q || kind || from || to ? <EmptyState title={t('empty.filter')}>{t('empty.filterText')}</EmptyState> : <EmptyState title={t('change.none')}>{t('change.noneText')}</EmptyState>}
      />
    </>
  );
}
