// SPDX-License-Identifier: Apache-2.0
import { decoded, hostOf } from '../../api/paths';
import type { List, RegistryRow } from '../../api/types';
import { useView } from '../../app/query';
import { useSession } from '../../app/session';
import { shortDigest } from '../../i18n/format';
import { t } from '../../i18n/t';
import type { ExemptScope } from '../shared/ExemptDialog';

/** What rights and rules can be about: the subscription, its group, each registry. */
export function useScopes(): ExemptScope[] {
  const { subscriptionId, resourceGroup } = useSession();
  const { data } = useView<List<RegistryRow>>('/api/v1/registries', { top: 200 });
  return [
    { id: `/subscriptions/${subscriptionId}`, title: t('scope.subscription') },
    { id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`, title: t('scope.group', { name: resourceGroup }) },
    ...(data?.value ?? []).map(({ id, name }) => ({ id, title: t('scope.registry', { name }) })),
  ];
}

const within = /\/registries\/([^/]+)\/repositories\/([^/]+)(?:\/images\/([^/]+))?$/i;

/** A scope in words where it has any; else its id. Without an id it is the subscription. */
export function scopeName(id: string, scopes: ExemptScope[]): string | undefined {
  if (id === '/') return t('scope.root');
  const known = scopes.find((scope) => scope.id.toLowerCase() === id.toLowerCase());
  if (known) return known.title;
  const host = hostOf(id);
  if (host !== undefined) return t('scope.host', { name: host });
  const [, registry, repository, digest] = within.exec(id) ?? [];
  if (!registry || !repository) return undefined;
  const name = `${registry}/${decoded(repository)}`;
  return digest ? t('scope.imageOf', { name: `${name}@${shortDigest(digest)}` }) : t('scope.repository', { name });
}

export function ScopeName({ id }: { id: string | undefined }) {
  const scopes = useScopes();
  const name = id ? scopeName(id, scopes) : t('scope.subscription');
  return name ? <span title={id} className="any-break">{name}</span> : <code className="wrap">{id}</code>;
}
