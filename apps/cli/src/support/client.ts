import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import createClient from 'openapi-fetch';
import type { ApiPaths, Schemas } from '#contract/paths.js';
import { CliError } from './cli-error.js';

/** Talks to the operator API, by its OpenAPI document: what is not in it does not compile. */
export class Client {
  private constructor(
    readonly api: Api,
    readonly asJson: boolean,
  ) {}

  /** From the options of the command line. @throws CliError when there is no key */
  static of(command: Command): Client {
    const { url, apiKey, json } = command.optsWithGlobals<{ url: string; apiKey?: string; json?: boolean }>();
    const key = apiKey ?? process.env['BROADSHEET_API_KEY'] ?? keptKey();
    if (!key) throw new CliError('No API key. Give --api-key, or set BROADSHEET_API_KEY.');
    const server = url.replace(/\/+$/, '');
    return new Client(apiOf(server, key), json ?? false);
  }
}

export type Api = ReturnType<typeof createClient<ApiPaths>>;

/** The API of a server. Its calls throw a CliError, with the server's words when it refuses. @param url without a slash at its end */
export function apiOf(url: string, key: string): Api {
  return createClient<ApiPaths>({
    baseUrl: `${url}/api/v1`,
    headers: { Authorization: `Bearer ${key}` },
    fetch: (request) => send(request, url),
  });
}

/** The body of an answer: `answer(api.GET('/articles'))`. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T; // it is there: what is no success was thrown
}

/** The thing that a call is about: `api.GET('/articles/{id}', at(id))`. */
export const at = (id: string) => ({ params: { path: { id } } });

async function send(request: Request, server: string): Promise<Response> {
  const response = await fetch(request).catch((error: unknown) => {
    const cause = (error as Error).cause as Error | undefined;
    throw new CliError(
      `No answer from ${server}: ${cause?.message ?? (error as Error).message}. Is the server running? (--url)`,
    );
  });
  if (!response.ok) throw new CliError(await problemText(response));
  return response;
}

function keptKey(): string | undefined {
  try {
    return readFileSync(join(process.env['DATA_DIR'] ?? './data', 'operator-key'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

async function problemText(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Schemas['Problem']>;
  const fields = (problem.errors ?? []).map((error) => `\n  ${error.field}: ${error.message}`).join('');
  return `${response.status}: ${problem.detail ?? response.statusText}${fields}`;
}
