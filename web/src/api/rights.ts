// SPDX-License-Identifier: Apache-2.0
// What the one signed in may do at a scope, as the resource manager tells: for what is offered, the hub decides.
import { useView } from '../app/query';
import { apiVersions } from './paths';

export interface Permission {
  actions: string[];
  notActions: string[];
}

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(action);

export const allows = (permissions: readonly Permission[], action: string): boolean =>
  permissions.some(({ actions, notActions }) => actions.some((one) => matches(one, action)) && !notActions.some((one) => matches(one, action)));

/** Not before it is known; where it cannot be known the hub is left to say it. */
export function useMay(scope: string, action: string): boolean {
  const { data, error } = useView<{ value: Permission[] }>(`${scope}/providers/Microsoft.Authorization/permissions`, { 'api-version': apiVersions.authorization });
  return data ? allows(data.value, action) : error !== null;
}
