// SPDX-License-Identifier: Apache-2.0
import { t } from '../../i18n/t';
import type { ExemptScope } from '../shared/ExemptDialog';

interface Place {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
}

/** What an exemption or rule about a host's finding can be about, the narrowest first. */
export const hostScopes = ({ id, name, subscriptionId, resourceGroup }: Place): ExemptScope[] => [
  { id, title: t('scope.host', { name }) },
  { id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`, title: t('scope.group', { name: resourceGroup }) },
  { id: `/subscriptions/${subscriptionId}`, title: t('scope.subscription') },
];
