// SPDX-License-Identifier: Apache-2.0
// A pane over the list: not modal, Escape closes it, and focus goes back to the row it came from.
import { useCallback, useEffect, useRef, type ReactNode } from 'react';
import { t } from '../i18n/t';

interface Props {
  title: string;
  rowKey: string;
  onClose: () => void;
  actions?: ReactNode;
  children: ReactNode;
}

function focusRow(rowKey: string): void {
  const row = document.querySelector(`[data-row-id="${CSS.escape(rowKey)}"]`);
  const cell = row?.querySelector<HTMLElement>('[role=gridcell][tabindex="0"]') ?? row?.querySelector<HTMLElement>('[role=gridcell]');
  (cell ?? document.getElementById('main'))?.focus();
}

/** Escape belongs first to what is open above: dialogs, menus, the search box. */
const escapeIsTaken = (event: KeyboardEvent): boolean =>
  event.defaultPrevented || document.querySelector('[role=dialog][aria-modal=true], [role=menu]') !== null ||
  (event.target instanceof HTMLInputElement && event.target.id === 'global-search');

export function Pane({ title, rowKey, onClose, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useCallback(() => {
    onClose();
    requestAnimationFrame(() => focusRow(rowKey));
  }, [onClose, rowKey]);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !escapeIsTaken(event)) close();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [close]);
  return (
    <aside className="pane" role="dialog" aria-label={title}>
      <div className="pane-head">
        <h2 ref={heading} tabIndex={-1}>{title}</h2>
        <div className="toolbar">
          {actions}
          <button type="button" className="plain-button icon" aria-label={t('action.close')} onClick={close}>✕</button>
        </div>
      </div>
      <div className="pane-body" tabIndex={0} role="region" aria-label={t('pane.details')}>{children}</div>
    </aside>
  );
}
