import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from '../support/app-process.js';
import { startSmtpPeer, type SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';

/** SMTP connections of a worker, and so the most messages that one kill may leave in doubt. */
export const CONNECTIONS = 5;

/** How long the server takes over a message: as long as a near one does, so that a kill hits an edition half sent. */
const SERVER_THINKS_MS = 15;

/** A server that keeps what it is sent, takes its time, and can be made to answer nobody for a while. */
export class SlowServer {
  private held: Promise<undefined> | undefined;

  private constructor(readonly peer: SmtpPeer) {}

  static async start(): Promise<SlowServer> {
    const server = new SlowServer(await startSmtpPeer());
    server.peer.script = async ({ command }) => {
      if (command !== 'DOT') return undefined;
      await pause(SERVER_THINKS_MS);
      return server.held;
    };
    return server;
  }

  /** Accepts nothing more while the work is done, so that what is killed meanwhile is killed in mid-edition. */
  async silentDuring(work: () => Promise<void>): Promise<void> {
    let goOn = (): void => undefined;
    this.held = new Promise((resolve) => (goOn = () => resolve(undefined)));
    try {
      await work();
    } finally {
      this.held = undefined;
      goOn();
    }
  }
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

export interface Delivery {
  subscriberId: string;
  status: string;
  inDoubt: boolean;
  messageId: string;
  attempts: number;
}

interface Edition {
  id: string;
  status: string;
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
export async function makeEdition(app: AppProcess, readers: number): Promise<string> {
  const digest = await app.api<{ id: string }>('POST', '/digests', { name: `Tides ${randomUUID()}` });
  const { id } = digest.body;
  const article = await app.api<{ id: string }>('POST', '/articles', {
    ...{ title: 'High water at nine', body: 'The harbour master says so.', format: 'text' },
  });
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

/** What the server's log says. */
export interface Reckoning {
  accepted: number;
  inDoubt: number;
  doubles: number;
}

/** Holds the server's log against the ledger: I1 and I2. @throws Error naming the first reader whose account is wrong */
export async function reckon(app: AppProcess, peer: SmtpPeer, editionId: string): Promise<Reckoning> {
  const ledger = await all<Delivery>(app, `/editions/${editionId}/deliveries`);
  const readers = await all<{ id: string; email: string }>(app, '/subscribers');
  const emails = new Map(readers.map(({ id, email }) => [id, email]));
  const { counts } = await edition(app, editionId);
  const { recipients, ...states } = counts;
  expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(recipients); // I1
  expect(ledger).toHaveLength(recipients);

  const received = new Map<string, string[]>();
  const ours = `<${editionId.replaceAll('-', '')}.`;
  let accepted = 0;
  for (const { to, raw } of peer.accepted) {
    const messageId = messageIdOf(raw);
    if (!messageId.startsWith(ours)) continue;
    accepted += 1;
    for (const one of to) received.set(one, [...(received.get(one) ?? []), messageId]);
  }
  let doubles = 0;
  for (const row of ledger) {
    const email = emails.get(row.subscriberId) ?? '';
    const messageIds = received.get(email) ?? [];
    const what = `${email}: ${JSON.stringify(row)} but the server has ${messageIds.length}`;
    if (row.status !== 'accepted' || messageIds.length === 0) throw new Error(`lost: ${what}`);
    if (messageIds.length > 1 && !row.inDoubt) throw new Error(`twice and unmarked: ${what}`);
    if (messageIds.some((id) => id !== row.messageId)) throw new Error(`another Message-ID: ${what}`);
    doubles += messageIds.length - 1;
  }
  expect(peer.violations).toEqual([]);
  const inDoubt = ledger.filter((row) => row.inDoubt).length;
  return { accepted, inDoubt, doubles };
}
