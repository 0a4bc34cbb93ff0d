// SPDX-License-Identifier: Apache-2.0
// A dynamic value as a tree whose branches open: what is inside of one is made when it is opened first.
import { useState } from 'react';
import { t } from '../../../i18n/logs';
import { asText } from '../kql';

const atOnce = 100;

function summary(value: object): string {
  const count = Object.keys(value).length;
  return Array.isArray(value) ? `[${count}]` : `{${count}}`;
}

function Branch({ name, value, depth }: { name: string; value: object; depth: number }) {
  const [open, setOpen] = useState(depth === 0);
  return (
    <details open={open} onToggle={(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}>
      <summary><span className="tree-name">{name}</span> <span className="muted">{summary(value)}</span></summary>
      {open && <Tree value={value} depth={depth + 1} />}
    </details>
  );
}

export function Tree({ value, depth = 0 }: { value: unknown; depth?: number }) {
  const [shown, setShown] = useState(atOnce);
  if (typeof value !== 'object' || value === null) return <code className="tree-leaf">{value === null ? 'null' : asText(value)}</code>;
  const entries = Object.entries(value);
  return (
    <ul className="tree">
      {entries.slice(0, shown).map(([name, inside]) => (
        <li key={name}>
          {typeof inside === 'object' && inside !== null
            ? <Branch name={name} value={inside} depth={depth} />
            : <><span className="tree-name">{name}</span>: <Tree value={inside} depth={depth + 1} /></>}
        </li>
      ))}
      {entries.length > shown && (
        <li><button type="button" className="link-button" onClick={() => setShown(shown * 10)}>{t('logs.moreInside', { n: entries.length - shown })}</button></li>
      )}
    </ul>
  );
}
