/** What is wrong with one field of an input. */
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** An answer that is not a success: an RFC 9457 problem document, or none at all (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code: string,
    readonly errors: FieldError[] = [],
  ) {
    super(message);
    this.name = 'Problem';
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * A request to the server this page came from, with the session cookie.
 * @param path from the root: `/api/v1/articles`
 * @returns the parsed JSON, the text of any other type, or undefined when there is none
 * @throws Problem for everything but a 2xx
 */
export async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { 'X-Requested-With': 'broadsheet', Accept: '*/*' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(path, init).catch(() => {
    throw new Problem(0, 'The server does not answer. Check that it runs, then try again.', 'unreachable');
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text || undefined;
  if (response.ok) return parsed as T;
  throw problemOf(response.status, parsed);
}

function problemOf(status: number, body: unknown): Problem {
  const { detail, code, errors } = (typeof body === 'object' && body !== null ? body : {}) as {
    detail?: string;
    code?: string;
    errors?: FieldError[];
  };
  return new Problem(status, detail ?? `The server answered ${status}.`, code ?? 'unknown', errors);
}

const v1 = (path: string) => `/api/v1${path}`;

/** The operator API. */
export const api = {
  get: <T>(path: string) => request<T>('GET', v1(path)),
  post: <T>(path: string, body?: unknown) => request<T>('POST', v1(path), body),
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', v1(path), body),
  delete: (path: string) => request<undefined>('DELETE', v1(path)),
};
