// SPDX-License-Identifier: Apache-2.0
// Paths of the API and of the pages. Names of repositories hold slashes, so they are one encoded segment.

export const apiVersions = {
  registries: '2025-11-01',
  pricings: '2024-01-01',
  authorization: '2022-04-01',
  bulwark: '2026-01-01',
  savedSearches: '2020-08-01',
  dashboards: '2020-09-01-preview',
  machines: '2024-07-10',
};

const part = encodeURIComponent;

/** A segment of an id as people read it; as it is where it is badly encoded. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export const registryPage = (registry: string) => `/registries/${part(registry)}`;
export const repositoryPage = (registry: string, repository: string) =>
  `${registryPage(registry)}/${part(repository)}`;
export const imagePage = (registry: string, repository: string, digest: string) =>
  `${repositoryPage(registry, repository)}/${part(digest)}`;
export const hostPage = (name: string) => `/hosts/${part(name)}`;
export const recommendationPage = (key: string) => `/recommendations/${part(key)}`;
export const vulnerabilityPage = (id: string) => `/cve/${part(id)}`;

export const imagesPath = (registry: string) => `/api/v1/registries/${part(registry)}/images`;
export const imagePath = (registry: string, digest: string) => `${imagesPath(registry)}/${part(digest)}`;

export const hostPath = (name: string) => `/api/v1/hosts/${part(name)}`;

export const registryId = (subscription: string, group: string, name: string) =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${part(name)}`;
export const registriesId = (subscription: string, group: string) =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries`;
export const providerPath = (subscription: string, rest: string) => `/subscriptions/${subscription}/providers/${rest}`;

export const versioned = (path: string, version: string) =>
  `${path}${path.includes('?') ? '&' : '?'}api-version=${version}`;

/** A name that is none yet: for resources whose name the user need not choose. */
export const newGuid = (): string => crypto.randomUUID();

const machine = /\/Microsoft\.HybridCompute\/machines\/([^/]+)(?:\/images\/([^/]+))?$/i;

/** The host that a resource id names, or that the image it names stands on; undefined for ids of anything else. */
export function hostOf(id: string): string | undefined {
  const name = machine.exec(id)?.[1];
  return name === undefined ? undefined : decoded(name);
}

/** Of an image that stands on a host. */
function hostImageOf(id: string): string | undefined {
  const image = machine.exec(id)?.[2];
  return image === undefined ? undefined : decoded(image);
}

/** The host's page, at its images where the id names one. */
export function pageOfHostResource(id: string): string | undefined {
  const [host, image] = [hostOf(id), hostImageOf(id)];
  if (host === undefined) return undefined;
  return image === undefined ? hostPage(host) : `${hostPage(host)}?tab=images&q=${part(image)}`;
}

/** What people call a resource: an image by its repository and tag, else by its digest. */
export function nameOfResource(row: { name: string; repository: string; digest: string; tags: string[] }): string {
  if (!row.digest) return row.repository || row.name;
  return row.tags[0] ? `${row.repository}:${row.tags[0]}` : `${row.repository}@${row.digest.slice(0, 19)}`;
}

/** The page of any resource id the pages know; undefined for others. */
export function pageOfResource(row: { id: string; registry: string; repository: string; digest: string }): string | undefined {
  const host = pageOfHostResource(row.id);
  if (host !== undefined) return host;
  if (row.digest) return imagePage(row.registry, row.repository, row.digest);
  if (row.repository) return repositoryPage(row.registry, row.repository);
  return row.registry ? registryPage(row.registry) : undefined;
}
