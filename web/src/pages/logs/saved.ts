// SPDX-License-Identifier: Apache-2.0
// Saved queries: resources under the workspace, as Log Analytics has them.
import { send } from '../../api/http';
import { apiVersions, newGuid, versioned } from '../../api/paths';
import type { ArmList, Resource } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';

export interface SavedSearch {
  displayName: string;
  category: string;
  query: string;
  version?: number;
}

export type SavedQuery = Resource<SavedSearch>;

const listPath = (workspace: string): string => `${workspace}/savedSearches`;

export const useSaved = (workspace: string) =>
  useView<ArmList<SavedSearch>>(listPath(workspace), { 'api-version': apiVersions.savedSearches });

export async function saveQuery(workspace: string, properties: SavedSearch): Promise<void> {
  await send('PUT', versioned(`${listPath(workspace)}/${newGuid()}`, apiVersions.savedSearches), { properties: { ...properties, version: 2 } });
  await refresh(listPath(workspace));
}

export async function removeSaved(workspace: string, { id }: SavedQuery): Promise<void> {
  await send('DELETE', versioned(id, apiVersions.savedSearches));
  await refresh(listPath(workspace));
}
