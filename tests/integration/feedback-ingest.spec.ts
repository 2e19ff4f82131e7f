import { and, eq } from 'drizzle-orm';
import { ConsentLedger } from '#audience/consent/consent-ledger.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { SignUpService } from '#audience/reader/sign-up.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { RestsTick } from '#audience/suppression/rests.tick.js';
import type { Database } from '#database/database.js';
import {
  consent,
  delivery,
  feedbackEvent,
  receivedReport,
  returnedItem,
  subscriber,
  suppression,
} from '#database/schema/index.js';
import { ActingModule } from '#feedback/acting/acting.module.js';
import { FeedbackEventsRepository } from '#feedback/acting/feedback-events.repository.js';
import { IngestService } from '#feedback/acting/ingest.service.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { newId } from '#kernel/ids.js';
import { deliveryMessageId } from '#kernel/message-id.js';
import { onEachDatabase } from '../support/databases.js';
import {
  bounceMail,
  complaintMail,
  eximBounce,
  holidayNote,
  leavingMail,
  qmailBounce,
} from '../support/returned-mail.js';
import { HOUR, PostOffice, SENDER } from './delivery.harness.js';

const BOUNCES = 'bounces@news.harbour.example';

onEachDatabase('what comes back', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => office.close());

  async function start(config: Record<string, unknown> = { bounceAddress: BOUNCES }) {
    office = await PostOffice.open(database, { modules: [ActingModule], config });
  }
  /** An edition that these readers have, and the return path of each. */
  async function sent(names: readonly string[]) {
    const made = await office.frozen(names);
    await office.deliver(made.editionId);
    const paths: Record<string, string> = {};
    for (const name of names) {
      const message = office.peer.accepted.findLast(({ to }) => to.includes(office.address(name)));
      paths[name] = message!.from;
    }
    return { ...made, paths };
  }
  const ingest = (raw: Buffer, options = {}) =>
    office.get(IngestService).ingest({ raw, way: 'api' }, options);
  const reader = async (id: string) => {
    const [row] = await database.db.select().from(subscriber).where(eq(subscriber.id, id));
    return row!;
  };
  const suppressionOf = async (id: string) => {
    const { addressHmac } = await reader(id);
    const [row] = await database.db
      .select()
      .from(suppression)
      .where(eq(suppression.addressHmac, addressHmac));
    return row?.reason ?? null;
  };
  const eventsOf = (id: string) =>
    database.db.select().from(feedbackEvent).where(eq(feedbackEvent.subscriberId, id));
  const rowOf = async (editionId: string, subscriberId: string) => {
    const of = and(eq(delivery.editionId, editionId), eq(delivery.subscriberId, subscriberId));
    const [row] = await database.db.select().from(delivery).where(of);
    return row!;
  };

  it('a dead address: suppressed, told beside what was accepted, and the next edition goes without', async () => {
    await start();
    const { editionId, digestId, ids, paths } = await sent(['dead', 'well']);
    expect(paths.dead).toMatch(/^bounces\+[a-z2-7]{52}@news\.harbour\.example$/);
    expect(paths.dead).not.toBe(paths.well);
    const raw = bounceMail({ to: paths.dead!, recipient: office.address('dead') });
    const made = await ingest(raw);
    const result = {
      recipient: office.address('dead'),
      class: 'hard',
      status: '5.1.1',
      subscriberId: ids.dead,
      editionId,
      action: 'suppressed',
    };
    expect(made).toMatchObject({ kind: 'bounce', results: [result] });
    expect(await suppressionOf(ids.dead!)).toBe('hard_bounce');
    expect((await reader(ids.dead!)).status).toBe('bounced');
    expect(await rowOf(editionId, ids.dead!)).toMatchObject({
      status: 'accepted',
      bouncedAt: office.clock.now(),
    });
    expect(await rowOf(editionId, ids.well!)).toMatchObject({ status: 'accepted', bouncedAt: null });

    expect(await ingest(raw)).toEqual(made); // the same mail again
    expect(await eventsOf(ids.dead!)).toHaveLength(1);

    office.clock.advance(HOUR);
    const next = await office.requested(digestId);
    await office.prepare(next);
    await office.deliver(next);
    expect(await office.states(next)).toEqual({ well: 'accepted' });
  });

  it.each([
    ['Exim', eximBounce],
    ['qmail', qmailBounce],
  ])('as %s writes it', async (_, write) => {
    await start();
    const { ids, paths } = await sent(['gone']);
    const made = await ingest(write({ to: paths.gone!, recipient: office.address('gone') }));
    expect(made).toMatchObject({
      kind: 'bounce',
      results: [{ class: 'hard', action: 'suppressed', subscriberId: ids.gone }],
    });
  });

  it('a single mail that comes back', async () => {
    await start();
    const id = await office.reader('new', undefined, { status: 'pending' });
    const { id: publicationId } = await office.get(PublicationService).current();
    const mailId = await database.transaction((tx) =>
      office.get(Outbox).write(tx, { publicationId, kind: 'confirmation', subscriberId: id }),
    );
    await office.sendMail(mailId);
    const { from } = office.peer.accepted.at(-1)!;
    const made = await ingest(bounceMail({ to: from, recipient: office.address('new') }));
    expect(made).toMatchObject({
      results: [{ class: 'hard', action: 'suppressed', subscriberId: id, editionId: null }],
    });
    expect(await suppressionOf(id)).toBe('hard_bounce');
  });

  it('a full mailbox: counted, and after five times in two weeks left alone for two', async () => {
    await start();
    const { digestId, ids } = await office.audience(['full']);
    const full = (mark: string) =>
      ingest(
        bounceMail({
          to: office.peer.accepted.at(-1)!.from,
          recipient: office.address('full'),
          status: '5.2.2',
          said: '552 5.2.2 mailbox full',
          mark,
        }),
      );
    const actions: string[] = [];
    for (const mark of ['1', '2', '3', '4', '5']) {
      const editionId = await office.requested(digestId);
      await office.prepare(editionId);
      await office.deliver(editionId);
      actions.push((await full(mark)).results[0]!.action);
      await full(`${mark} again`); // of the same mail
      office.clock.advance(HOUR);
    }
    expect(actions).toEqual(['counted', 'counted', 'counted', 'counted', 'rested']);
    expect(await suppressionOf(ids.full!)).toBeNull();
    expect((await reader(ids.full!)).status).toBe('active');
    await office.get(RestsTick).run();
    expect((await reader(ids.full!)).restedUntil).not.toBeNull();
    office.clock.advance(15 * 24 * HOUR);
    await office.get(RestsTick).run();
    expect((await reader(ids.full!)).restedUntil).toBeNull();
  });

  it('who rests gets no edition', async () => {
    await start();
    const { digestId, ids } = await office.audience(['tired', 'awake']);
    await database.db
      .update(subscriber)
      .set({ restedUntil: new Date('2030-01-01') })
      .where(eq(subscriber.id, ids.tired!));
    const editionId = await office.requested(digestId);
    await office.prepare(editionId);
    expect(Object.keys(await office.states(editionId))).toEqual(['awake']);
  });

  it('lifting a suppression says why, lets its reader be as before, and begins the count anew', async () => {
    await start({ bounceAddress: BOUNCES, hardBounceLimit: 2 });
    const { digestId, ids } = await office.audience(['back', 'never']);
    const address = office.address('back');
    const { addressHmac, publicationId } = await reader(ids.back!);
    await database.transaction((tx) =>
      office.get(ConsentLedger).append(tx, {
        subscriberId: ids.back!,
        kind: 'confirmed',
        method: 'confirmation-link',
        purposes: ['newsletter'],
        publicationId,
        locale: 'en',
        addressHmac,
        submittedAt: office.clock.now(),
        evidence: { address, ip: null, userAgent: null },
      }),
    );
    const bounceAll = async (mark: string) => {
      const editionId = await office.requested(digestId);
      await office.prepare(editionId);
      await office.deliver(editionId);
      for (const name of ['back', 'never']) {
        const recipient = office.address(name);
        const message = office.peer.accepted.findLast(({ to }) => to.includes(recipient));
        if (message) await ingest(bounceMail({ to: message.from, recipient, mark: `${mark} ${name}` }));
      }
    };
    await bounceAll('1');
    expect((await reader(ids.back!)).status).toBe('active');
    await bounceAll('2');
    const listed = (await office.get(SuppressionService).list({ limit: 200 })).data;
    for (const name of ['back', 'never']) {
      expect((await reader(ids[name]!)).status).toBe('bounced');
      const row = listed.find(({ subscriberId }) => subscriberId === ids[name])!;
      const evidence = await database.db
        .select()
        .from(returnedItem)
        .where(eq(returnedItem.id, row.returnedItemId!));
      expect(evidence).toMatchObject([{ kind: 'bounce', results: [{ subscriberId: ids[name] }] }]);
      await office
        .get(SuppressionService)
        .lift(row.id, { reason: `${office.address(name)} wrote that it works` });
    }
    // Of whom no consent stands, none is mailed again.
    expect([(await reader(ids.back!)).status, (await reader(ids.never!)).status]).toEqual([
      'active',
      'bounced',
    ]);
    const lifted = (await eventsOf(ids.back!)).filter(({ type }) => type === 'lifted');
    expect(lifted.map(({ detail }) => detail)).toEqual([
      { reason: '[address] wrote that it works', suppressedFor: 'hard_bounce' },
    ]);
    office.clock.advance(HOUR);
    await bounceAll('3');
    expect((await reader(ids.back!)).status).toBe('active');
    await bounceAll('4');
    expect((await reader(ids.back!)).status).toBe('bounced');
  });

  it('a refusal of us suppresses nobody', async () => {
    await start();
    const { ids, paths } = await sent(['guarded']);
    const said = '550 5.7.1 our policy: the sender has a poor reputation';
    const made = await ingest(
      bounceMail({ to: paths.guarded!, recipient: office.address('guarded'), status: '5.7.1', said }),
    );
    expect(made).toMatchObject({ results: [{ class: 'blocked', action: 'counted' }] });
    expect([await suppressionOf(ids.guarded!), (await reader(ids.guarded!)).status]).toEqual([
      null,
      'active',
    ]);
    expect(await eventsOf(ids.guarded!)).toMatchObject([
      { type: 'bounce', class: 'blocked', smtpStatus: '5.7.1' },
    ]);
  });

  it('a delay is told, and nothing follows', async () => {
    await start();
    const { ids, paths } = await sent(['slow']);
    const made = await ingest(
      bounceMail({
        to: paths.slow!,
        recipient: office.address('slow'),
        action: 'delayed',
        status: '4.4.1',
        said: '451 4.4.1 no answer from host',
      }),
    );
    expect(made).toMatchObject({ kind: 'delayed', results: [{ action: 'none', subscriberId: ids.slow }] });
    expect(await eventsOf(ids.slow!)).toEqual([]);
  });

  it.each([
    ['the return path', (its: { path: string }) => ({ returnPath: its.path })],
    ['the Message-ID', (its: { messageId: string }) => ({ messageId: its.messageId })],
  ])('a complaint, known by %s: ends everything, with a withdrawal in the ledger', async (_, naming) => {
    await start();
    const { editionId, ids, paths } = await sent(['angry', 'calm']);
    const messageId = deliveryMessageId(editionId, ids.angry!, SENDER);
    const made = await ingest(
      complaintMail({ to: 'complaints@harbour.example', ...naming({ path: paths.angry!, messageId }) }),
    );
    expect(made).toMatchObject({
      kind: 'complaint',
      results: [{ class: null, subscriberId: ids.angry, editionId, action: 'suppressed' }],
    });
    expect((await reader(ids.angry!)).status).toBe('complained');
    expect(await suppressionOf(ids.angry!)).toBe('complaint');
    const ledger = await database.db.select().from(consent).where(eq(consent.subscriberId, ids.angry!));
    expect(ledger).toMatchObject([{ kind: 'withdrawn', method: 'complaint' }]);
    expect(await eventsOf(ids.angry!)).toMatchObject([{ type: 'complaint', editionId }]);
    expect((await reader(ids.calm!)).status).toBe('active');

    const { addressHmac } = await reader(ids.angry!);
    const [row] = await database.db
      .select()
      .from(suppression)
      .where(eq(suppression.addressHmac, addressHmac));
    const lift = () => office.get(SuppressionService).lift(row!.id, { reason: 'They signed up anew.' });
    await expect(lift()).rejects.toMatchObject({ code: 'conflict' });
    office.clock.advance(HOUR);
    await office.get(SignUpService).signUp(
      { email: office.address('angry'), terms: 'accepted' },
      {
        ip: null,
        userAgent: null,
        method: 'form',
        form: 'subscribe',
        sentence: 'I agree.',
      },
    );
    await lift();
    expect(await suppressionOf(ids.angry!)).toBeNull();
  });

  it('without a return path of its own a bounce is known by our Message-ID', async () => {
    await start({});
    const { editionId, ids, paths } = await sent(['old']);
    expect(paths.old).toBe(SENDER);
    const messageId = deliveryMessageId(editionId, ids.old!, SENDER);
    const made = await ingest(bounceMail({ to: SENDER, recipient: office.address('old'), messageId }));
    expect(made).toMatchObject({ results: [{ subscriberId: ids.old, editionId, action: 'suppressed' }] });
  });

  it.each([
    ['no name of ours', () => ({})],
    [
      'a Message-ID of nobody',
      () => ({
        messageId: deliveryMessageId(
          '01890a5d-ac96-774b-bcce-b302099a8057',
          '01890a5d-ac96-774b-bcce-b302099a8058',
          SENDER,
        ),
      }),
    ],
    [
      'a changed token',
      (path: string) => ({ to: path.replace(/\+(.)/, (_, first) => `+${first === 'a' ? 'b' : 'a'}`) }),
    ],
  ])('a forged bounce with %s is only counted', async (_, change) => {
    await start();
    const { ids, paths } = await sent(['victim']);
    const made = await ingest(
      bounceMail({ to: BOUNCES, recipient: office.address('victim'), ...change(paths.victim!) }),
    );
    expect(made).toMatchObject({
      kind: 'bounce',
      results: [{ class: 'hard', subscriberId: ids.victim, editionId: null, action: 'counted' }],
    });
    expect([await suppressionOf(ids.victim!), (await reader(ids.victim!)).status]).toEqual([null, 'active']);
    expect(await eventsOf(ids.victim!)).toEqual([]);
  });

  it('who is no reader is told of, too', async () => {
    await start();
    const made = await ingest(bounceMail({ to: BOUNCES, recipient: 'Nobody@Elsewhere.example' }));
    expect(made.results).toMatchObject([
      { recipient: 'nobody@elsewhere.example', class: 'hard', subscriberId: null, action: 'none' },
    ]);
  });

  it.each([true, false])('a holiday note is no bounce (marked after RFC 3834: %s)', async (isMarked) => {
    await start();
    const { ids, paths } = await sent(['away']);
    const made = await ingest(holidayNote({ to: paths.away!, from: office.address('away'), isMarked }));
    expect(made).toEqual({ kind: 'auto_reply', results: [] });
    expect([await suppressionOf(ids.away!), (await reader(ids.away!)).status]).toEqual([null, 'active']);
  });

  it('a reader who writes is let go', async () => {
    await start();
    const { ids, paths } = await sent(['writer']);
    const made = await ingest(leavingMail({ to: paths.writer!, from: office.address('writer') }));
    expect(made).toMatchObject({
      kind: 'unsubscribe',
      results: [{ action: 'unsubscribed', subscriberId: ids.writer }],
    });
    expect((await reader(ids.writer!)).status).toBe('unsubscribed');
  });

  it('a dry run says what it would do, and does nothing', async () => {
    await start();
    const { ids, paths } = await sent(['dry']);
    const raw = bounceMail({ to: paths.dry!, recipient: office.address('dry') });
    const said = await ingest(raw, { dryRun: true });
    expect(said).toMatchObject({ results: [{ action: 'suppressed' }] });
    expect([await suppressionOf(ids.dry!), (await reader(ids.dry!)).status]).toEqual([null, 'active']);
    expect(await ingest(raw)).toEqual(said);
    expect(await suppressionOf(ids.dry!)).toBe('hard_bounce');
  });

  it('of one who is gone nothing is kept', async () => {
    await start();
    const { ids, paths } = await sent(['erased']);
    await office.get(SubscriberService).erase(ids.erased!);
    const made = await ingest(bounceMail({ to: paths.erased!, recipient: office.address('erased') }));
    expect(made.results).toMatchObject([{ subscriberId: null, action: 'none' }]);
  });

  it('two that come at once do it once', async () => {
    await start();
    const { ids, paths } = await sent(['twice']);
    const raw = bounceMail({ to: paths.twice!, recipient: office.address('twice') });
    const made = await Promise.all([ingest(raw), ingest(raw), ingest(raw)]);
    expect(made.map(({ results }) => results[0]?.action)).toEqual(['suppressed', 'suppressed', 'suppressed']);
    expect(await eventsOf(ids.twice!)).toHaveLength(1);
  });

  it('lists what came back, by kind, class, reader and edition', async () => {
    await start();
    const { editionId, ids, paths } = await sent(['listed', 'away']);
    await ingest(bounceMail({ to: paths.listed!, recipient: office.address('listed') }));
    await ingest(holidayNote({ to: paths.away!, from: office.address('away'), mark: editionId }));
    const { id } = await office.get(PublicationService).current();
    const list = (query: object) => office.get(FeedbackEventsRepository).page(id, { limit: 50, ...query });
    const hard = {
      kind: 'bounce',
      class: 'hard',
      status: '5.1.1',
      subscriberId: ids.listed,
      editionId,
      way: 'api',
    };
    expect(await list({ editionId })).toMatchObject([hard]);
    expect(await list({ subscriberId: ids.listed, kind: 'bounce', class: 'hard' })).toMatchObject([hard]);
    expect(await list({ subscriberId: ids.listed, class: 'soft' })).toEqual([]);
    const [note] = await list({ kind: 'auto_reply', limit: 1 });
    expect(note).toMatchObject({ kind: 'auto_reply', subscriberId: null });
    const both = await list({ limit: 1 });
    expect(both[0]).toMatchObject({ kind: 'auto_reply' });
    expect((await list({ cursor: both[0]!.id, limit: 1 }))[0]).toMatchObject(hard);
  });

  it('keeps a DMARC report, once', async () => {
    await start();
    const xml = `<?xml version="1.0"?><feedback><report_metadata><org_name>Example Org</org_name><email>dmarc@example.net</email><report_id>r-${Date.now()}</report_id><date_range><begin>1798761600</begin><end>1798847999</end></date_range></report_metadata><policy_published><domain>harbour.example</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.9</source_ip><count>12</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>harbour.example</header_from></identifiers></record></feedback>`;
    const mail = (mark: string) =>
      Buffer.from(
        [
          'From: dmarc@example.net',
          'To: complaints@harbour.example',
          'Subject: Report Domain: harbour.example Submitter: example.net Report-ID: <r-1>',
          `Message-ID: <${mark}@example.net>`,
          'MIME-Version: 1.0',
          'Content-Type: text/xml; name="example.net!harbour.example!1798761600!1798847999.xml"',
          'Content-Disposition: attachment; filename="example.net!harbour.example!1798761600!1798847999.xml"',
          'Content-Transfer-Encoding: base64',
          '',
          Buffer.from(xml).toString('base64'),
          '',
        ].join('\r\n'),
      );
    for (const mark of ['1', '2'])
      expect(await ingest(mail(mark))).toEqual({ kind: 'dmarc_report', results: [] });
    const kept = await database.db
      .select()
      .from(receivedReport)
      .where(eq(receivedReport.organisation, 'Example Org'));
    expect(kept).toMatchObject([
      {
        kind: 'dmarc',
        domain: 'harbour.example',
        rows: [{ sourceIp: '192.0.2.9', count: 12, dkim: 'pass', spf: 'fail' }],
      },
    ]);
  });

  it('takes words that no database can hold', async () => {
    await start();
    const { ids, paths } = await sent(['odd']);
    const said = `550 5.1.1 No such user \0 ${'x'.repeat(472)}\u{1f4ec} here`;
    const made = await ingest(bounceMail({ to: paths.odd!, recipient: office.address('odd'), said }));
    expect(made).toMatchObject({ results: [{ class: 'hard', action: 'suppressed', subscriberId: ids.odd }] });
  });

  it('an answer of ours that comes back from somebody else concerns no reader', async () => {
    await start({});
    const { editionId, ids } = await sent(['answered']);
    const id = deliveryMessageId(editionId, ids.answered!, SENDER);
    const raw = bounceMail({
      to: SENDER,
      recipient: 'x@elsewhere.example',
      messageId: '<answer@harbour.example>',
    });
    const made = await ingest(
      Buffer.from(
        raw.toString().replace('Message-ID: <answer@', `References: ${id}\r\nMessage-ID: <answer@`),
      ),
    );
    expect(made).toMatchObject({
      kind: 'bounce',
      results: [{ recipient: 'x@elsewhere.example', action: 'none' }],
    });
    expect(await suppressionOf(ids.answered!)).toBeNull();
  });

  it('comes back before the yes is written', async () => {
    await start();
    const { editionId, ids, paths } = await sent(['quick']);
    const claim = { status: 'claimed', leaseToken: newId(), leaseUntil: office.clock.now() } as const;
    await database.db.update(delivery).set(claim).where(eq(delivery.editionId, editionId));
    await ingest(bounceMail({ to: paths.quick!, recipient: office.address('quick') }));
    expect(await rowOf(editionId, ids.quick!)).toMatchObject({
      status: 'claimed',
      bouncedAt: office.clock.now(),
    });
  });

  it('holds no address in what it notes', async () => {
    await start();
    const { paths } = await sent(['private']);
    await ingest(
      bounceMail({
        to: paths.private!,
        recipient: office.address('private'),
        said: `550 5.1.1 <${office.address('private')}> unknown`,
      }),
    );
    const rows = await database.db.select().from(returnedItem);
    const events = await database.db.select().from(feedbackEvent);
    expect(JSON.stringify([rows, events])).not.toContain('private@');
  });
});
