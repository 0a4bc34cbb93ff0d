// SPDX-License-Identifier: Apache-2.0
// Rows of a long list: pages by cursor, as far as the reader has scrolled.
import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { get, type Params } from '../../api/http';
import type { List } from '../../api/types';
import { pagesKey, restartList } from '../../app/query';
import { pageSize } from './model';

export interface Source {
  path: string;
  params: Params;
}

interface Page {
  cursor: string | null;
  loaded: number;
}

const first: Page = { cursor: null, loaded: 0 };

export interface Rows<Row, Answer extends List<Row>> {
  rows: Row[];
  total: number;
  head: Answer | undefined;
  loading: boolean;
  error: Error | null;
  key: string; // names the list: path and parameters
  loadMore: () => void;
  restart: () => void;
}

export function useRows<Row, Answer extends List<Row> = List<Row>>({ path, params }: Source): Rows<Row, Answer> {
  const queryKey = useMemo(() => [path, params, pagesKey], [path, params]);
  const query = useInfiniteQuery<Answer, Error, InfiniteData<Answer, Page>, unknown[], Page>({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      get<Answer>(path, { ...params, top: pageSize(pageParam.loaded), cursor: pageParam.cursor }, signal),
    initialPageParam: first,
    getNextPageParam: (last, pages) =>
      last.next ? { cursor: last.next, loaded: pages.reduce((sum, page) => sum + page.value.length, 0) } : undefined,
    placeholderData: (before, last) => (last?.queryKey[0] === path ? before : undefined),
    // A refresh of all pages would read the whole list again: see restartList.
    refetchOnMount: false,
    refetchOnReconnect: false,
  });
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData } = query;
  const pages = query.data?.pages;
  const rows = useMemo(() => (pages ?? []).flatMap((page) => page.value), [pages]);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isPlaceholderData) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData]);
  const restart = useCallback(() => restartList(queryKey), [queryKey]);
  return {
    rows,
    total: pages?.at(-1)?.total ?? 0,
    head: pages?.[0],
    loading: query.isPending || isPlaceholderData,
    error: query.error,
    key: useMemo(() => JSON.stringify(queryKey), [queryKey]),
    loadMore,
    restart,
  };
}
