import { useQuery } from '@tanstack/react-query';
import { Problem } from './problem';
import { queryClient, SESSION_KEY } from './query-client';
import { OWN_PAGE, send } from './request';
import type { Permission, Role } from './types';

/** Who is signed in. The session is for these pages alone, so it is not in the document of the API. */
export interface Session {
  /** Null: by a key with scopes of its own. */
  role: Role | null;
  name: string;
  /** False: it was opened with an API key, and there is no account. */
  isOperator: boolean;
  permissions: Permission[];
}

const PATH = '/api/session';

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

/** Whether the one who is signed in may do what needs this permission. */
export function useMay(permission: Permission): boolean {
  const { data } = useSession();
  return data?.permissions.includes(permission) ?? false;
}

/** The session itself stays in the cache, since the page watches it. */
function forgetAllElse(): void {
  queryClient.removeQueries({ predicate: ({ queryKey: [first] }) => first !== SESSION_KEY[0] });
}

export type Credentials = { email: string; password: string; code?: string } | { apiKey: string };

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
  took((await response.json()) as Session);
}

/** Somebody has signed in. What was read as somebody else is forgotten. */
export function took(session: Session): void {
  forgetAllElse();
  queryClient.setQueryData(SESSION_KEY, session);
}

/** Ends the session here and on the server, and forgets what was read with it. */
export async function signOut(): Promise<void> {
  await send(new Request(PATH, { method: 'DELETE', headers: OWN_PAGE }));
  forgetAllElse();
  queryClient.setQueryData(SESSION_KEY, null);
}
