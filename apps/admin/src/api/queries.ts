import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ApiPaths } from '#contract/paths.js';
import { queryClient } from './query-client';
import { answer, api } from './request';

/** What a reading of a path answers; never: it is none of JSON. */
type Answer<Path extends keyof ApiPaths> = ApiPaths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;
type OnePath = { [P in keyof ApiPaths]: [Answer<P>] extends [never] ? never : P }[keyof ApiPaths];
type ListPath = {
  [P in OnePath]: Answer<P> extends { data: unknown[]; nextCursor: string | null } ? P : never;
}[OnePath];
type Item<Path extends ListPath> = Answer<Path> extends { data: (infer One)[] } ? One : never;
interface Page<One> {
  data: One[];
  nextCursor: string | null;
}
type QueryOf<Path extends ListPath> = Omit<QueryAt<Path>, 'limit' | 'cursor'>;

/** What may be asked of a path. */
type QueryAt<Path extends keyof ApiPaths> = ApiPaths[Path]['get'] extends {
  parameters: { query?: infer Query };
}
  ? NonNullable<Query>
  : never;

interface Asked {
  /** Of the thing that the path is about. */
  id?: string | undefined;
  query?: object;
  signal?: AbortSignal;
}

/** `/articles/{id}` of an article: `/articles/ID`. What is kept is kept by it, see {@link refresh}. */
export const pathOf = (path: OnePath, id = '') => path.replace('{id}', id);

/** The client can not know what it answers to a path that is not known yet; {@link Answer} says the same. */
function read<Path extends OnePath>(path: Path, { id, query, signal }: Asked): Promise<Answer<Path>> {
  const get = api.GET as (path: Path, init: object) => Promise<{ data?: Answer<Path> }>;
  return answer(get(path, { params: { path: { id }, query }, signal }));
}

/** {@link read}, of a path that answers with a page: what {@link ListPath} chose them by. */
function readPage<Path extends ListPath>(path: Path, asked: Asked): Promise<Page<Item<Path>>> {
  return read(path, asked) as Promise<Page<Item<Path>>>;
}

/** Most that one answer of the API holds. */
const MOST = 200;

export interface ListOptions {
  /** Of the thing that the list is of. */
  id?: string;
  limit?: number;
  /** False: not yet. */
  isWanted?: boolean;
  /** Read anew when this changes. */
  anewWhen?: string;
}

/** A list of the API, page after page. */
export function useList<Path extends ListPath>(
  path: Path,
  query?: QueryOf<Path>,
  { id, limit = 50, isWanted = true, anewWhen }: ListOptions = {},
) {
  const result = useInfiniteQuery({
    queryKey: [pathOf(path, id), 'list', query, limit, anewWhen],
    queryFn: ({ pageParam, signal }) =>
      readPage(path, { id, query: { ...query, limit, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: isWanted,
  });
  return { ...result, rows: result.data?.pages.flatMap((page) => page.data) };
}

/** How one thing of the API is read, and what it is kept by. */
export function one<Path extends OnePath>(path: Path, id?: string, query?: QueryAt<Path>) {
  return {
    queryKey: query ? [pathOf(path, id), query] : [pathOf(path, id)],
    queryFn: ({ signal }: { signal: AbortSignal }) => read(path, { id, query, signal }),
  };
}

/** One thing of the API: `useOne('/articles/{id}', id)`. */
export function useOne<Path extends OnePath>(path: Path, id?: string, query?: QueryAt<Path>) {
  return useQuery(one(path, id, query));
}

export const usePublication = () => useOne('/publication');

/** Everything of a list that is short by nature. */
function useAll<Path extends ListPath>(path: Path) {
  return useQuery({
    queryKey: [path, 'all'],
    queryFn: async ({ signal }) => (await readPage(path, { query: { limit: MOST }, signal })).data,
  });
}

export const useDigests = () => useAll('/digests');
export const useTopics = () => useAll('/topics');

/** Slots that wait for an operator: `held` were missed, `open` are drafted and want a yes. */
export function useWaitingSlots(status: 'held' | 'open') {
  return useQuery({
    queryKey: ['/slots', status],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/slots', { params: { query: { status, limit: MOST } }, signal }))).data,
  });
}

const DAY_MS = 86_400_000;

/** What goes out in the coming days, ascending. @param digestId none: of every digest */
export function useCalendar(days: number, digestId?: string) {
  return useQuery({
    queryKey: ['/calendar', days, digestId],
    queryFn: ({ signal }) => {
      const from = new Date();
      const to = new Date(from.getTime() + days * DAY_MS);
      const query = { from: from.toISOString(), to: to.toISOString(), digestId };
      return answer(api.GET('/calendar', { params: { query }, signal }));
    },
  });
}

export function useEdition(id: string) {
  return useQuery(one('/editions/{id}', id));
}

/** The links of an edition with their clicks. */
export function useEditionLinks(id: string) {
  return useQuery(one('/editions/{id}/links', id));
}

/** Has everything under a path read again, its lists too: `/articles`. */
export async function refresh(...paths: string[]): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: ({ queryKey: [path] }) => paths.some((one) => String(path).startsWith(one)),
  });
}
