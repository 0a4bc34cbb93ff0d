// SPDX-License-Identifier: Apache-2.0
// Dashboards of pinned queries: resources of the type Microsoft.Portal/dashboards, a tile being a part of the first lens.
import { get, send } from '../../api/http';
import { apiVersions, newGuid, versioned } from '../../api/paths';
import { useMay } from '../../api/rights';
import type { ArmList, Resource } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';
import { useSession } from '../../app/session';

export interface TileContent {
  type: 'Bulwark/LogsTile';
  id: string;
  title: string;
  query: string;
  timespan: string;
  visualization: string; // a kind of chart, or "table"
}

export interface Part {
  position: { x: number; y: number; colSpan: number; rowSpan: number };
  metadata: TileContent;
}

export interface DashboardProperties {
  lenses: { order: number; parts: Part[] }[];
}

export type Dashboard = Resource<DashboardProperties>;

export const gridColumns = 12;
const tileSize = { colSpan: 6, rowSpan: 4 };
const titleTag = 'hidden-title';

export const listPath = (subscription: string, group: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Portal/dashboards`;

export const useDashboards = (path: string) =>
  useView<ArmList<DashboardProperties>>(path, { 'api-version': apiVersions.dashboards });

/** At the group, where new ones are made. */
export function useMayPin(): boolean {
  const { subscriptionId, resourceGroup } = useSession();
  return useMay(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`, 'Microsoft.Portal/dashboards/write');
}

export const titleOf = ({ tags, name }: Dashboard): string => tags?.[titleTag] || name;

export const partsOf = ({ properties }: Dashboard): Part[] => properties.lenses[0]?.parts ?? [];

/** Tiles one behind the other in rows of the grid, as high as the highest of their row. */
export function arranged(parts: readonly Part[]): Part[] {
  let [x, y, height] = [0, 0, 0];
  return parts.map((part) => {
    const { colSpan, rowSpan } = part.position;
    if (x + colSpan > gridColumns) [x, y, height] = [0, y + height, 0];
    const placed = { ...part, position: { x, y, colSpan, rowSpan } };
    x += colSpan;
    height = Math.max(height, rowSpan);
    return placed;
  });
}

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(Math.max(0, Math.min(to, next.length)), 0, one);
  return next;
}

export const newPart = (content: Omit<TileContent, 'type' | 'id'>): Part =>
  ({ position: { x: 0, y: 0, ...tileSize }, metadata: { type: 'Bulwark/LogsTile', id: newGuid(), ...content } });

async function put(id: string, dashboard: Pick<Dashboard, 'tags' | 'location'>, parts: readonly Part[]): Promise<void> {
  const properties: DashboardProperties = { lenses: [{ order: 0, parts: arranged(parts) }] };
  await send('PUT', versioned(id, apiVersions.dashboards), { location: dashboard.location ?? 'local', tags: dashboard.tags ?? {}, properties });
  await refresh(id.slice(0, id.lastIndexOf('/')));
}

/** Changes the tiles of a dashboard as it is at the hub now: others may have changed it meanwhile. */
export async function changeParts(id: string, change: (parts: Part[]) => Part[]): Promise<void> {
  const now = await get<Dashboard>(id, { 'api-version': apiVersions.dashboards });
  await put(id, now, change(partsOf(now)));
}

export async function renameDashboard(id: string, title: string): Promise<void> {
  const now = await get<Dashboard>(id, { 'api-version': apiVersions.dashboards });
  await put(id, { ...now, tags: { ...now.tags, [titleTag]: title } }, partsOf(now));
}

/** Answers the new dashboard's name. */
export async function createDashboard(path: string, title: string, parts: readonly Part[] = []): Promise<string> {
  const name = newGuid();
  await put(`${path}/${name}`, { tags: { [titleTag]: title } }, parts);
  return name;
}

export async function removeDashboard({ id }: Dashboard): Promise<void> {
  await send('DELETE', versioned(id, apiVersions.dashboards));
  await refresh(id.slice(0, id.lastIndexOf('/')));
}
