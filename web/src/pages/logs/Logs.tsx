// SPDX-License-Identifier: Apache-2.0
// Questions to the workspace in KQL: the text, what is known of the tables, and the answer.
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { metadataPath, type Metadata, type Place } from '../../api/logs';
import { useView } from '../../app/query';
import { useSession } from '../../app/session';
import { useUrlState } from '../../app/urlState';
import { Page } from '../../components/Page';
import { EmptyState, Skeleton } from '../../components/States';
import { t } from '../../i18n/logs';
import { Beginnings } from './Beginnings';
import type { Cursor, EditorHandle } from './editor/KqlEditor';
import { blockAt, blocksOf, selectedBlock, withCondition, type Block } from './kql';
import { Problems } from './Problems';
import { isEnlarged, Results, shownOf } from './results/Results';
import { startRun } from './run';
import { SidePane } from './SidePane';
import { activeTab, changeTab, logsState, useLogs } from './store';
import { TabStrip } from './TabStrip';
import { Toolbar } from './Toolbar';
import { useCheck } from './useCheck';
import { useLink } from './useLink';
import '../../styles/logs.css';

const KqlEditor = lazy(() => import('./editor/KqlEditor'));

export default function Logs() {
  const { workspace } = useSession();
  if (!workspace) return <Page title={t('nav.logs')}><EmptyState title={t('logs.noWorkspace')}>{t('logs.noWorkspaceText')}</EmptyState></Page>;
  return <Workspace id={workspace.id} customerId={workspace.customerId} />;
}

/** Adds the condition to the query that was run, where it still is in the text; else to the one at the cursor. */
function addCondition(condition: string, cursor: number): number {
  const state = logsState();
  const tab = activeTab(state);
  const run = state.runs[tab.id];
  const block = blocksOf(tab.query).find(({ text }) => text === run?.query) ?? blockAt(tab.query, cursor);
  if (!block) return cursor;
  changeTab(tab.id, { query: tab.query.slice(0, block.start) + withCondition(block.text, condition) + tab.query.slice(block.end) });
  return block.start;
}

function Workspace({ id, customerId }: { id: string; customerId: string }) {
  const url = useUrlState();
  const state = useLogs();
  const tab = activeTab(state);
  const run = state.runs[tab.id];
  const metadata = useView<Metadata>(metadataPath(customerId));
  const editor = useRef<EditorHandle>(null);
  const [{ at: cursor, from, to }, setCursor] = useState<Cursor>({ at: 0, from: 0, to: 0 });
  const runBlock = useCallback((one: Block | null) => startRun(customerId, activeTab(logsState()), one), [customerId]);
  const start = useCallback((offset: number) => runBlock(blockAt(activeTab(logsState()).query, offset)), [runBlock]);
  const ready = useLink({ url, state, onRun: start });
  const around = useMemo(() => blockAt(tab.query, cursor), [tab.query, cursor]);
  const block = useMemo(() => selectedBlock(tab.query, from, to) ?? around, [tab.query, from, to, around]);
  const { marked, listed } = useCheck(tab.id, around);
  const told = run?.state === 'failed' && run.query === around?.text; // by the run itself
  const begins = !run && !tab.query.trim() && (metadata.data?.queries?.length ?? 0) > 0;
  const jump = useCallback((place: Place) => editor.current?.reveal(place), []);
  const filter = useCallback((condition: string, runs: boolean) => {
    const offset = addCondition(condition, cursor);
    if (runs) start(offset);
  }, [cursor, start]);
  return (
    <Page title={t('nav.logs')} fill>
      <div className={isEnlarged(run, url) ? 'logs enlarged' : 'logs'}>
        <button type="button" className="skip-link" onClick={() => editor.current?.focus()}>{t('logs.skip')}</button>
        <SidePane url={url} workspace={id} metadata={metadata} onInsert={(text) => editor.current?.insert(text)} />
        <div className="logs-main">
          <TabStrip tabs={state.tabs} active={tab.id} />
          <div id="query-panel" role="tabpanel" aria-labelledby={`query-${tab.id}`} className="query-panel">
            <Toolbar
              workspace={id} tab={tab} run={run} block={block} shown={shownOf(run, url)}
              onRun={() => runBlock(block)} onFormat={() => editor.current?.format()}
            />
            <div className="kql-box">
              {ready && (
                <Suspense fallback={<Skeleton lines={4} />}>
                  <KqlEditor
                    handle={editor} tab={tab.id} value={tab.query} metadata={metadata.data} problems={marked}
                    onChange={(query) => changeTab(tab.id, { query })} onCursor={setCursor} onRun={() => runBlock(block)}
                  />
                </Suspense>
              )}
            </div>
            {!told && <Problems title={t('logs.problems')} tone="warn" problems={listed} onJump={jump} />}
            <div className="log-results">
              {begins ? <Beginnings queries={metadata.data!.queries!} /> : <Results run={run} url={url} onFilter={filter} onJump={jump} />}
            </div>
          </div>
        </div>
      </div>
    </Page>
  );
}
