// SPDX-License-Identifier: Apache-2.0
// A dynamic value as a tree whose branches open.
import { asText } from '../kql';

const atMost = 500;

function summary(value: object): string {
  const count = Object.keys(value).length;
  return Array.isArray(value) ? `[${count}]` : `{${count}}`;
}

export function Tree({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (typeof value !== 'object' || value === null) return <code className="tree-leaf">{value === null ? 'null' : asText(value)}</code>;
  return (
    <ul className="tree">
      {Object.entries(value).slice(0, atMost).map(([name, inside]) => (
        <li key={name}>
          {typeof inside === 'object' && inside !== null ? (
            <details open={depth === 0}>
              <summary><span className="tree-name">{name}</span> <span className="muted">{summary(inside)}</span></summary>
              <Tree value={inside} depth={depth + 1} />
            </details>
          ) : <><span className="tree-name">{name}</span>: <Tree value={inside} depth={depth + 1} /></>}
        </li>
      ))}
    </ul>
  );
}
