import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CliError } from './cli-error.js';

interface Problem {
  status?: number;
  detail?: string;
  errors?: { field: string; message: string }[];
}

export interface ApiOptions {
  query?: Record<string, string | number | undefined>;
  json?: unknown;
  body?: NonNullable<RequestInit['body']>;
  contentType?: string;
}

/** Talks to the operator API. */
export class Client {
  private constructor(
    private readonly url: string,
    private readonly key: string,
    readonly asJson: boolean,
  ) {}

  /** From the options of the command line. @throws CliError when there is no key */
  static of(command: Command): Client {
    const { url, apiKey, json } = command.optsWithGlobals<{ url: string; apiKey?: string; json?: boolean }>();
    const key = apiKey ?? process.env['BROADSHEET_API_KEY'] ?? keptKey();
    if (!key) throw new CliError('No API key. Give --api-key, or set BROADSHEET_API_KEY.');
    return new Client(url.replace(/\/+$/, ''), key, json ?? false);
  }

  /** @throws CliError with the server's words when it refuses */
  async call<T>(method: string, path: string, options: ApiOptions = {}): Promise<T> {
    const response = await this.raw(method, path, options);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async raw(
    method: string,
    path: string,
    { query = {}, json, body, contentType }: ApiOptions = {},
  ): Promise<Response> {
    const url = new URL(`${this.url}/api/v1${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const type = json === undefined ? contentType : 'application/json';
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: { Authorization: `Bearer ${this.key}`, ...(type ? { 'Content-Type': type } : {}) },
        ...(json !== undefined ? { body: JSON.stringify(json) } : body ? { body, duplex: 'half' } : {}),
      });
    } catch (error) {
      const cause = (error as Error).cause as Error | undefined;
      throw new CliError(
        `No answer from ${this.url}: ${cause?.message ?? (error as Error).message}. Is the server running? (--url)`,
      );
    }
    if (!response.ok) throw new CliError(await problemText(response));
    return response;
  }
}

function keptKey(): string | undefined {
  try {
    return readFileSync(join(process.env['DATA_DIR'] ?? './data', 'operator-key'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

async function problemText(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const fields = (problem.errors ?? []).map((error) => `\n  ${error.field}: ${error.message}`).join('');
  return `${response.status}: ${problem.detail ?? response.statusText}${fields}`;
}
