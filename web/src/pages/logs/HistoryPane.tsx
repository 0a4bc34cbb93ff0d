// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { Time } from '../../components/Text';
import { t } from '../../i18n/logs';
import { forgetHistory, useHistory, type PastQuery } from './history';

/** The queries run in this browser, to search and to open again. */
export function HistoryPane({ onOpen }: { onOpen: (past: PastQuery) => void }) {
  const [words, setWords] = useState('');
  const history = useHistory();
  const found = history.filter(({ query }) => query.toLowerCase().includes(words.toLowerCase()));
  return (
    <>
      <input type="search" className="text-input" aria-label={t('logs.searchHistory')} placeholder={t('logs.searchHistory')} value={words} onChange={(event) => setWords(event.target.value)} />
      {found.length === 0 && <p className="muted">{history.length ? t('logs.noQueries') : t('logs.noHistory')}</p>}
      <ul className="query-list scrolls" aria-label={t('logs.history')}>
        {found.map((past) => (
          <li key={past.at + past.query}>
            <button type="button" className="query-name" title={past.query} onClick={() => onOpen(past)}>
              <code>{past.query.replace(/\s+/g, ' ').slice(0, 160)}</code>
              <span className="muted">
                <Time at={past.at} ago /> · {past.rows === null ? t('logs.failed') : t('grid.rows', { n: past.rows })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {history.length > 0 && <button type="button" className="plain-button" onClick={forgetHistory}>{t('logs.forget')}</button>}
    </>
  );
}
