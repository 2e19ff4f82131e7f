import { setTimeout as wait } from 'node:timers/promises';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../support/cli-error.js';
import { answer, apiOf, at, type Api } from '../support/client.js';

const PATIENCE_MS = 60_000;

/** Someone with an API key. */
export class Operator {
  readonly api: Api;

  constructor(url: string, key: string) {
    this.api = apiOf(url, key);
  }

  /** Drafts an edition of one article, sends it and waits until it is sent. */
  async sendEdition(digestId: string, articleId: string): Promise<Schemas['Edition']> {
    const body = { articleIds: [articleId] };
    const { id } = await answer(this.api.POST('/digests/{id}/editions', { ...at(digestId), body }));
    await this.api.POST('/editions/{id}/send', at(id));
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
      await wait(100);
      const edition = await answer(this.api.GET('/editions/{id}', at(id)));
      if (edition.status === 'sent') return edition;
      if (['failed', 'paused', 'cancelled'].includes(edition.status)) {
        throw new CliError(`The edition is ${edition.status}: ${edition.statusReason ?? ''}`);
      }
    }
    throw new CliError('The edition was not sent in time.');
  }

  /** The subscriber of an address; undefined: there is none. */
  async subscriber(email: string): Promise<Schemas['Subscriber'] | undefined> {
    const { data } = await answer(this.api.GET('/subscribers', { params: { query: { email } } }));
    return data[0];
  }
}
