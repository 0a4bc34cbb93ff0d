// SPDX-License-Identifier: Apache-2.0
import type { List, RegistryRow } from '../../api/types';
import { useView } from '../../app/query';
import { useSession } from '../../app/session';
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

/** A scope in words where it has any; else its id. */
export function ScopeName({ id }: { id: string }) {
  const known = useScopes().find((scope) => scope.id.toLowerCase() === id.toLowerCase());
  return known ? <span title={id}>{known.title}</span> : <code className="wrap">{id}</code>;
}
