// SPDX-License-Identifier: Apache-2.0
// What stands in the place of results while there is no query yet: a few examples of each category.
import type { ExampleQuery } from '../../api/logs';
import { t } from '../../i18n/logs';
import { byCategory } from './examples';
import { openInTab } from './store';

const ofEach = 4;

export function Beginnings({ queries }: { queries: ExampleQuery[] }) {
  return (
    <section className="beginnings" aria-label={t('logs.begin')}>
      <h2>{t('logs.begin')}</h2>
      <div className="beginning-groups">
        {byCategory(queries).map(([category, inside]) => (
          <div key={category}>
            <h3>{category || t('logs.otherExamples')}</h3>
            <ul>
              {inside.slice(0, ofEach).map(({ id, displayName, description, body }) => (
                <li key={id}>
                  <button type="button" className="link-button" title={description} onClick={() => openInTab({ query: body, name: displayName ?? '' })}>{displayName ?? id}</button>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
