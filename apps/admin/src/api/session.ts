import { useQuery } from '@tanstack/react-query';
import { Problem } from './problem';
import { queryClient, SESSION_KEY } from './query-client';
import { OWN_PAGE, send } from './request';
import type { Role } from './types';

/** Who is signed in. The session is for these pages alone, so it is not in the document of the API. */
export interface Session {
  role: Role;
  name: string;
}

const PATH = '/api/session';
const RANK: Record<Role, number> = { viewer: 0, editor: 1, owner: 2 };

async function read(): Promise<Session | null> {
  try {
    return (await (await send(new Request(PATH))).json()) as Session;
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
  const headers = { ...OWN_PAGE, 'Content-Type': 'application/json' };
  const request = new Request(PATH, { method: 'POST', headers, body: JSON.stringify(credentials) });
  const response = await send(request).catch((error: unknown) => {
    const isKeyRefused = 'apiKey' in credentials && error instanceof Problem && error.status === 401;
    // The server's own words are about the header that programs send.
    throw isKeyRefused
      ? new Problem(401, 'This API key is not known, or it was revoked.', error.code)
      : error;
  });
  const session = (await response.json()) as Session;
  forgetAllElse();
  queryClient.setQueryData(SESSION_KEY, session);
}

/** Ends the session here and on the server, and forgets what was read with it. */
export async function signOut(): Promise<void> {
  await send(new Request(PATH, { method: 'DELETE', headers: OWN_PAGE }));
  forgetAllElse();
  queryClient.setQueryData(SESSION_KEY, null);
}
