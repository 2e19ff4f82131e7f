import type { AppProcess } from './app-process.js';

const OWN_PAGE = { 'x-requested-with': 'broadsheet' };

/** A browser of an operator as the server sees it: it keeps the session's cookie, and nothing else. */
export class OperatorSession {
  cookie = '';

  constructor(
    private readonly app: AppProcess,
    private readonly userAgent = 'Test browser',
  ) {}

  /** A call to any path, `/api/session` or `/api/v1/articles`. */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) {
    const response = await this.app.fetch(path, {
      method,
      headers: {
        ...OWN_PAGE,
        'user-agent': this.userAgent,
        cookie: this.cookie,
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie().find((one) => one.includes('broadsheet'));
    if (set) this.cookie = set.split(';', 1)[0] ?? '';
    const isEndless = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (isEndless) await response.body?.cancel();
    const text = isEndless ? '' : await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, text, body: (isJson ? JSON.parse(text) : {}) as T & { code?: string } };
  }

  api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) {
    return this.call<T>(method, `/api/v1${path}`, body, headers);
  }

  /** @returns the status, and the code of a problem */
  async signIn(email: string, password: string, code?: string): Promise<[number, string | undefined]> {
    const answer = await this.call('POST', '/api/session', { email, password, ...(code ? { code } : {}) });
    return [answer.status, answer.body.code];
  }
}
