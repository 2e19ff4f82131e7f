import { setTimeout as wait } from 'node:timers/promises';
import { simpleParser, type ParsedMail } from 'mailparser';
import { CliError } from '../support/cli-error.js';

const PATIENCE_MS = 30_000;

export interface ReceivedMail extends ParsedMail {
  /** The message as it arrived. */
  source: string;
  /** Where to look at it. */
  page: string;
}

interface Listed {
  id: string;
  to: string;
  subject: string;
}

/** Someone with a browser and an address. */
export class Reader {
  private readonly seen = new Set<string>();

  constructor(
    private readonly url: string,
    readonly address: string,
    readonly name: string,
  ) {}

  async open(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(new URL(path, this.url), { headers: { Accept: 'text/html' } });
    return { status: response.status, body: await response.text() };
  }

  /** Where the links of a mail that count clicks lead. */
  async targetsOf(mail: ParsedMail): Promise<string[]> {
    const links = [...(mail.html || '').matchAll(/href="https?:\/\/[^"]+(\/l\/[\w-]+)"/g)];
    const paths = [...new Set(links.map(([, path = '']) => path))];
    const answers = paths.map((path) =>
      fetch(new URL(path, this.url), { method: 'HEAD', redirect: 'manual' }),
    );
    return (await Promise.all(answers)).map(({ headers }) => headers.get('location') ?? '');
  }

  /** Sends a form, as the browser does. */
  async submit(
    path: string,
    fields: Record<string, string>,
  ): Promise<{ status: number; body: string; headers: Headers }> {
    const response = await fetch(new URL(path, this.url), {
      method: 'POST',
      headers: { Accept: 'text/html' },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
    return { status: response.status, body: await response.text(), headers: response.headers };
  }

  /** Mails that have come since this was last asked. */
  async newMails(): Promise<ReceivedMail[]> {
    const listed = (await (await fetch(`${this.url}/mailbox/messages`)).json()) as Listed[];
    const fresh = listed.filter((mail) => mail.to === this.address && !this.seen.has(mail.id)).reverse();
    return Promise.all(
      fresh.map(async ({ id }) => {
        this.seen.add(id);
        const source = await (await fetch(`${this.url}/mailbox/messages/${id}.eml`)).text();
        return Object.assign(await simpleParser(source), {
          source,
          page: `${this.url}/mailbox/messages/${id}`,
        });
      }),
    );
  }

  /** Waits for the next mail. @throws CliError when none comes */
  async nextMail(): Promise<ReceivedMail> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
      await wait(100);
      const [mail] = await this.newMails();
      if (mail) return mail;
    }
    throw new CliError(`No mail for ${this.address} within ${PATIENCE_MS / 1000} s.`);
  }
}

/** The first link in a mail's text that goes to a kind of page. */
export function linkIn(mail: ParsedMail, page: 'confirm' | 'unsubscribe' | 'preferences'): string {
  const link = new RegExp(`https?://\\S+/${page}/[A-Za-z0-9_-]+`).exec(mail.text ?? '')?.[0];
  if (!link) throw new CliError(`The mail "${mail.subject ?? ''}" has no ${page} link.`);
  return link;
}
