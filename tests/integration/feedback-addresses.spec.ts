import { eq } from 'drizzle-orm';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { Database } from '#database/database.js';
import { consent, feedbackEvent, outboxMail, subscriber, suppression } from '#database/schema/index.js';
import { TransportDkim, type DkimRecord } from '#delivery/transports/transport-dkim.service.js';
import { ActingModule } from '#feedback/acting/acting.module.js';
import { IngestService, type IncomingMail } from '#feedback/acting/ingest.service.js';
import { deliveryMessageId } from '#kernel/message-id.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { onEachDatabase } from '../support/databases.js';
import { dkimVerdicts } from '../support/dkim-verifier.js';
import { bounceMail, complaintMail, holidayNote, leavingMail } from '../support/returned-mail.js';
import { PostOffice, SENDER } from './delivery.harness.js';

const BOUNCES = 'bounces@news.harbour.example';
const RECEIVER = {
  complaintAddress: null,
  smtpPort: 2525,
  smtpHost: '127.0.0.1',
  protocol: 'smtp',
  certificate: null,
  imapUrl: null,
} as const;

/** A header field of a message, unfolded; null: it has none. */
function field(raw: Buffer, name: string): string | null {
  const [header = ''] = raw.toString('latin1').split('\r\n\r\n', 1);
  const found = new RegExp(`^${name}: ((?:.*)(?:\\r\\n[ \\t].*)*)`, 'im').exec(header)?.[1];
  return found?.replace(/\r\n[ \t]/g, ' ') ?? null;
}
const mailtoOf = (raw: Buffer) =>
  /<mailto:([^?>]+)\?subject=unsubscribe>/.exec(field(raw, 'List-Unsubscribe') ?? '')?.[1] ?? null;
const tokenOf = (raw: Buffer) => /\/unsubscribe\/([\w-]+)>/.exec(field(raw, 'List-Unsubscribe') ?? '')![1]!;

onEachDatabase('the addresses of a mail', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => office.close());

  /** @param signing what signs, of a transport of its own; null: nothing of ours */
  async function start(signing: string | null = 'harbour.example', feedback: object = RECEIVER) {
    const config = { bounceAddress: BOUNCES, feedback: feedback as typeof RECEIVER };
    // With a transport of its own, which may sign, no other is wanted.
    office = await PostOffice.open(database, {
      modules: [ActingModule],
      config,
      ...(signing === null ? {} : { smtp: null }),
    });
    if (signing === null) return [];
    const { id } = await office.transport();
    return office.get(TransportDkim).add(id, { domain: signing, algorithm: 'both' });
  }
  async function sent(names: readonly string[]) {
    const made = await office.frozen(names);
    await office.deliver(made.editionId);
    const mails: Record<string, { raw: Buffer; from: string }> = {};
    for (const name of names) {
      mails[name] = office.peer.accepted.findLast(({ to }) => to.includes(office.address(name)))!;
    }
    return { ...made, mails };
  }
  const ingest = (raw: Buffer, more: Partial<IncomingMail> = {}) =>
    office.get(IngestService).ingest({ raw, way: 'smtp', ...more });
  const reader = async (id: string) => {
    const [row] = await database.db.select().from(subscriber).where(eq(subscriber.id, id));
    return row!;
  };
  /** What a reader's leaving left behind. */
  async function trace(id: string) {
    const { status, unsubscribedAt } = await reader(id);
    const ledger = await database.db.select().from(consent).where(eq(consent.subscriberId, id));
    const events = await database.db.select().from(feedbackEvent).where(eq(feedbackEvent.subscriberId, id));
    const mails = await database.db.select().from(outboxMail).where(eq(outboxMail.subscriberId, id));
    return {
      status,
      unsubscribedAt,
      ledger: ledger.map(({ kind, purposes }) => ({ kind, purposes })),
      events: events.map(({ type, editionId }) => ({ type, editionId })),
      mails: mails.map(({ kind }) => kind),
    };
  }
  const records = (made: readonly DkimRecord[]) =>
    Object.fromEntries(made.map(({ record: { name, value } }) => [name, value]));

  it('both ways to leave, https first, and where to complain: all signed', async () => {
    const made = await start();
    const { mails } = await sent(['anna', 'bert']);
    const { raw } = mails.anna!;
    expect(field(raw, 'List-Unsubscribe')).toMatch(
      /^<https?:\/\/[^>]+>, <mailto:bounces\+u[a-z2-7]{48}@news\.harbour\.example\?subject=unsubscribe>$/,
    );
    const [, token] = /^bounces\+(c[a-z2-7]{48})@news\.harbour\.example; report=arf$/.exec(
      field(raw, 'CFBL-Address')!,
    )!;
    expect(field(raw, 'CFBL-Feedback-ID')).toBe(token);
    expect(mailtoOf(raw)).not.toBe(mailtoOf(mails.bert!.raw));
    const changed = [
      raw,
      Buffer.from(raw.toString('latin1').replace('bounces+u', 'bounces+v'), 'latin1'),
      Buffer.from(raw.toString('latin1').replace('bounces+c', 'bounces+d'), 'latin1'),
      Buffer.from(raw.toString('latin1').replace('CFBL-Feedback-ID: c', 'CFBL-Feedback-ID: d'), 'latin1'),
      Buffer.from(`CFBL-Address: evil@elsewhere.example\r\n${raw.toString('latin1')}`, 'latin1'),
    ];
    const [good, ...bad] = dkimVerdicts(changed, records(made));
    expect(good).toEqual(['good', 'good']);
    expect(bad).toEqual(bad.map(() => ['bad', 'bad']));
  });

  it.each([
    ['nothing of ours signs', null, RECEIVER, true, false],
    ['another domain signs', 'elsewhere.example', RECEIVER, true, false],
    ['only the domain of the address signs', 'news.harbour.example', RECEIVER, true, false],
    ['the domain of From signs', 'harbour.example', RECEIVER, true, true],
    ['nothing is received', 'harbour.example', { ...RECEIVER, smtpPort: null }, false, false],
    [
      'a mailbox is read',
      'harbour.example',
      { ...RECEIVER, smtpPort: null, imapUrl: 'imap://x' },
      true,
      true,
    ],
  ])('are offered where %s', async (_, signing, feedback, leave, complaint) => {
    await start(signing, feedback);
    const { mails } = await sent(['anna']);
    const { raw } = mails.anna!;
    expect([mailtoOf(raw) !== null, field(raw, 'CFBL-Address') !== null]).toEqual([leave, complaint]);
    expect(field(raw, 'CFBL-Feedback-ID') !== null).toBe(complaint);
  });

  it('a mail there leaves what the one-click of the same mail leaves, whoever it is from', async () => {
    await start();
    const { editionId, ids, mails } = await sent(['clicks', 'writes', 'stays']);
    const clicked = await office
      .get(UnsubscribeService)
      .unsubscribe(tokenOf(mails.clicks!.raw), { ip: null, userAgent: null, method: 'one-click' });
    expect(clicked.state).toBe('unsubscribed');
    const to = mailtoOf(mails.writes!.raw)!.toUpperCase();
    const made = await ingest(leavingMail({ to, from: 'other@elsewhere.example' }));
    expect(made).toMatchObject({
      kind: 'unsubscribe',
      results: [{ subscriberId: ids.writes, editionId, action: 'unsubscribed' }],
    });
    expect(await trace(ids.writes!)).toEqual(await trace(ids.clicks!));
    expect((await trace(ids.writes!)).status).toBe('unsubscribed');
    expect((await reader(ids.stays!)).status).toBe('active');
  });

  const letter = (to: string, ...lines: string[]) =>
    Buffer.from([`To: ${to}`, 'Message-ID: <1@x.example>', ...lines, ''].join('\r\n'));
  const ARRIVING: [string, (to: string, recipient: string) => Buffer, boolean, Partial<IncomingMail>][] = [
    ['an empty mail', (to) => letter(to, 'From: a@x.example', ''), true, {}],
    [
      'words of their own',
      (to) => letter(to, 'From: A <a@x.example>', 'Subject: Hallo', '', 'Genug davon, danke.'),
      true,
      {},
    ],
    [
      'what a provider writes for a reader',
      (to) =>
        letter(
          to,
          'From: A <a@x.example>',
          'Subject: unsubscribe',
          '',
          'This message was automatically generated by the mail program.',
        ),
      true,
      {},
    ],
    ['a bounce', (to, recipient) => bounceMail({ to, recipient }), false, {}],
    ['a delay', (to, recipient) => bounceMail({ to, recipient, action: 'delayed' }), false, {}],
    ['a holiday note', (to, from) => holidayNote({ to, from }), false, {}],
    ['one that knows no RFC', (to, from) => holidayNote({ to, from, isMarked: false }), false, {}],
    ['a complaint that names nothing', (to) => complaintMail({ to }), false, {}],
    [
      'a receipt',
      (to) =>
        letter(
          to,
          'From: a@x.example',
          'Subject: Read: Hallo',
          'MIME-Version: 1.0',
          'Content-Type: multipart/report; report-type=disposition-notification; boundary=b',
          '',
          '--b',
          'Content-Type: text/plain',
          '',
          'It was displayed.',
          '--b--',
        ),
      false,
      {},
    ],
    [
      'a machine that marks what it writes',
      (to) =>
        letter(to, 'From: a@x.example', 'Subject: Hallo', 'Auto-Submitted: auto-generated', '', 'Ticket 12.'),
      false,
      {},
    ],
    [
      'a mail server',
      (to) => letter(to, 'From: MAILER-DAEMON@x.example', 'Subject: Hallo', '', 'Words.'),
      false,
      {},
    ],
    [
      'a sender that takes no answer',
      (to) => letter(to, 'From: a@x.example', 'Subject: Hallo', '', 'Words.'),
      false,
      { hasNullSender: true },
    ],
  ];
  it('there, only what a person writes ends anything', async () => {
    await start();
    const nameOf = (at: number) => `r${at}`;
    const { ids, mails } = await sent(ARRIVING.map((_, at) => nameOf(at)));
    const left: Record<string, boolean> = {};
    for (const [at, [what, write, , more]] of ARRIVING.entries()) {
      const name = nameOf(at);
      await ingest(write(mailtoOf(mails[name]!.raw)!, office.address(name)), more);
      left[what] = (await reader(ids[name]!)).status === 'unsubscribed';
    }
    expect(left).toEqual(Object.fromEntries(ARRIVING.map(([what, , leaves]) => [what, leaves])));
  });

  it('known by the envelope alone, in a mail that is to nobody', async () => {
    await start();
    const { ids, mails } = await sent(['anna']);
    const raw = letter('undisclosed-recipients:;', 'From: a@x.example', 'Subject: Hallo', '', 'Enough.');
    await ingest(raw, { deliveredTo: [mailtoOf(mails.anna!.raw)!] });
    expect((await reader(ids.anna!)).status).toBe('unsubscribed');
  });

  it('a complaint by its address or its Feedback-ID alone: ends everything', async () => {
    await start();
    const { editionId, ids, mails } = await sent(['angry', 'furious']);
    const [address] = field(mails.angry!.raw, 'CFBL-Address')!.split(';');
    const byAddress = await ingest(complaintMail({ to: address!.toUpperCase() }));
    const token = field(mails.furious!.raw, 'CFBL-Feedback-ID')!;
    const redacted = complaintMail({ to: 'complaints@harbour.example' })
      .toString('latin1')
      .replace('To: redacted@example.net', `To: redacted@example.net\r\nCFBL-Feedback-ID: ${token}`);
    const byId = await ingest(Buffer.from(redacted, 'latin1'));
    for (const [made, name] of [
      [byAddress, 'angry'],
      [byId, 'furious'],
    ] as const) {
      const result = { subscriberId: ids[name], editionId, action: 'suppressed' };
      expect(made).toMatchObject({ kind: 'complaint', results: [result] });
      expect((await reader(ids[name]!)).status).toBe('complained');
    }
  });

  it('are each good for one thing', async () => {
    await start();
    const { ids, mails } = await sent(['anna']);
    const { raw, from } = mails.anna!;
    const recipient = office.address('anna');
    const leave = mailtoOf(raw)!;
    const [complaint = ''] = field(raw, 'CFBL-Address')!.split(';');
    await ingest(bounceMail({ to: leave, recipient }));
    await ingest(bounceMail({ to: complaint, recipient }));
    await ingest(complaintMail({ to: leave }));
    await ingest(leavingMail({ to: complaint, from: recipient }));
    // Another use's letter before a good token.
    await ingest(leavingMail({ to: complaint.replace('+c', '+u'), from: recipient }));
    await ingest(complaintMail({ to: leave.replace('+u', '+c'), mark: '2' }));
    await ingest(
      leavingMail({ to: leave.replace(/(.)@/, (_, last) => `${last === 'a' ? 'b' : 'a'}@`), from }),
    );
    expect(await trace(ids.anna!)).toMatchObject({ status: 'active', events: [] });
  });

  it('a single mail asks for complaints too, and is of no list', async () => {
    await start();
    const id = await office.reader('new', undefined, { status: 'pending' });
    const { id: publicationId } = await office.get(PublicationService).current();
    const mailId = await database.transaction((tx) =>
      office.get(Outbox).write(tx, { publicationId, kind: 'confirmation', subscriberId: id }),
    );
    await office.sendMail(mailId);
    const { raw } = office.peer.accepted.at(-1)!;
    expect(field(raw, 'List-Unsubscribe')).toBeNull();
    const [address = ''] = field(raw, 'CFBL-Address')!.split(';');
    expect(address).toMatch(/^bounces\+c[a-z2-7]{42}@/);
    await ingest(complaintMail({ to: address }));
    expect((await reader(id)).status).toBe('complained');
    const { addressHmac } = await reader(id);
    const rows = await database.db.select().from(suppression).where(eq(suppression.addressHmac, addressHmac));
    expect(rows).toMatchObject([{ reason: 'complaint' }]);
  });

  it('a bounce that returns them all is still known by the Message-ID', async () => {
    await start();
    const { editionId, ids, mails } = await sent(['gone']);
    const messageId = deliveryMessageId(editionId, ids.gone!, SENDER);
    const to = mailtoOf(mails.gone!.raw)!;
    const made = await ingest(bounceMail({ to, recipient: office.address('gone'), messageId }));
    expect(made).toMatchObject({ kind: 'bounce', results: [{ action: 'suppressed' }] });
    expect((await reader(ids.gone!)).status).toBe('bounced');
  });
});
