// SPDX-License-Identifier: Apache-2.0
// Queries to begin with: those saved in the workspace, and examples.
import { useState } from 'react';
import type { ExampleQuery, Metadata } from '../../api/logs';
import { Await } from '../../components/States';
import { t } from '../../i18n/logs';
import { RemoveButton } from '../settings/parts';
import { byCategory } from './examples';
import { removeSaved, useMaySave, useSaved } from './saved';

export interface ChosenQuery {
  query: string;
  name: string;
  saved?: string;
}

const matches = (words: string, ...texts: (string | undefined)[]): boolean =>
  texts.some((text) => text?.toLowerCase().includes(words.toLowerCase()));

interface ListProps {
  workspace: string;
  words: string;
  onOpen: (chosen: ChosenQuery) => void;
}

function SavedQueries({ workspace, words, onOpen }: ListProps) {
  const view = useSaved(workspace);
  const may = useMaySave(workspace);
  return (
    <Await view={view} lines={3}>
      {({ value }) => {
        const found = value.filter(({ properties }) => matches(words, properties.displayName, properties.category, properties.functionAlias, properties.query));
        if (found.length === 0) return <p className="muted">{value.length ? t('logs.noQueries') : t('logs.noSaved')}</p>;
        return (
          <ul className="query-list">
            {found.map((saved) => (
              <li key={saved.id}>
                <button type="button" className="query-name" title={saved.properties.query} onClick={() => onOpen({ query: saved.properties.query, name: saved.properties.displayName, saved: saved.id })}>
                  <span>{saved.properties.displayName}</span>
                  <span className="muted">{saved.properties.category}{saved.properties.functionAlias && <> · <code>{saved.properties.functionAlias}</code></>}</span>
                </button>
                {may && <RemoveButton name={saved.properties.displayName} onRemove={() => removeSaved(workspace, saved)} />}
              </li>
            ))}
          </ul>
        );
      }}
    </Await>
  );
}

function Examples({ queries, words, onOpen }: { queries: ExampleQuery[]; words: string; onOpen: (chosen: ChosenQuery) => void }) {
  const found = queries.filter(({ displayName, description, body, related }) =>
    matches(words, displayName, description, body, ...(related?.tables ?? []), ...(related?.categories ?? [])));
  if (found.length === 0) return <p className="muted">{t('logs.noQueries')}</p>;
  return byCategory(found).map(([category, inside]) => (
    <section key={category} aria-label={category || t('logs.otherExamples')}>
      <h3>{category || t('logs.otherExamples')}</h3>
      <ul className="query-list">
        {inside.map(({ id, displayName, description, body }) => (
          <li key={id}>
            <button type="button" className="query-name" title={body} onClick={() => onOpen({ query: body, name: displayName ?? '' })}>
              <span>{displayName ?? id}</span>
              {description && <span className="muted">{description}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  ));
}

interface Props {
  workspace: string;
  metadata: Metadata | undefined;
  onOpen: (chosen: ChosenQuery) => void;
}

export function QueriesPane({ workspace, metadata, onOpen }: Props) {
  const [words, setWords] = useState('');
  return (
    <>
      <input type="search" className="text-input" aria-label={t('logs.searchQueries')} placeholder={t('logs.searchQueries')} value={words} onChange={(event) => setWords(event.target.value)} />
      <div className="query-lists">
        <h2>{t('logs.saved')}</h2>
        <SavedQueries workspace={workspace} words={words} onOpen={onOpen} />
        <h2>{t('logs.examples')}</h2>
        <Examples queries={metadata?.queries ?? []} words={words} onOpen={onOpen} />
      </div>
    </>
  );
}
