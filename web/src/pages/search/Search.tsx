// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import type { SearchHit } from '../../api/types';
import { useView } from '../../app/query';
import { useUrlState } from '../../app/urlState';
import { SearchFilter } from '../../components/Filters';
import { Page, Section } from '../../components/Page';
import { Await, EmptyState } from '../../components/States';
import { t, tData } from '../../i18n/t';

function byKind(hits: SearchHit[]): [string, SearchHit[]][] {
  const kinds = new Map<string, SearchHit[]>();
  for (const hit of hits) kinds.set(hit.kind, [...(kinds.get(hit.kind) ?? []), hit]);
  return [...kinds];
}

export default function Search() {
  const url = useUrlState();
  const q = url.get('q');
  const view = useView<{ value: SearchHit[] }>('/api/v1/search', { q, top: 100 }, q.length > 1);
  return (
    <Page title={t('search.title')} subtitle={q && t('search.for', { words: q })}>
      <div className="filter-bar"><SearchFilter url={url} label={t('search.label')} /></div>
      {q.length < 2 ? <EmptyState title={t('search.start')}>{t('search.startText')}</EmptyState> : (
        <Await view={view}>{({ value }) => <Hits hits={value} words={q} />}</Await>
      )}
    </Page>
  );
}

function Hits({ hits, words }: { hits: SearchHit[]; words: string }) {
  if (hits.length === 0) return <EmptyState title={t('search.none', { words })}>{t('search.noneText')}</EmptyState>;
  return byKind(hits).map(([kind, members]) => (
    <Section key={kind} title={tData('kinds', kind)}>
      <ul className="plain-list">
        {members.map((hit) => <li key={hit.href + hit.title}><Link to={hit.href}>{hit.title}</Link> <span className="muted">{hit.subtitle}</span></li>)}
      </ul>
    </Section>
  ));
}
