import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PublicationService } from '#audience/publication/publication.service.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import type { Database } from '#database/database.js';
import type { OutboxKind } from '#database/schema/index.js';
import { EditionTestService } from '#digest/preview/edition-test.service.js';
import { ClaimJournal } from '#delivery/claims/journal.js';
import { THIS_PROCESS } from '#delivery/claims/process-identity.js';
import { newId } from '#kernel/ids.js';
import { mailMessageId } from '#kernel/message-id.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { onEachDatabase } from '../support/databases.js';
import {
  LEASE_MS,
  gate,
  HOUR,
  messageIdOf,
  MINUTE,
  PostOffice,
  SENDER,
  type OfficeOptions,
} from './delivery.harness.js';

onEachDatabase('delivery: single mails', (open, kind) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  const start = async (options: OfficeOptions = {}) => (office = await PostOffice.open(database, options));
  afterEach(() => office.close());

  /** A mail in the outbox to a reader of its own. */
  async function written(mailKind: OutboxKind = 'confirmation', status: 'pending' | 'active' = 'pending') {
    const subscriberId = await office.reader('reader', undefined, { status, name: 'Ada' });
    const { id: publicationId } = await office.get(PublicationService).current();
    const mailId = await office.database.transaction((tx) =>
      office.get(Outbox).write(tx, { publicationId, kind: mailKind, subscriberId }),
    );
    return { mailId, subscriberId };
  }

  it('sends a mail once, with a Message-ID of its own and a link that works', async () => {
    await start();
    const { mailId } = await written();
    await Promise.all([office.sendMail(mailId), office.sendMail(mailId), office.sendMail(mailId)]);
    expect(await office.mail(mailId)).toMatchObject({
      status: 'accepted',
      attempts: 1,
      inDoubt: false,
      smtpCode: 250,
    });
    expect(office.peer.accepted).toHaveLength(1);
    const { raw, to } = office.peer.accepted[0]!;
    expect(to).toEqual([office.address('reader')]);
    expect(messageIdOf(raw)).toBe(mailMessageId(mailId, SENDER));
    expect(raw.toString().replaceAll('=\r\n', '')).toMatch(/\/confirm\/[\w-]{50,}/);
    expect(office.peer.violations).toEqual([]);
  });

  it.each<OutboxKind>(['welcome', 'unsubscribed', 'already-subscribed', 'preferences-link'])(
    'sends a %s',
    async (mail) => {
      await start();
      const { mailId } = await written(mail, 'active');
      await office.sendMail(mailId);
      expect(await office.mail(mailId)).toMatchObject({ status: 'accepted' });
    },
  );

  it('sends a test of an edition to an address that is no reader', async () => {
    await start();
    const { digestId } = await office.audience([]);
    const editionId = await office.requested(digestId);
    await office.get(EditionTestService).send(editionId, { to: ['colleague@example.org'] }, newId());
    const { payload } = office.queue.jobs.find((job) => job.name === 'mail.send')!;
    await office.sendMail((payload as { mailId: string }).mailId);
    expect(office.peer.accepted[0]!.to).toEqual(['colleague@example.org']);
    expect(office.peer.accepted[0]!.raw.toString()).toMatch(/^Subject: \[Test\]/m);
  });

  it('tries again after growing delays, and gives up when its time is over', async () => {
    await start({ peer: { script: ({ command }) => (command === 'RCPT' ? '450 4.2.0 later' : undefined) } });
    const { mailId } = await written();
    await office.sendMail(mailId);
    const first = await office.mail(mailId);
    expect(first).toMatchObject({ status: 'queued', attempts: 1 });
    expect(office.queue.jobs.at(-1)).toMatchObject({ name: 'mail.send', payload: { mailId } });
    const delay = first.dueAt.getTime() - office.clock.now().getTime();
    expect(office.queue.jobs.at(-1)!.options.delayMs).toBe(delay);
    await office.sendMail(mailId); // not due
    expect(office.peer.steps.filter((step) => step.command === 'RCPT')).toHaveLength(1);
    office.clock.advance(delay);
    await office.sendMail(mailId);
    expect((await office.mail(mailId)).dueAt.getTime() - office.clock.now().getTime()).toBeGreaterThan(
      4 * MINUTE,
    );
    office.clock.advance(23.9 * HOUR);
    await office.sendMail(mailId);
    expect(await office.mail(mailId)).toMatchObject({ status: 'expired', attempts: 3 });
  });

  it('never sends one whose time is over, not even before the tick has said so', async () => {
    await start();
    const { mailId } = await written();
    office.clock.advance(25 * HOUR);
    await office.sendMail(mailId);
    expect(office.peer.accepted).toEqual([]);
    await office.tick();
    expect(await office.mail(mailId)).toMatchObject({ status: 'expired' });
  });

  it.each<[string, string, object]>([
    ['a dead address', '550 5.1.1 no such user', { status: 'failed' }],
    [
      'a refusal of us, which is no fault of the mail',
      '550 5.7.1 not you',
      { status: 'queued', attempts: 1 },
    ],
    ['a broken connection after the dot', 'drop', { status: 'uncertain' }],
  ])('%s', async (_what, answer, expected) => {
    await start({ peer: { script: ({ command }) => (command === 'DOT' ? answer : undefined) } });
    const { mailId } = await written();
    await office.sendMail(mailId);
    expect(await office.mail(mailId)).toMatchObject(expected);
    expect((await office.standing('reader')).suppressed).toBe(0);
  });

  it('waits, uncounted, while nobody listens', async () => {
    await start();
    const { mailId } = await written();
    await office.peer.close();
    await office.sendMail(mailId);
    expect(await office.mail(mailId)).toMatchObject({ status: 'queued', attempts: 0 });
  });

  it.each<[string, (subscriberId: string) => Promise<unknown>]>([
    ['suppressed', () => office.get(SuppressionService).add(office.address('reader'), 'operator')],
    ['erased', (id) => office.get(SubscriberService).erase(id)],
  ])('is not sent to a reader who was %s meanwhile', async (_how, happen) => {
    await start();
    const { mailId, subscriberId } = await written();
    await happen(subscriberId);
    await database.db.execute(`UPDATE outbox_mail SET status = 'queued' WHERE id = '${mailId}'`); // as if it came after
    await office.sendMail(mailId);
    expect(await office.mail(mailId)).toMatchObject({ status: 'suppressed' });
    expect(office.peer.accepted).toEqual([]);
  });

  it('is found by the tick when the queue has lost it, at once at the start and after a while later', async () => {
    await start();
    await office.tick();
    const { mailId } = await written();
    const hinted = () =>
      office.queue.jobs.some((job) => (job.payload as { mailId?: string }).mailId === mailId);
    await office.tick();
    expect(hinted()).toBe(false); // its own job is on the way
    office.clock.advance(MINUTE);
    await office.tick();
    expect(hinted()).toBe(true);
  });

  describe('of a process that died', () => {
    async function claimed(write: (journal: ClaimJournal, mailId: string) => void) {
      const { mailId } = await written();
      const token = newId();
      const owner = {
        ...THIS_PROCESS,
        processId: newId(),
        host: hostname(),
        pid: spawnSync(process.execPath, ['--version']).pid,
      };
      const journal = ClaimJournal.open(
        join(office.dataDir, 'journal'),
        { of: 'mail', id: mailId, token },
        owner,
      );
      await office.get(OutboxRepository).claim(mailId, token, LEASE_MS, office.clock.now());
      write(journal, mailId);
      journal.close('keep');
      return mailId;
    }

    it('goes out again with the same Message-ID, marked, when it was on the wire', async () => {
      await start();
      const mailId = await claimed((journal, id) => journal.begin(id));
      await office.tick();
      expect(await office.mail(mailId)).toMatchObject({ status: 'queued', inDoubt: true });
      expect(office.queue.jobs.at(0)).toMatchObject({ name: 'mail.send', payload: { mailId } });
      await office.sendMail(mailId);
      expect(messageIdOf(office.peer.accepted[0]!.raw)).toBe(mailMessageId(mailId, SENDER));
    });

    it('is put back unmarked when it was not begun', async () => {
      await start();
      const mailId = await claimed(() => undefined);
      await office.recover();
      expect(await office.mail(mailId)).toMatchObject({ status: 'queued', inDoubt: false, attempts: 0 });
    });

    it('is not sent again when the server had taken it', async () => {
      await start();
      const mailId = await claimed((journal, id) => {
        journal.begin(id);
        journal.end(id, { status: 'accepted', tried: true, code: 250, reply: '250 ok' });
      });
      await office.recover();
      expect(await office.mail(mailId)).toMatchObject({ status: 'accepted', inDoubt: false });
    });
  });

  it('is taken over when its lease has run out, in doubt; who woke up late commits nothing', async () => {
    await start();
    const held = gate();
    office.peer.script = ({ command, count }) => (command === 'DOT' && count === 1 ? held.opened : undefined);
    const { mailId } = await written();
    const sending = office.sendMail(mailId);
    await office.peer.reached('DOT');
    await office.recover();
    expect(await office.mail(mailId)).toMatchObject({ status: 'claimed' });
    await office.endLeases();
    await office.recover();
    expect(await office.mail(mailId)).toMatchObject({ status: 'queued', inDoubt: true });
    held.open();
    await sending;
    expect(await office.mail(mailId)).toMatchObject({ status: 'queued', inDoubt: true });
  });

  it(`${kind === 'embedded' ? 'takes over every claim' : 'leaves the claims of others alone'} at the start of a process, never its own`, async () => {
    await start();
    const held = gate();
    office.peer.script = ({ command, count }) => (command === 'DOT' && count === 1 ? held.opened : undefined);
    const { mailId } = await written();
    const sending = office.sendMail(mailId);
    await office.peer.reached('DOT');
    // A tick that comes beside the first jobs of a process takes none of their mails away.
    await office.tick();
    expect(await office.mail(mailId)).toMatchObject({ status: 'claimed' });
    const other = await PostOffice.open(database);
    const { status } = await other.mail(mailId);
    await other.close();
    expect(status).toBe(kind === 'embedded' ? 'queued' : 'claimed');
    held.open();
    await sending;
  });

  it('is not begun by a process that was asked to stop', async () => {
    await start();
    const { mailId } = await written();
    office.stopping.abort();
    await office.sendMail(mailId);
    expect(await office.mail(mailId)).toMatchObject({ status: 'queued', attempts: 0 });
    expect(office.peer.accepted).toEqual([]);
  });
});
