// SPDX-License-Identifier: Apache-2.0
// The cache of what the hub answered. A key is [path, parameters], so that live events can name what they touch.
import { QueryClient, useQuery, type InfiniteData, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { ApiError, get, type Params } from '../api/http';

const retriable = (error: unknown) => !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 1 && retriable(error),
      retryDelay: 500,
      refetchOnWindowFocus: false,
      staleTime: 5_000,
    },
  },
});

/** One view of the API. While its parameters change the last answer stays shown. */
export function useView<T>(path: string, params: Params = {}, enabled = true): UseQueryResult<T, Error> {
  return useQuery<T, Error>({
    queryKey: [path, params],
    queryFn: ({ signal }) => get<T>(path, params, signal),
    enabled,
    placeholderData: (before, query) => (query?.queryKey[0] === path ? (before as T & undefined) : undefined),
  });
}

/** Marks the keys of long lists, which are read by pages: see components/grid/useRows. */
export const pagesKey = 'pages';

type Test = (query: { queryKey: QueryKey }) => boolean;

const isList: Test = ({ queryKey }) => queryKey[2] === pagesKey;
const within = (paths: string[]): Test => ({ queryKey }) => paths.some((path) => String(queryKey[0]).startsWith(path));

/** Drops the lists that no page shows, so that they are read anew when one does. */
function forgetLists(touches: Test): void {
  queryClient.removeQueries({ type: 'inactive', predicate: (query) => isList(query) && touches(query) });
}

/** Reads the views again that begin with one of the paths. Lists on show are left alone: see useGridLive. */
export function refreshViews(...paths: string[]): Promise<void> {
  const touches = within(paths);
  forgetLists(touches);
  return queryClient.invalidateQueries({ predicate: (query) => touches(query) && !isList(query) });
}

/** After an action: reads again whatever begins with one of the paths; of lists on show the first page. */
export async function refresh(...paths: string[]): Promise<void> {
  const touches = within(paths);
  forgetLists(touches);
  for (const query of queryClient.getQueryCache().findAll({ predicate: (one) => isList(one) && touches(one) })) restartList(query.queryKey);
  await refreshViews(...paths);
}

/** Reads a list again from its first page: reading all loaded pages could be hundreds of requests. */
export function restartList(queryKey: QueryKey): void {
  queryClient.setQueryData<InfiniteData<unknown, unknown>>(queryKey, (data) =>
    data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) });
  void queryClient.invalidateQueries({ queryKey });
}
