import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { queryClient } from './query-client';
import { api } from './request';
import type { Digest, Edition, Page, Publication, Topic } from './types';

/** Most that one answer of the API holds. */
const MOST = 200;

function withQuery(path: string, query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export interface ListOptions {
  limit?: number;
  /** Milliseconds between two looks; false: once. */
  everyMs?: number | false;
}

/** A list of the API, page after page. */
export function useList<T>(
  path: string,
  query: Record<string, string | undefined> = {},
  { limit = 50, everyMs = false }: ListOptions = {},
) {
  const result = useInfiniteQuery({
    queryKey: [path, 'list', query, limit],
    queryFn: ({ pageParam }) => api.get<Page<T>>(withQuery(path, { ...query, limit, cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: everyMs,
  });
  return { ...result, rows: result.data?.pages.flatMap((page) => page.data) };
}

/** One thing of the API: `useOne('/articles/ID')`. */
export function useOne<T>(path: string) {
  return useQuery({ queryKey: [path], queryFn: () => api.get<T>(path) });
}

export const usePublication = () => useOne<Publication>('/publication');

/** Everything of a list that is short by nature. */
function useAll<T>(path: string) {
  return useQuery({
    queryKey: [path, 'all'],
    queryFn: async () => (await api.get<Page<T>>(withQuery(path, { limit: MOST }))).data,
  });
}

export const useDigests = () => useAll<Digest>('/digests');
export const useTopics = () => useAll<Topic>('/topics');

/** An edition, looked at again and again while something happens to it by itself. */
export function useEdition(id: string) {
  return useQuery({
    queryKey: [`/editions/${id}`],
    queryFn: () => api.get<Edition>(`/editions/${id}`),
    refetchInterval: ({ state }) => (state.data ? pollMs(state.data) : false),
  });
}

/** Milliseconds until the next look at an edition; false: it no longer changes by itself. */
export function pollMs({ status }: Edition): number | false {
  if (status === 'preparing' || status === 'sending') return 1_000;
  return status === 'scheduled' || status === 'paused' ? 5_000 : false;
}

/** Has everything under a path read again, its lists too: `/articles`. */
export async function refresh(...paths: string[]): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: ({ queryKey: [path] }) => paths.some((one) => String(path).startsWith(one)),
  });
}
