import { useQuery } from '@tanstack/react-query';
import { queryClient, SESSION_KEY } from './query-client';
import { Problem, request } from './request';
import type { Role, Session } from './types';

const PATH = '/api/session';
const RANK: Record<Role, number> = { viewer: 0, editor: 1, owner: 2 };

async function read(): Promise<Session | null> {
  try {
    return await request<Session>('GET', PATH);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Who is signed in; null: nobody. */
export function useSession() {
  return useQuery({ queryKey: SESSION_KEY, queryFn: read, staleTime: 60_000 });
}

/** Whether the one who is signed in may do what needs this role. */
export function useMay(role: Role): boolean {
  const { data } = useSession();
  return data ? RANK[data.role] >= RANK[role] : false;
}

/** The session itself stays in the cache, since the page watches it. */
function forgetAllElse(): void {
  queryClient.removeQueries({ predicate: ({ queryKey: [first] }) => first !== SESSION_KEY[0] });
}

export type Credentials = { email: string; password: string } | { apiKey: string };

/** @throws Problem unauthorized, or rate_limited */
export async function signIn(credentials: Credentials): Promise<void> {
  const session = await request<Session>('POST', PATH, credentials).catch((error: unknown) => {
    const isKeyRefused = 'apiKey' in credentials && error instanceof Problem && error.status === 401;
    // The server's own words are about the header that programs send.
    throw isKeyRefused
      ? new Problem(401, 'This API key is not known, or it was revoked.', error.code)
      : error;
  });
  forgetAllElse();
  queryClient.setQueryData(SESSION_KEY, session);
}

/** Ends the session here and on the server, and forgets what was read with it. */
export async function signOut(): Promise<void> {
  await request('DELETE', PATH);
  forgetAllElse();
  queryClient.setQueryData(SESSION_KEY, null);
}
