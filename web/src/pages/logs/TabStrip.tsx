// SPDX-License-Identifier: Apache-2.0
// The queries that are open: tabs, one of them shown. Delete closes the tab that has focus.
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { t } from '../../i18n/logs';
import { endTab } from './run';
import { activate, addTab, tabTitle, type QueryTab } from './store';

export function TabStrip({ tabs, active }: { tabs: QueryTab[]; active: string }) {
  const focusActive = (list: HTMLElement) => requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected=true]')?.focus());
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const now = tabs.findIndex(({ id }) => id === active);
    const steps: Record<string, number> = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 };
    const step = steps[event.key];
    if (event.key === 'Delete') endTab(active);
    else if (step !== undefined) activate(tabs[(step + tabs.length) % tabs.length]!.id);
    else return;
    event.preventDefault();
    focusActive(event.currentTarget);
  };
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active, tabs.length]);
  const current = tabs.find(({ id }) => id === active);
  return (
    <div className="query-tabs">
      <div ref={list} role="tablist" aria-label={t('logs.queries')} className="tab-list" onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id} type="button" role="tab" id={`query-${tab.id}`} aria-controls="query-panel" aria-selected={tab.id === active}
            tabIndex={tab.id === active ? 0 : -1} title={tab.query.slice(0, 300) || undefined} onClick={() => activate(tab.id)}
          >
            {tabTitle(tab)}
          </button>
        ))}
      </div>
      <button type="button" className="plain-button icon" aria-label={t('logs.newQuery')} title={t('logs.newQuery')} onClick={() => addTab()}>+</button>
      {current && (
        <button type="button" className="plain-button icon" aria-label={t('logs.closeQuery', { name: tabTitle(current) })} title={t('logs.closeQuery', { name: tabTitle(current) })} onClick={() => endTab(active)}>✕</button>
      )}
    </div>
  );
}
