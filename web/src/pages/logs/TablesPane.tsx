// SPDX-License-Identifier: Apache-2.0
// The workspace's tables: what they hold, their columns; a click inserts the name into the query.
import { useMemo, useState } from 'react';
import type { ExampleQuery, Metadata, MetadataFunction, MetadataTable } from '../../api/logs';
import { t } from '../../i18n/logs';
import { examplesOf } from './examples';
import { columnName } from './kql';
import { openInTab } from './store';

const matches = (words: string, name: string): boolean => name.toLowerCase().includes(words.toLowerCase());

/** Tables whose name has the words, and those of which a column has. */
export function foundTables(tables: readonly MetadataTable[], words: string): MetadataTable[] {
  const byName = [...tables].sort((a, b) => a.name.localeCompare(b.name));
  const named = byName.filter(({ name }) => matches(words, name));
  const within = byName.filter(({ name, columns }) => !matches(words, name) && columns.some((column) => matches(words, column.name)));
  return [...named, ...within];
}

function Columns({ table, onInsert }: { table: MetadataTable; onInsert: (text: string) => void }) {
  return (
    <ul className="schema-columns">
      {table.columns.map(({ name, type, description }) => (
        <li key={name}>
          <button type="button" className="schema-name" title={description ? `${name}: ${description}` : name} onClick={() => onInsert(columnName(name))}>
            <span>{name}</span> <span className="muted">{type}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Examples({ queries }: { queries: ExampleQuery[] }) {
  if (queries.length === 0) return null;
  return (
    <>
      <h3>{t('logs.examples')}</h3>
      <ul className="schema-examples">
        {queries.map(({ id, displayName, description, body }) => (
          <li key={id}>
            <button type="button" className="link-button" title={description} onClick={() => openInTab({ query: body, name: displayName ?? '' })}>{displayName ?? id}</button>
          </li>
        ))}
      </ul>
      <h3>{t('logs.columns')}</h3>
    </>
  );
}

interface TableProps {
  table: MetadataTable;
  queries: ExampleQuery[]; // that read it
  onInsert: (text: string) => void;
}

function Table({ table, queries, onInsert }: TableProps) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="schema-row">
        <button type="button" className="disclosure" aria-expanded={open} aria-label={t('logs.columnsOf', { name: table.name })} onClick={() => setOpen(!open)}>{open ? '▾' : '▸'}</button>
        <button type="button" className="schema-name" title={table.description ? `${table.name}: ${table.description}` : table.name} onClick={() => onInsert(columnName(table.name))}>{table.name}</button>
      </div>
      {open && (
        <div className="schema-inside">
          {table.description && <p className="muted">{table.description}</p>}
          <Examples queries={queries} />
          <Columns table={table} onInsert={onInsert} />
        </div>
      )}
    </li>
  );
}

function Functions({ functions, onInsert }: { functions: readonly MetadataFunction[]; onInsert: (text: string) => void }) {
  if (functions.length === 0) return null;
  return (
    <>
      <h2>{t('logs.functions')}</h2>
      <ul className="schema-columns">
        {functions.map(({ name, parameters = '()', body }) => (
          <li key={name}><button type="button" className="schema-name" title={body} onClick={() => onInsert(`${name}()`)}><span>{name}</span> <span className="muted">{parameters}</span></button></li>
        ))}
      </ul>
    </>
  );
}

export function TablesPane({ metadata, onInsert }: { metadata: Metadata; onInsert: (text: string) => void }) {
  const [words, setWords] = useState('');
  const tables = useMemo(() => foundTables(metadata.tables, words), [metadata, words]);
  const functions = (metadata.functions ?? []).filter(({ name }) => matches(words, name));
  return (
    <>
      <input type="search" className="text-input" aria-label={t('logs.searchTables')} placeholder={t('logs.searchTables')} value={words} onChange={(event) => setWords(event.target.value)} />
      <div className="schema">
        <ul aria-label={t('logs.tables')}>
          {tables.map((table) => <Table key={table.name} table={table} queries={examplesOf(metadata, table.name)} onInsert={onInsert} />)}
        </ul>
        <Functions functions={functions} onInsert={onInsert} />
      </div>
      {tables.length + functions.length === 0 && <p className="muted">{t('logs.noTables')}</p>}
    </>
  );
}
