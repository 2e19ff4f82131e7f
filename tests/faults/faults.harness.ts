import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from '../support/app-process.js';
import { startSmtpPeer, type SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';

/** `npm run test:faults` does it at length; `npm test` in short. */
export const LONG = process.env.FAULTS === 'long';

/** SMTP connections of a worker, and so the most messages that one kill may leave in doubt. */
export const CONNECTIONS = 5;

/** How long the server takes over a message: as long as a near one does, so that a kill hits an edition half sent. */
const SERVER_THINKS_MS = 15;

/** A server that keeps what it is sent, takes its time, and takes no more than a test lets it. */
export class SlowServer {
  /** How many more messages it answers. */
  private allowance = Infinity;
  private held: (() => void)[] = [];

  private constructor(readonly peer: SmtpPeer) {}

  static async start(): Promise<SlowServer> {
    const server = new SlowServer(await startSmtpPeer());
    server.peer.script = async ({ command }) => {
      if (command !== 'DOT') return undefined;
      await pause(SERVER_THINKS_MS);
      while (server.allowance <= 0) await new Promise<void>((resolve) => server.held.push(resolve));
      server.allowance -= 1;
      return undefined;
    };
    return server;
  }

  /** Answers so many more, those that wait first, and then nobody: what is killed then is killed in mid-edition. */
  allow(messages: number): void {
    this.allowance = messages;
    for (const goOn of this.held.splice(0)) goOn();
  }

  /** Resolves when a message has come whole, and waits for its answer. */
  async holds(): Promise<void> {
    await eventually(() => this.held.length > 0, { what: 'a message that waits for its answer' });
  }

  /** Answers so many more. Resolves when it has. */
  async take(messages: number): Promise<void> {
    const goal = this.peer.accepted.length + messages;
    this.allow(messages);
    await this.peer.received(goal);
  }

  /**
   * Answers so many more at most: senders may have fewer, since they begin nothing once they have no news of their claims.
   * @param withinMs after that it answers no more of them
   * @returns how many it answered
   */
  async takeUpTo(messages: number, withinMs: number): Promise<number> {
    const before = this.peer.accepted.length;
    const end = new AbortController();
    this.allow(messages);
    await Promise.race([
      this.peer.received(before + messages),
      pause(withinMs, undefined, { signal: end.signal }).catch(() => undefined),
    ]);
    end.abort();
    this.allowance = 0;
    return this.peer.accepted.length - before;
  }

  /** Accepts nothing more while the work is done, and then goes on without end. */
  async silentDuring(work: () => Promise<void>): Promise<void> {
    this.allowance = 0;
    try {
      await work();
    } finally {
      this.allow(Infinity);
    }
  }
}

/** Something the test lets go when it wants. */
export function gate(): { opened: Promise<undefined>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<undefined>((resolve) => (open = () => resolve(undefined)));
  return { opened, open: () => open() };
}

/** Random numbers that come again with the same FAULT_SEED. The seed is printed, to repeat a run that failed. */
export function dice(): (below: number) => number {
  let state = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`FAULT_SEED=${state}\n`);
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff; // the C standard's example generator
    return Math.floor((state / 0x80000000) * below);
  };
}

interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

interface Delivery {
  subscriberId: string;
  status: string;
  inDoubt: boolean;
  messageId: string;
  attempts: number;
}

export interface Edition {
  id: string;
  status: string;
  statusReason: string | null;
  counts: Record<string, number> & { recipients: number };
}

async function all<T>(app: AppProcess, path: string): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = `limit=200${cursor ? `&cursor=${cursor}` : ''}`;
    const page: { body: Page<T> } = await app.api<Page<T>>('GET', `${path}?${query}`);
    found.push(...page.body.data);
    cursor = page.body.nextCursor;
  }
  return found;
}

/** Readers of a digest of their own and an edition to them, made through the API; not sent yet. */
export async function makeEdition(
  app: AppProcess,
  readers: number,
  body = 'The harbour master says so.',
): Promise<string> {
  const digest = await app.api<{ id: string }>('POST', '/digests', { name: `Tides ${randomUUID()}` });
  const { id } = digest.body;
  const article = await app.api<{ id: string }>('POST', '/articles', {
    title: 'High water at nine',
    body,
    format: 'text',
  });
  expect(article.status).toBe(201);
  const rows = Array.from({ length: readers }, (_, at) => `reader${at}@d${id}.example,${id}`);
  const imported = await app.fetch('/api/v1/subscribers/import?source=a%20test&terms=accepted', {
    method: 'POST',
    headers: { authorization: `Bearer ${app.apiKey}`, 'content-type': 'text/csv' },
    body: ['email,digests', ...rows].join('\n'),
  });
  expect(await imported.json()).toMatchObject({ imported: readers, errors: [] });
  const edition = await app.api<{ id: string }>('POST', `/digests/${id}/editions`, {
    articleIds: [article.body.id],
  });
  expect(edition.status).toBe(201);
  return edition.body.id;
}

export async function send(app: AppProcess, editionId: string): Promise<void> {
  const { status, body } = await app.api('POST', `/editions/${editionId}/send`);
  if (status >= 300) throw new Error(`the edition was not sent: ${JSON.stringify(body)}`);
}

export async function edition(app: AppProcess, id: string): Promise<Edition> {
  return (await app.api<Edition>('GET', `/editions/${id}`)).body;
}

export async function untilSent(app: AppProcess, id: string, timeoutMs = 60_000): Promise<Edition> {
  return eventually(
    async () => {
      const now = await edition(app, id);
      return now.status === 'sent' ? now : undefined;
    },
    { timeoutMs, everyMs: 100, what: 'the edition being sent' },
  );
}

export function messageIdOf(raw: Buffer): string {
  return /^Message-ID:\s*(<[^>]+>)/im.exec(raw.toString('latin1'))?.[1] ?? '';
}

/** What the server's log and the ledger say, held against each other. */
export interface Reckoning {
  recipients: number;
  /** Messages the server said 2xx to. */
  received: number;
  /** Received beyond the first, over all readers. */
  doubles: number;
  /** Rows marked as on the wire when their process died. */
  inDoubt: number;
  uncertain: number;
  /** Tries beyond the first, over all rows. */
  retries: number;
}

/** States in which the server must have the message. A row in any other may have one only if it was in doubt. */
const TAKEN = ['accepted', 'uncertain'];

/** Holds the server's log against the ledger: I1 and I2. @throws Error naming the first reader whose account is wrong */
export async function reckon(app: AppProcess, peer: SmtpPeer, editionId: string): Promise<Reckoning> {
  const ledger = await all<Delivery>(app, `/editions/${editionId}/deliveries`);
  const readers = await all<{ id: string; email: string }>(app, '/subscribers');
  const emails = new Map(readers.map(({ id, email }) => [id, email]));
  const { counts } = await edition(app, editionId);
  const { recipients, ...states } = counts;
  expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(recipients); // I1
  expect(ledger).toHaveLength(recipients);
  expect(new Set(ledger.map((row) => row.subscriberId)).size).toBe(recipients);

  const received = receivedOf(peer, editionId);
  const sum = { recipients, received: 0, doubles: 0, inDoubt: 0, uncertain: 0, retries: 0 };
  for (const row of ledger) {
    const email = emails.get(row.subscriberId) ?? '';
    const messageIds = received.get(email) ?? [];
    received.delete(email);
    const what = `${email}: ${JSON.stringify(row)} but the server has ${messageIds.length}`;
    if (row.status === 'accepted' && messageIds.length === 0) throw new Error(`lost: ${what}`);
    if (messageIds.length > 1 && !row.inDoubt) throw new Error(`twice and unmarked: ${what}`);
    if (messageIds.length > 0 && !row.inDoubt && !TAKEN.includes(row.status)) {
      throw new Error(`received, and the ledger does not know: ${what}`);
    }
    if (messageIds.some((id) => id !== row.messageId)) throw new Error(`another Message-ID: ${what}`);
    sum.received += messageIds.length;
    sum.doubles += Math.max(messageIds.length - 1, 0);
    if (row.inDoubt) sum.inDoubt += 1;
    if (row.status === 'uncertain') sum.uncertain += 1;
    sum.retries += Math.max(row.attempts - 1, 0);
  }
  if (received.size > 0) throw new Error(`to nobody in the ledger: ${[...received.keys()].join(', ')}`);
  expect(peer.violations).toEqual([]);
  return sum;
}

/** Message-IDs of an edition the server has, by recipient. */
function receivedOf(peer: SmtpPeer, editionId: string): Map<string, string[]> {
  const ours = `<${editionId.replaceAll('-', '')}.`;
  const received = new Map<string, string[]>();
  for (const { to, raw } of peer.accepted) {
    const messageId = messageIdOf(raw);
    if (!messageId.startsWith(ours)) continue;
    for (const one of to) received.set(one, [...(received.get(one) ?? []), messageId]);
  }
  return received;
}

/** Prints what a scenario counted, in one line: `kills 5 · received 603 · doubles 3`. */
export function print(scenario: string, counts: object): void {
  const said = Object.entries(counts).map(([what, count]) => `${what} ${String(count)}`);
  process.stdout.write(`${scenario}: ${said.join(' · ')}\n`);
}
