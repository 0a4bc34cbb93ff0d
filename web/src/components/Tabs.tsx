// SPDX-License-Identifier: Apache-2.0
// Tabs whose choice is in the URL (ARIA tabs pattern, automatic activation).
import type { KeyboardEvent, ReactNode } from 'react';
import { formatNumber } from '../i18n/format';

export interface Tab {
  id: string;
  title: string;
  count?: number;
}

interface Props {
  label: string;
  tabs: Tab[];
  current: string;
  onChange: (id: string) => void;
  children: ReactNode;
  fill?: boolean;
  name?: string; // where a page has several
  extra?: ReactNode; // beside the tabs
}

export function Tabs({ label, tabs, current, onChange, children, fill, name = 'tab', extra }: Props) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const now = tabs.findIndex(({ id }) => id === current);
    const steps: Record<string, number> = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 };
    const next = steps[event.key];
    const tab = next === undefined ? undefined : tabs[(next + tabs.length) % tabs.length];
    if (!tab) return;
    event.preventDefault();
    onChange(tab.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus();
  };
  return (
    <div className={fill ? 'tabs fill' : 'tabs'}>
      <div className="tab-bar">
        <div role="tablist" aria-label={label} className="tab-list" onKeyDown={onKeyDown}>
          {tabs.map(({ id, title, count }) => (
            <button
              key={id} type="button" role="tab" data-tab={id} id={`${name}-${id}`} aria-controls={`${name}-panel`}
              aria-selected={id === current} tabIndex={id === current ? 0 : -1} onClick={() => onChange(id)}
            >
              {title} {count !== undefined && <span className="tab-count">{formatNumber(count)}</span>}
            </button>
          ))}
        </div>
        {extra}
      </div>
      <div role="tabpanel" id={`${name}-panel`} aria-labelledby={`${name}-${current}`} className="tab-panel">{children}</div>
    </div>
  );
}
