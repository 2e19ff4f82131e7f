import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../support/cli-error.js';

const PATIENCE_MS = 60_000;

export interface Edition {
  id: string;
  status: string;
  statusReason: string | null;
  counts: { recipients: number; accepted: number };
}

/** Someone with an API key. */
export class Operator {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new CliError(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Drafts an edition of one article, sends it and waits until it is sent. */
  async sendEdition(digestId: string, articleId: string): Promise<Edition> {
    const draft = await this.call<Edition>('POST', `/digests/${digestId}/editions`, {
      articleIds: [articleId],
    });
    await this.call('POST', `/editions/${draft.id}/send`);
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
      await wait(100);
      const edition = await this.call<Edition>('GET', `/editions/${draft.id}`);
      if (edition.status === 'sent') return edition;
      if (['failed', 'paused', 'cancelled'].includes(edition.status)) {
        throw new CliError(`The edition is ${edition.status}: ${edition.statusReason ?? ''}`);
      }
    }
    throw new CliError('The edition was not sent in time.');
  }
}
