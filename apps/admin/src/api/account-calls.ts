import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { queryClient, SESSION_KEY } from './query-client';
import { answer, api, OWN_PAGE, send } from './request';
import { took, type Session } from './session';

/** A call of these pages that is not in the document of the API: there is no session yet. */
export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  const headers = { ...OWN_PAGE, 'Content-Type': 'application/json' };
  const response = await send(new Request(path, { method: 'POST', headers, body: JSON.stringify(body) }));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export async function get<T>(path: string): Promise<T> {
  return (await (await send(new Request(path))).json()) as T;
}

type Asked<Of extends (options: never) => unknown> = Parameters<Of>[0] extends { optionsJSON: infer Options }
  ? Options
  : never;
interface Begun<Options> {
  step: string;
  publicKey: Options;
}

/** Signs in by passkey; of who is signed in it makes the session fresh. */
export async function signInByPasskey(): Promise<void> {
  const { step, publicKey } = await post<Begun<Asked<typeof startAuthentication>>>(
    '/api/session/passkey/options',
  );
  const credential = await startAuthentication({ optionsJSON: publicKey });
  took(await post<Session>('/api/session/passkey', { step, credential }));
}

/** Makes a passkey on this device. */
export async function addPasskey(name: string): Promise<void> {
  const begun = (await answer(api.POST('/account/passkeys/options'))) as unknown as Begun<
    Asked<typeof startRegistration>
  >;
  const credential = await startRegistration({ optionsJSON: begun.publicKey });
  const body = { name, step: begun.step, credential } as never;
  await answer(api.POST('/account/passkeys', { body }));
}

/** Forgets who is signed in: the server has ended it. */
export function forgetSession(): void {
  queryClient.setQueryData(SESSION_KEY, null);
}
