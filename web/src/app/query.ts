// SPDX-License-Identifier: Apache-2.0
// The cache of what the hub answered. A key is [path, parameters], so that live events can name what they touch.
import { QueryClient, useQuery, type UseQueryResult } from '@tanstack/react-query';
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

/** Reads again whatever begins with one of the paths. */
export function refresh(...paths: string[]): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: (query) => paths.some((path) => String(query.queryKey[0]).startsWith(path)),
  });
}
