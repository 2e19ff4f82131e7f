import { startApp, type AppProcess } from '../support/app-process.js';
import { startSmtpPeer, type SmtpPeer } from '../support/smtp-peer.js';
import { Scenario, someAddress } from '../e2e/scenario.js';

const READERS = 300;
const CONNECTIONS = 5;
/** The process is killed when the mail server has this many messages, and started again. */
const KILL_AT = [15, 80, 150, 240];

interface Row {
  subscriberId: string;
  status: string;
  inDoubt: boolean;
  messageId: string;
}

describe('the standalone process, killed with -9 in the middle of an edition, again and again', () => {
  let peer: SmtpPeer;
  let app: AppProcess;
  let as: Scenario;

  beforeAll(async () => {
    peer = await startSmtpPeer();
    app = await startApp({ env: { SMTP_URL: peer.url, SMTP_CONNECTIONS: String(CONNECTIONS) } });
    as = new Scenario(app);
  }, 120_000);

  afterAll(() => peer.close());

  it('misses no reader, doubles at most what was on the wire, and marks it', async () => {
    const digest = await as.made('/digests', { name: 'Daily' });
    const csv = ['email', ...Array.from({ length: READERS }, (_, i) => `r${i}@reader.example`)].join('\n');
    await app.fetch('/api/v1/subscribers/import?source=test&terms=accepted', {
      method: 'POST',
      headers: { authorization: `Bearer ${app.apiKey}`, 'content-type': 'text/csv' },
      body: csv,
    });
    const edition = await as.draft(digest.id, [(await as.article()).id]);
    await as.made(`/editions/${edition.id}/send`);
    for (const count of KILL_AT) {
      await peer.received(count);
      await app.restart('SIGKILL');
    }
    const sent = await as.untilSent(edition.id, 120_000);

    const { recipients, ...states } = sent.counts;
    expect(recipients).toBe(READERS);
    expect(Object.values(states).reduce((sum, count) => sum + count)).toBe(READERS);
    expect(states.accepted).toBe(READERS);

    const perReader = peer.acceptedPerRecipient();
    expect(perReader.size).toBe(READERS);
    const rows = await ledger(app, edition.id);
    const doubled = [...perReader].filter(([, count]) => count > 1).map(([address]) => address);
    const surplus = peer.accepted.length - READERS;
    expect(surplus).toBeLessThanOrEqual(KILL_AT.length * CONNECTIONS);
    expect(rows.filter((row) => row.inDoubt).length).toBeLessThanOrEqual(KILL_AT.length * CONNECTIONS);
    for (const address of doubled) {
      const ids = new Set(
        peer.accepted.filter((mail) => mail.to[0] === address).map((mail) => messageIdOf(mail.raw)),
      );
      expect(ids.size).toBe(1);
      expect(rows.find((row) => ids.has(row.messageId))).toMatchObject({ inDoubt: true });
    }
  }, 240_000);

  it('still sends a confirmation whose sign-up was answered just before the kill', async () => {
    const reader = someAddress();
    expect((await as.signUp(reader)).status).toBe(200);
    await app.restart('SIGKILL');
    const before = peer.accepted.length;
    if (!peer.acceptedPerRecipient().has(reader)) await peer.received(before + 1);
    expect(peer.acceptedPerRecipient().get(reader)).toBeGreaterThanOrEqual(1);
    expect(await as.statusOf(reader)).toBe('pending');
  }, 120_000);

  it('goes on after a SIGTERM in the middle of an edition: exit code 0, nobody doubled', async () => {
    const digest = (await as.app.api<{ data: { id: string }[] }>('GET', '/digests')).body.data[0];
    const edition = await as.draft(digest?.id ?? '', [(await as.article({ title: 'The market moves' })).id]);
    const before = peer.accepted.length;
    await as.made(`/editions/${edition.id}/send`);
    await peer.received(before + 20);
    expect((await app.kill('SIGTERM')).code).toBe(0);
    await app.restart();
    const { counts } = await as.untilSent(edition.id, 120_000);
    expect(counts.accepted).toBe(counts.recipients);
    const sent = peer.accepted.slice(before).filter((mail) => mail.raw.includes('The market moves'));
    expect(sent.length).toBe(counts.recipients);
    expect(new Set(sent.map((mail) => mail.to[0])).size).toBe(counts.recipients);
  }, 120_000);
});

async function ledger(app: AppProcess, editionId: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  do {
    const page: { body: { data: Row[]; nextCursor: string | null } } = await app.api(
      'GET',
      `/editions/${editionId}/deliveries?limit=200${cursor ? `&cursor=${cursor}` : ''}`,
    );
    rows.push(...page.body.data);
    cursor = page.body.nextCursor;
  } while (cursor);
  return rows;
}

function messageIdOf(raw: Buffer): string {
  return /^Message-ID:\s*(<[^>]+>)/im.exec(raw.toString())?.[1] ?? '';
}
