import { simpleParser, type ParsedMail } from 'mailparser';
import type { AppProcess } from '../support/app-process.js';
import { eventually } from '../support/wait-for.js';

export interface Edition {
  id: string;
  status: string;
  statusReason: string | null;
  counts: Record<
    | 'recipients'
    | 'queued'
    | 'claimed'
    | 'accepted'
    | 'deferred'
    | 'failed'
    | 'suppressed'
    | 'expired'
    | 'uncertain',
    number
  >;
}

interface Listed {
  id: string;
  to: string;
  from: string;
  subject: string;
  receivedAt: string;
}

let serial = 0;

/** An address nobody else in the run has. */
export function someAddress(): string {
  serial += 1;
  return `reader-${process.pid}-${serial}@reader.example`;
}

/** What a user does with a running app, in few words. */
export class Scenario {
  constructor(readonly app: AppProcess) {}

  async made<T = { id: string }>(path: string, body: unknown = {}): Promise<T> {
    const answer = await this.app.api<T>('POST', path, body);
    if (answer.status >= 300)
      throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  article(overrides: Record<string, unknown> = {}) {
    return this.made<{ id: string; slug: string; pageUrl: string }>('/articles', {
      title: 'The lighthouse has a new keeper',
      body: 'On Monday the lamp was lit by someone new.\n\n“I like the quiet,” she said.',
      format: 'text',
      ...overrides,
    });
  }

  activeReader(email = someAddress(), overrides: Record<string, unknown> = {}) {
    const consent = { source: 'a form at the harbour fair', terms: 'accepted' };
    return this.made('/subscribers', { email, status: 'active', consent, ...overrides });
  }

  async draft(digestId: string, articleIds: string[], overrides: Record<string, unknown> = {}) {
    return this.made<Edition>(`/digests/${digestId}/editions`, { articleIds, ...overrides });
  }

  async edition(id: string): Promise<Edition> {
    return (await this.app.api<Edition>('GET', `/editions/${id}`)).body;
  }

  /** Sends an edition and waits until no row of it is open. */
  async sent(id: string, timeoutMs = 60_000): Promise<Edition> {
    await this.made(`/editions/${id}/send`);
    return this.untilSent(id, timeoutMs);
  }

  untilSent(id: string, timeoutMs = 60_000): Promise<Edition> {
    return eventually(
      async () => {
        const edition = await this.edition(id);
        return edition.status === 'sent' ? edition : undefined;
      },
      { timeoutMs, what: `edition ${id} to be sent` },
    );
  }

  /** Signs up with the site's form. */
  signUp(email: string, fields: Record<string, string> = {}): Promise<Response> {
    const body = new URLSearchParams({ email, terms: 'accepted', ...fields });
    return this.app.fetch('/subscribe', { method: 'POST', body, headers: { accept: 'text/html' } });
  }

  /** With the owner's key: it also shows the mails that make operators. */
  private mailbox(path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${this.app.apiKey}` };
    return this.app.fetch(`/mailbox/${path}`, { headers });
  }

  async mails(to: string): Promise<Listed[]> {
    const listed = (await (await this.mailbox('messages')).json()) as Listed[];
    return listed.filter((mail) => mail.to === to);
  }

  async source(id: string): Promise<string> {
    return (await this.mailbox(`messages/${id}.eml`)).text();
  }

  /** Waits for a mail to an address whose subject matches. */
  async mail(to: string, subject: RegExp): Promise<ParsedMail & { source: string }> {
    const found = await eventually(
      async () => (await this.mails(to)).find((mail) => subject.test(mail.subject)),
      {
        timeoutMs: 30_000,
        what: `a mail to a reader with the subject ${String(subject)}`,
      },
    );
    const source = await this.source(found.id);
    return Object.assign(await simpleParser(source), { source });
  }

  async statusOf(email: string): Promise<string | undefined> {
    const { body } = await this.app.api<{ data: { status: string }[] }>(
      'GET',
      `/subscribers?email=${encodeURIComponent(email)}`,
    );
    return body.data[0]?.status;
  }
}

/** The value of a metric in a scrape, all labels summed. */
export function sumOf(scrape: string, name: string): number {
  return scrape
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** The path of the first link to a kind of page in a mail. */
export function pathIn(mail: ParsedMail, page: 'confirm' | 'preferences' | 'unsubscribe'): string {
  const link = new RegExp(`https?://\\S+?(/${page}/[A-Za-z0-9_-]+)`).exec(mail.text ?? '')?.[1];
  if (!link) throw new Error(`no ${page} link in the mail`);
  return link;
}
