// SPDX-License-Identifier: Apache-2.0
// Beside the query: tables, queries to begin with, and those that were run.
import type { Metadata } from '../../api/logs';
import type { UrlState } from '../../app/urlState';
import { Await } from '../../components/States';
import { Tabs } from '../../components/Tabs';
import { t } from '../../i18n/logs';
import { HistoryPane } from './HistoryPane';
import { QueriesPane } from './QueriesPane';
import { openInTab } from './store';
import { TablesPane } from './TablesPane';

const hidden = 'none'; // in the URL: all of the width is for the query

interface View {
  data: Metadata | undefined;
  error: Error | null;
  refetch: () => unknown;
}

interface Props {
  url: UrlState;
  workspace: string; // its id
  metadata: View;
  onInsert: (text: string) => void;
}

export function SidePane({ url, workspace, metadata, onInsert }: Props) {
  const side = url.get('side') || 'tables';
  if (side === hidden)
    return (
      <aside className="logs-side hidden" aria-label={t('logs.side')}>
        <button type="button" className="plain-button icon" aria-label={t('logs.showSide')} title={t('logs.showSide')} onClick={() => url.set({ side: null })}>»</button>
      </aside>
    );
  return (
    <aside className="logs-side" aria-label={t('logs.side')}>
      <Tabs
        fill name="side" label={t('logs.side')} current={side} onChange={(id) => url.set({ side: id === 'tables' ? null : id })}
        extra={<button type="button" className="plain-button icon hide-side" aria-label={t('logs.hideSide')} title={t('logs.hideSide')} onClick={() => url.set({ side: hidden })}>«</button>}
        tabs={[{ id: 'tables', title: t('logs.tables') }, { id: 'queries', title: t('logs.queries') }, { id: 'history', title: t('logs.history') }]}
      >
        {side === 'queries' ? <QueriesPane workspace={workspace} metadata={metadata.data} onOpen={openInTab} />
          : side === 'history' ? <HistoryPane onOpen={({ query, timespan }) => openInTab({ query, timespan })} />
          : <Await view={metadata} lines={8}>{(data) => <TablesPane metadata={data} onInsert={onInsert} />}</Await>}
      </Tabs>
    </aside>
  );
}
