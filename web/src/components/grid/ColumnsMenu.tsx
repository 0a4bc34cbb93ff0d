// SPDX-License-Identifier: Apache-2.0
// Which columns are shown. The URL names those that differ from the default (`?columns=epss,digest`).
import { useMemo, type ReactNode } from 'react';
import type { UrlState } from '../../app/urlState';
import { t } from '../../i18n/t';
import { Dropdown } from '../Filters';
import type { Column } from './model';

type Shape = Pick<Column<never>, 'id' | 'header' | 'hidden'>;

export function hiddenColumns(columns: readonly Shape[], changed: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(columns.map(({ id, hidden = false }) => [id, changed.includes(id) ? !hidden : hidden]));
}

export function useHiddenColumns(columns: readonly Shape[], url: UrlState): Record<string, boolean> {
  const text = url.get('columns');
  return useMemo(() => hiddenColumns(columns, text.split(',')), [columns, text]);
}

export function ColumnsMenu({ columns, url, children }: { columns: readonly Shape[]; url: UrlState; children?: ReactNode }) {
  const changed = url.list('columns');
  const hidden = hiddenColumns(columns, changed);
  // The first column opens the row: it stays.
  const toggle = (id: string) =>
    url.set({ columns: changed.includes(id) ? changed.filter((other) => other !== id) : [...changed, id] });
  return (
    <Dropdown label={t('grid.columns')} button={t('grid.columns')} className="plain-button">
      {children}
      {columns.slice(1).filter(({ header }) => header).map(({ id, header }) => (
        <label key={id} className="filter-choice">
          <input type="checkbox" checked={!hidden[id]} onChange={() => toggle(id)} /> {header}
        </label>
      ))}
    </Dropdown>
  );
}
