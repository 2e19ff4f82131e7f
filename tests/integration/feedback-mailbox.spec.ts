import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eq, like } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { Database } from '#database/database.js';
import { alarm, feedbackEvent, returnedItem, wayIn } from '#database/schema/index.js';
import { IngestService } from '#feedback/acting/ingest.service.js';
import { Watch } from '#feedback/alarms/watch.js';
import { IntakeModule } from '#feedback/intake/intake.module.js';
import { MailboxReader } from '#feedback/intake/mailbox/mailbox-reader.js';
import { ReturnSandbox } from '#feedback/reading/return-sandbox.js';
import { SandboxError } from '#kernel/sandbox/sandbox-error.js';
import { onEachDatabase } from '../support/databases.js';
import { Dovecot, type DovecotOptions } from '../support/dovecot.js';
import { bounceMail } from '../support/returned-mail.js';
import { eventually } from '../support/wait-for.js';
import { MINUTE, PostOffice } from './delivery.harness.js';

const MOST_MS = 30_000;

onEachDatabase('the mailbox', (open) => {
  let database: Database;
  let office: PostOffice;
  let dovecot: Dovecot;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(async () => {
    await office.close();
    await dovecot.stop();
    await database.db.delete(alarm);
  });

  async function start(options: DovecotOptions = {}, done = 'Handled') {
    dovecot = await Dovecot.start(options);
    const feedback = {
      complaintAddress: null,
      smtpPort: null,
      smtpHost: '127.0.0.1',
      protocol: 'smtp',
      certificate: null,
      imapUrl: dovecot.urlWith(done),
    } as const;
    office = await PostOffice.open(database, {
      modules: [IntakeModule],
      config: { bounceAddress: 'bounces@news.harbour.example', feedback },
    });
  }
  async function bounces(names: readonly string[]) {
    const made = await office.frozen(names);
    await office.deliver(made.editionId);
    const mails = names.map((name) => {
      const message = office.peer.accepted.findLast(({ to }) => to.includes(office.address(name)))!;
      return bounceMail({ to: message.from, recipient: office.address(name), mark: office.address(name) });
    });
    return { ids: names.map((name) => made.ids[name]!), mails };
  }
  /** Looks until it is so. */
  const until = (what: string, isSo: () => Promise<boolean>) =>
    eventually(
      async () => {
        office.module.get(MailboxReader, { strict: false }).look();
        return isSo();
      },
      { what, timeoutMs: MOST_MS },
    );
  const eventsOf = async (id: string) =>
    (await database.db.select().from(feedbackEvent).where(eq(feedbackEvent.subscriberId, id))).length;
  const way = async () => (await database.db.select().from(wayIn).where(eq(wayIn.name, 'imap')))[0];
  /** What the alarms' watch finds now. */
  const alarms = async () => {
    const { id, name } = await office.get(PublicationService).current();
    return office.module
      .get(Watch, { strict: false })
      .looks.mailbox_unreachable({ id, name }, office.clock.now());
  };
  const unread = () => database.db.select().from(returnedItem).where(like(returnedItem.key, 'unread:%'));

  it.each<[string, DovecotOptions, done: string, path: string]>([
    ['of Courier', { prefix: 'INBOX.' }, 'Handled', 'INBOX.Handled'],
    ['of Courier, with the prefix', { prefix: 'INBOX.' }, 'INBOX.Handled', 'INBOX.Handled'],
    ['of Courier, one in another', { prefix: 'INBOX.' }, 'Returned/Handled', 'INBOX.Returned.Handled'],
    ['with slashes', { prefix: 'Mail/' }, 'Returned/Handled', 'Mail/Returned/Handled'],
    ['without NAMESPACE', { prefix: 'INBOX.', without: ['NAMESPACE'] }, 'INBOX.Handled', 'INBOX.Handled'],
    ['without MOVE', { without: ['MOVE'] }, 'Handled', 'Handled'],
  ])('is read at a server %s, and found again there', async (_, options, done, path) => {
    await start(options, done);
    for (const name of ['first', 'second']) {
      const { ids, mails } = await bounces([name]);
      await dovecot.deliver(mails);
      await until('an empty inbox', async () => (await dovecot.count('INBOX')) === 0);
      expect(await eventsOf(ids[0]!)).toBe(1);
      await dovecot.halt(); // so that the folder is looked for again
      await dovecot.launch();
    }
    expect(await dovecot.count(path)).toBe(2);
  });

  it.each([
    ['neither MOVE nor UIDPLUS', ['MOVE', 'UIDPLUS'], 3],
    ['UIDPLUS alone', ['MOVE'], 1],
    ['both', [], 1],
  ])('what others have marked as deleted stays at a server with %s', async (_, without, left) => {
    await start({ without });
    const { ids, mails } = await bounces(['a', 'b']);
    const client = await dovecot.client();
    await client.append('INBOX', Buffer.from('Subject: of somebody else\r\n\r\nx\r\n'), ['\\Deleted']);
    await dovecot.deliver(mails);
    await until('what was read', async () => (await dovecot.count('Handled')) === 2);
    await until('what was marked', async () => {
      await client.mailboxOpen('INBOX');
      const alive = await client.search({ deleted: false });
      return Array.isArray(alive) && alive.length === 0;
    });
    const subjects: string[] = [];
    for await (const { envelope } of client.fetch('1:*', { envelope: true })) {
      subjects.push(envelope?.subject ?? '');
    }
    await client.logout();
    expect(subjects).toHaveLength(left);
    expect(subjects).toContain('of somebody else');
    expect([await eventsOf(ids[0]!), await eventsOf(ids[1]!)]).toEqual([1, 1]);
    office.module.get(MailboxReader, { strict: false }).look();
    expect(await dovecot.count('Handled')).toBe(2); // nothing is copied again
  });

  it('one that ends what reads it keeps no other waiting, is put aside, told of, and can be tried again', async () => {
    await start();
    const { sandbox } = office.module.get(ReturnSandbox, { strict: false });
    const original = sandbox.run.bind(sandbox);
    let isDeadly = true;
    let deaths = 0;
    sandbox.run = (task, input, limitMs) => {
      const isBad =
        isDeadly &&
        task === 'read' &&
        (input as Uint8Array[]).some((raw) => Buffer.from(raw).includes('deadly'));
      if (!isBad) return original(task, input, limitMs);
      deaths += 1;
      return Promise.reject(new SandboxError(task, 'died'));
    };
    const { ids, mails } = await bounces(['x', 'y', 'z']);
    const deadly = Buffer.from(
      mails[1]!.toString('latin1').replace('could not be', 'could deadly not be'),
      'latin1',
    );
    await dovecot.deliver([mails[0]!, deadly, mails[2]!]);
    await until('the others', async () => (await dovecot.count('Handled')) === 2);
    await until('an empty inbox', async () => (await dovecot.count('INBOX')) === 0);
    expect(await dovecot.count('Handled-unread')).toBe(1);
    expect([await eventsOf(ids[0]!), await eventsOf(ids[1]!), await eventsOf(ids[2]!)]).toEqual([1, 0, 1]);
    expect(deaths).toBeLessThanOrEqual(7);
    expect(await unread()).toMatchObject([
      {
        kind: 'other',
        way: 'imap',
        results: [{ action: 'none', reason: expect.stringContaining('Handled-unread') as string }],
      },
    ]);
    expect(await database.db.select().from(alarm)).toMatchObject([
      { cause: 'returned_mail_unread', subject: 'imap', state: 'open', detail: { name: 'Handled-unread' } },
    ]);
    expect(await way()).toMatchObject({ isWell: true });

    isDeadly = false;
    await dovecot.deliver([deadly]);
    await until('the one that was put aside', async () => (await eventsOf(ids[1]!)) === 1);
  });

  describe.each<[string, DovecotOptions, full: () => Promise<void>, free: () => Promise<void>]>([
    [
      'full',
      { without: ['MOVE'], mostMails: 1 },
      () => Promise.resolve(),
      () => dovecot.become({ without: ['MOVE'] }),
    ],
    [
      'not to be written to',
      {},
      () => dovecot.setWritable('Handled', false),
      () => dovecot.setWritable('Handled', true),
    ],
  ])('when the folder for mails that were read is %s', (_, options, full, free) => {
    it('each is read once, that shows, and all are moved when it can be done', async () => {
      await start(options);
      const service = office.module.get(IngestService, { strict: false });
      const original = service.ingestAll.bind(service);
      const taken: number[] = [];
      service.ingestAll = (mails) => {
        taken.push(mails.length);
        return original(mails);
      };
      const warned = () => office.logs.filter((line) => line.includes('Handled')).length;
      const before = await bounces(['before']);
      await dovecot.deliver(before.mails);
      await until('one that was moved', async () => (await dovecot.count('Handled')) === 1);
      await until('all to be well', async () => (await way())?.isWell === true);
      await full();
      const { ids, mails } = await bounces(['k', 'l']);
      await dovecot.deliver(mails);
      await until('a failure', async () => (await way())?.problem?.includes('Handled') === true);
      const since = (await way())!.since;
      office.clock.advance(3 * MINUTE);
      const failures = warned();
      await until('three more of them', () => Promise.resolve(warned() >= failures + 3));
      expect(await way()).toMatchObject({
        isWell: false,
        since,
        problem: expect.stringMatching(/2 mails were dealt with, but can not be moved to Handled/) as string,
      });
      expect(await alarms()).toMatchObject([{ cause: 'mailbox_unreachable', subject: 'imap' }]);
      expect(taken.reduce((sum, n) => sum + n, 0)).toBe(3);
      expect([await eventsOf(ids[0]!), await eventsOf(ids[1]!)]).toEqual([1, 1]);
      expect(await dovecot.count('INBOX')).toBe(2);

      await free();
      await until('an empty inbox', async () => (await dovecot.count('INBOX')) === 0);
      await until('all to be well', async () => (await way())?.isWell === true);
      expect(await dovecot.count('Handled')).toBe(3);
      expect(await alarms()).toEqual([]);
      expect(taken.reduce((sum, n) => sum + n, 0)).toBe(3);
      expect([await eventsOf(ids[0]!), await eventsOf(ids[1]!)]).toEqual([1, 1]);
    }, 60_000);
  });

  it('reads on when its server breaks off between the commit and the move, and nothing counts twice', async () => {
    await start();
    const { ids, mails } = await bounces(['cut']);
    const reader = office.module.get(MailboxReader, { strict: false });
    let cuts = 0;
    const original = office.module.get(ReturnSandbox, { strict: false }).sandbox;
    const run = original.run.bind(original);
    original.run = (task, input, limitMs) =>
      run(task, input, limitMs).finally(async () => {
        if (cuts > 0) return;
        cuts += 1;
        await dovecot.halt();
      });
    await dovecot.deliver(mails);
    reader.look();
    await eventually(() => Promise.resolve(cuts === 1), { what: 'a cut', timeoutMs: MOST_MS });
    await eventually(async () => (await eventsOf(ids[0]!)) === 1, { what: 'the event', timeoutMs: MOST_MS });
    await dovecot.launch();
    await until('an empty inbox', async () => (await dovecot.count('INBOX')) === 0);
    expect([await eventsOf(ids[0]!), await dovecot.count('Handled')]).toEqual([1, 1]);
  });

  it('reads on when all UIDs have become others', async () => {
    await start();
    const first = await bounces(['before']);
    await dovecot.deliver(first.mails);
    await until('an empty inbox', async () => (await dovecot.count('INBOX')) === 0);
    await dovecot.halt();
    for (const file of ['dovecot-uidlist', 'dovecot.index', 'dovecot.index.log', 'dovecot.index.cache'])
      await rm(join(dovecot.folder, 'mail', file), { force: true });
    await dovecot.launch();
    const { ids, mails } = await bounces(['after']);
    await dovecot.deliver(mails);
    await until('an empty inbox', async () => (await dovecot.count('INBOX')) === 0);
    expect([await eventsOf(first.ids[0]!), await eventsOf(ids[0]!)]).toEqual([1, 1]);
    expect(await dovecot.count('Handled')).toBe(2);
  });
});
