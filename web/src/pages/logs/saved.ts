// SPDX-License-Identifier: Apache-2.0
// Saved queries: resources under the workspace, as Log Analytics has them. One with an alias is a function of other queries.
import { send } from '../../api/http';
import { workspacesPath } from '../../api/logs';
import { apiVersions, newGuid, versioned } from '../../api/paths';
import { useMay } from '../../api/rights';
import type { ArmList, Resource } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';

export interface SavedSearch {
  displayName: string;
  category: string;
  query: string;
  functionAlias?: string;
  functionParameters?: string;
  version?: number;
}

export type SavedQuery = Resource<SavedSearch>;

const listPath = (workspace: string): string => `${workspace}/savedSearches`;

export const useSaved = (workspace: string) =>
  useView<ArmList<SavedSearch>>(listPath(workspace), { 'api-version': apiVersions.savedSearches });

export const useMaySave = (workspace: string): boolean => useMay(workspace, 'Microsoft.OperationalInsights/workspaces/savedSearches/write');

/** The names of functions are part of what the editor knows of the workspace. */
const changed = (workspace: string): Promise<void> => refresh(listPath(workspace), workspacesPath);

/** Keeps a query in the place of a saved one, or as a new one; answers its id. */
export async function saveQuery(workspace: string, properties: SavedSearch, replaced?: SavedQuery): Promise<string> {
  const id = replaced?.id ?? `${listPath(workspace)}/${newGuid()}`;
  const { functionAlias: _alias, functionParameters: _parameters, ...others } = replaced?.properties ?? {};
  await send('PUT', versioned(id, apiVersions.savedSearches), { properties: { ...others, ...properties, version: 2 } });
  await changed(workspace);
  return id;
}

export async function removeSaved(workspace: string, { id }: SavedQuery): Promise<void> {
  await send('DELETE', versioned(id, apiVersions.savedSearches));
  await changed(workspace);
}
