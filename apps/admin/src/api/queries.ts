import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { queryClient } from './query-client';
import { api } from './request';
import type { Calendar, Digest, Edition, Page, Publication, Slot, Topic } from './types';

/** Most that one answer of the API holds. */
const MOST = 200;

/** A path with what is given of a query. */
export function withQuery(path: string, query: Record<string, string | number | undefined>): string {
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

/** Slots that wait for an operator: `held` were missed, `open` are drafted and want a yes. */
export function useWaitingSlots(status: 'held' | 'open', everyMs: number | false = false) {
  return useQuery({
    queryKey: ['/slots', status],
    queryFn: async () => (await api.get<Page<Slot>>(withQuery('/slots', { status, limit: MOST }))).data,
    refetchInterval: everyMs,
  });
}

const DAY_MS = 86_400_000;

/** What goes out in the coming days, ascending. @param digestId none: of every digest */
export function useCalendar(days: number, digestId?: string) {
  return useQuery({
    queryKey: ['/calendar', days, digestId],
    queryFn: async () => {
      const from = new Date();
      const to = new Date(from.getTime() + days * DAY_MS);
      const query = { from: from.toISOString(), to: to.toISOString(), digestId };
      return api.get<Calendar>(withQuery('/calendar', query));
    },
  });
}

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
