// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import type { Overview } from '../../api/types';
import { StateLabel } from '../../components/Status';
import { t } from '../../i18n/t';

/** Where a step is done; ids that are not known here lead to the settings. */
const places: Record<string, string> = {
  registry: '/settings/registries?new=1',
  host: '/hosts/add',
  data: '/settings/data',
  plan: '/settings/plans',
  webhook: '/settings/registries',
  notification: '/settings/notifications?new=1',
  users: '/settings/users',
};

/** First steps, until all are done. */
export function Checklist({ items }: { items: Overview['checklist'] }) {
  const open = items.filter(({ done }) => !done);
  if (open.length === 0) return null;
  return (
    <section className="checklist" aria-label={t('overview.checklist')}>
      <h2>{t('overview.checklist')} <span className="muted">{t('overview.checklistDone', { done: items.length - open.length, all: items.length })}</span></h2>
      <ul>
        {items.map(({ id, done, title }) => (
          <li key={id}>
            {done ? <StateLabel tone="good">{title}</StateLabel> : <Link to={places[id] ?? '/settings'}>{title}</Link>}
          </li>
        ))}
      </ul>
    </section>
  );
}
