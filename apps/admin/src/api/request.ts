import createClient from 'openapi-fetch';
import type { ApiPaths } from '#contract/paths.js';
import { wantFresh } from './fresh';
import { Problem, problemOf } from './problem';

/** A change that comes with the session cookie must say that it comes from our own page. */
export const OWN_PAGE = { 'X-Requested-With': 'broadsheet' };

/**
 * Fetches from the server this page came from, with the session cookie.
 * @throws Problem for everything but a 2xx; what aborted it, when it was aborted
 */
export async function send(request: Request): Promise<Response> {
  const spare = request.clone();
  const response = await fetch(request).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    throw new Problem(0, 'The server does not answer. Check that it runs, then try again.', 'unreachable');
  });
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.code === 'fresh_sign_in_required' && (await wantFresh())) return send(spare);
  throw problem;
}

/** The operator API, by its OpenAPI document: what is not in it does not compile. Its calls throw a Problem. */
export const api = createClient<ApiPaths>({
  baseUrl: '/api/v1',
  fetch: send,
  headers: { ...OWN_PAGE, Accept: '*/*' },
});

/** The body of an answer of {@link api}: `answer(api.POST('/articles', { body }))`. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T; // it is there: what is no success was thrown
}

/** The thing that a call is about: `api.POST('/articles/{id}/retract', at(id))`. */
export const at = (id: string) => ({ params: { path: { id } } });
