import { PublicationService } from '#audience/publication/publication.service.js';
import type { Database } from '#database/database.js';
import { SendingLimits } from '#delivery/limits/sending-limits.js';
import { UseTick } from '#delivery/recovery/use-tick.js';
import { TransportService } from '#delivery/transports/transport.service.js';
import { TransportSource, type TransportSettings } from '#delivery/transports/transport-settings.js';
import { newId } from '#kernel/ids.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { onEachDatabase } from '../support/databases.js';
import type { AcceptedMessage, SmtpScript } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { gate, HOUR, MINUTE, names, PostOffice, type OfficeOptions } from './delivery.harness.js';

const DAY = 24 * HOUR;

onEachDatabase('delivery: limits', (open, kind) => {
  let database: Database;
  let offices: PostOffice[];
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => (offices = []));
  afterEach(async () => {
    for (const office of offices) await office.close();
    await database.db.execute(`DELETE FROM transport`);
  });
  const start = async (options: OfficeOptions = {}) => {
    const office = await PostOffice.open(database, { smtp: null, ...options });
    offices.push(office);
    return office;
  };
  const settingsOf = async (office: PostOffice, id: string) =>
    (await office.get(TransportSource).enabled()).find((one) => one.id === id) as TransportSettings;
  const usedBy = async (office: PostOffice, id: string) => {
    const { usedThisHour, usedToday } = await office.get(TransportService).get(id);
    return { hour: usedThisHour, day: usedToday };
  };
  /** In how many milliseconds the next place of a timetable begins. */
  const nextInMs = async (office: PostOffice, id: string, domain = '') => {
    const [row] = await office.rows<{ ms: number }>(
      `SELECT (extract(epoch FROM next_at - clock_timestamp()) * 1000)::float8 AS ms FROM transport_pace
       WHERE transport_id = '${id}' AND domain = '${domain}'`,
    );
    return row?.ms ?? 0;
  };
  const isAccepted = async (office: PostOffice, editionId: string, count: number) =>
    expect((await office.tally(editionId))['accepted'] ?? 0).toBe(count);

  describe('of a transport', () => {
    const RATE = 25;

    // The embedded database belongs to one process, so there is nobody to share with.
    if (kind === 'postgres') {
      it('keeps so many a second between two workers, and wastes little', async () => {
        const one = await start({ connections: 4 });
        const two = await start({ connections: 4 });
        const { id } = await one.transport({ limits: { perSecond: RATE } });
        const editions = [];
        for (let at = 0; at < 4; at++) editions.push((await one.frozen(names(20, `r${at}-`))).editionId);
        const [a, b, c, d] = editions as [string, string, string, string];
        inStep(one, two);
        const began = Date.now();
        await Promise.all([
          one.deliver(a).then(() => one.deliver(b)),
          two.deliver(c).then(() => two.deliver(d)),
        ]);
        const tookMs = Date.now() - began;
        for (const editionId of editions) await isAccepted(one, editionId, 20);
        // Two workers follow one another in the timetable: where one ends and the other begins they may be out of
        // step by what claiming takes. Unlimited, all 80 would be there within a second.
        expect(mostInASecond(one.peer.accepted)).toBeLessThanOrEqual(RATE * 1.2 + 1);
        expect(tookMs).toBeLessThan(80 * (1000 / RATE) * 1.5);
        expect(await usedBy(one, id)).toEqual({ hour: 80, day: 80 });
      });
    }

    it('takes no more places than there are rows due, and gives back those it did not use', async () => {
      const office = await start();
      const { id } = await office.transport({ limits: { perSecond: 2 } });
      const { editionId } = await office.frozen(['only']);
      await office.deliver(editionId);
      await isAccepted(office, editionId, 1);
      expect(await nextInMs(office, id)).toBeLessThanOrEqual(500);
      await office.deliver(editionId); // nothing is due any more
      expect(await nextInMs(office, id)).toBeLessThanOrEqual(500);

      const limits = office.get(SendingLimits);
      const settings = await settingsOf(office, id);
      const places = await limits.allowance(settings, 8);
      expect(places.granted).toBeGreaterThanOrEqual(7);
      expect(await nextInMs(office, id)).toBeGreaterThan(2_000);
      await limits.settle(settings, places, 1);
      expect(await nextInMs(office, id)).toBeLessThanOrEqual(1_100);
      expect(await usedBy(office, id)).toEqual({ hour: 2, day: 2 });
    });

    it('gives back none that somebody has places after', async () => {
      const office = await start();
      const { id } = await office.transport({ limits: { perSecond: 2 } });
      const limits = office.get(SendingLimits);
      const settings = await settingsOf(office, id);
      const first = await limits.allowance(settings, 3);
      const second = await limits.allowance(settings, 3);
      expect(second.firstInMs).toBeGreaterThan(1_000);
      await limits.settle(settings, first, 0);
      expect(await nextInMs(office, id)).toBeGreaterThan(2_000);
    });

    it('stops at so many an hour without counting a try, and goes on when the hour is over', async () => {
      const office = await start();
      const { id } = await office.transport({ limits: { perHour: 5 } });
      const { editionId } = await office.frozen(names(12));
      await office.deliver(editionId);
      await isAccepted(office, editionId, 5);
      expect(await office.tries(editionId)).toBe(5); // the accepted ones
      expect(await usedBy(office, id)).toEqual({ hour: 5, day: 5 });
      await office.deliver(editionId);
      await isAccepted(office, editionId, 5);
      office.clock.advance(HOUR);
      await office.deliver(editionId);
      await isAccepted(office, editionId, 10);
      expect(await usedBy(office, id)).toEqual({ hour: 5, day: 10 });
      office.clock.advance(HOUR);
      await office.deliver(editionId);
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
      expect(await usedBy(office, id)).toEqual({ hour: 2, day: 12 });
      expect(await office.tries(editionId)).toBe(12);
    });

    it('stops at so many a day until midnight', async () => {
      const office = await start();
      const { id } = await office.transport({ limits: { perDay: 3, perHour: 2 } });
      const { editionId } = await office.frozen(names(5));
      for (const [after, accepted] of [
        [0, 2],
        [HOUR, 3],
        [HOUR, 3],
        [14 * HOUR, 5],
      ] as const) {
        office.clock.advance(after);
        await office.deliver(editionId);
        await isAccepted(office, editionId, accepted);
      }
      expect(await usedBy(office, id)).toEqual({ hour: 2, day: 2 });
      expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    });

    it('gives back what was not used to the hour it was taken from', async () => {
      const office = await start();
      const { id } = await office.transport({ limits: { perHour: 10 } });
      const limits = office.get(SendingLimits);
      const settings = await settingsOf(office, id);
      const before = await limits.allowance(settings, 10);
      office.clock.advance(HOUR);
      const after = await limits.allowance(settings, 10);
      expect([before.granted, after.granted]).toEqual([10, 10]);
      await limits.settle(settings, before, 1);
      expect(await usedBy(office, id)).toEqual({ hour: 10, day: 11 });
      expect((await limits.allowance(settings, 10)).granted).toBe(0);
    });

    it('keeps its counts for a month', async () => {
      const office = await start();
      await office.transport();
      const { editionId } = await office.frozen(['counted']);
      await office.deliver(editionId);
      const kept = () => office.rows('SELECT 1 FROM transport_use');
      office.clock.advance(30 * DAY);
      await office.get(UseTick).run();
      expect(await kept()).toHaveLength(2);
      office.clock.advance(2 * DAY);
      await office.get(UseTick).run();
      expect(await kept()).toEqual([]);
    });

    it('warms up: nothing before the first day, then more each day, up to the ceiling', async () => {
      const office = await start();
      const startedOn = new Date(office.clock.now().getTime() + DAY).toISOString().slice(0, 10);
      const warmUp = { startPerDay: 2, growthPercent: 100, ceilingPerDay: 5, startedOn };
      const { id } = await office.transport({ warmUp });
      const { editionId } = await office.frozen(names(18));
      for (const accepted of [0, 2, 6, 11, 16, 18]) {
        await office.deliver(editionId);
        await isAccepted(office, editionId, accepted);
        await office.tick(); // those that were never tried do not expire
        office.clock.advance(DAY);
      }
      expect(await office.tries(editionId)).toBe(18);
      expect(await usedBy(office, id)).toEqual({ hour: 0, day: 0 });
    });

    it('counts single mails, which wait until the limit opens and then go', async () => {
      const office = await start();
      const { id } = await office.transport({ limits: { perDay: 1 } });
      const { id: publicationId } = await office.get(PublicationService).current();
      const mails: string[] = [];
      for (const name of ['first', 'second']) {
        const subscriberId = await office.reader(name, undefined, { status: 'pending' });
        mails.push(
          await database.transaction((tx) =>
            office.get(Outbox).write(tx, { publicationId, kind: 'confirmation', subscriberId }),
          ),
        );
      }
      for (const mail of mails) await office.sendMail(mail);
      expect(await office.mail(mails[0]!)).toMatchObject({ status: 'accepted' });
      expect(await usedBy(office, id)).toEqual({ hour: 1, day: 1 });
      const waiting = await office.mail(mails[1]!);
      expect(waiting).toMatchObject({ status: 'queued', attempts: 0 });
      // Not until midnight: an operator may raise the limit before.
      expect(waiting.dueAt.getTime() - office.clock.now().getTime()).toBeLessThanOrEqual(10 * MINUTE);

      office.clock.set(new Date(`${office.clock.now().toISOString().slice(0, 10)}T23:57:00Z`));
      await office.sendMail(mails[1]!);
      const { dueAt } = await office.mail(mails[1]!);
      expect(dueAt.toISOString()).toMatch(/T00:00:00.000Z$/); // the first to be there when it opens
      office.clock.set(dueAt);
      await office.sendMail(mails[1]!);
      expect(await office.mail(mails[1]!)).toMatchObject({ status: 'accepted', attempts: 1 });
    });
  });

  describe('of a recipient domain', () => {
    /** Tells how many messages to a domain were on their way at one time, and holds those until the gate opens. */
    function counted(domain: string, opened: Promise<undefined>) {
      const count = { now: 0, most: 0 };
      const script: SmtpScript = async ({ command, to }) => {
        if (!to.endsWith(`@${domain}`)) return undefined;
        if (command === 'RCPT') count.most = Math.max(count.most, (count.now += 1));
        if (command === 'DOT') {
          await opened;
          count.now -= 1;
        }
        return undefined;
      };
      return { count, script };
    }

    it('lets two workers together have so many on their way there, and holds up no other', async () => {
      const one = await start();
      const two = await start();
      const slow = `slow.${one.domain}`;
      await one.transport({ domainRules: [{ domains: [slow], connections: 2 }] });
      const { opened, open: release } = gate();
      const { count, script } = counted(slow, opened);
      one.peer.script = script;
      const first = await one.frozen([...names(6, 'a', slow), ...names(6, 'b')]);
      const second = await one.frozen([...names(6, 'c', slow), ...names(6, 'd')]);
      inStep(one, two);
      const both = Promise.all([one.deliver(first.editionId), two.deliver(second.editionId)]);
      const others = () => one.peer.accepted.filter(({ to }) => !to[0]!.endsWith(slow)).length;
      try {
        await eventually(() => others() === 12 && count.now === 2);
      } finally {
        release();
        await both;
      }
      for (const [office, { editionId }] of [
        [one, first],
        [two, second],
      ] as const) {
        office.clock.advance(MINUTE);
        await office.deliver(editionId);
        expect(await office.tally(editionId)).toEqual({ accepted: 12 });
        expect(await office.tries(editionId)).toBe(12); // to be put off is no try
      }
      expect(count.most).toBe(2);
      expect(await one.rows('SELECT 1 FROM domain_slot')).toEqual([]);
    });

    if (kind === 'postgres') {
      it('keeps its rate between two workers', async () => {
        const one = await start();
        const two = await start();
        const slow = `slow.${one.domain}`;
        await one.transport({ domainRules: [{ domains: [slow], perSecond: 10 }] });
        const first = await one.frozen([...names(10, 'a', slow), ...names(5, 'b')]);
        const second = await one.frozen([...names(10, 'c', slow), ...names(5, 'd')]);
        inStep(one, two);
        await Promise.all([one.deliver(first.editionId), two.deliver(second.editionId)]);
        const to = (isSlow: boolean) =>
          one.peer.accepted.filter((message) => message.to[0]!.endsWith(slow) === isSlow);
        expect(to(true)).toHaveLength(20);
        expect(mostInASecond(to(true))).toBeLessThanOrEqual(10 * 1.2 + 1);
        const lastOther = Math.max(...to(false).map(({ at }) => at.getTime()));
        expect(lastOther).toBeLessThan(Math.max(...to(true).map(({ at }) => at.getTime())) - 500);
      });
    }

    it('takes no place in its timetable while no connection is free for it', async () => {
      const office = await start();
      const slow = `slow.${office.domain}`;
      const { id } = await office.transport({
        limits: { perSecond: 100 },
        domainRules: [{ domains: [slow], connections: 1, perSecond: 1 }],
      });
      const settings = await settingsOf(office, id);
      const taken = { limit: { key: slow, connections: 1, perSecond: 1 }, n: 1 };
      const limits = office.get(SendingLimits);
      const token = newId();
      await limits.domains(settings, [taken], { token, leaseMs: MINUTE }, 4);
      const before = await nextInMs(office, id, slow);
      const { editionId } = await office.frozen(names(40, 'a', slow));
      await office.deliver(editionId);
      expect(await office.tally(editionId)).toEqual({ queued: 40 });
      expect(await office.tries(editionId)).toBe(0);
      expect(await nextInMs(office, id, slow)).toBeLessThanOrEqual(before);
      expect(await nextInMs(office, id)).toBeLessThanOrEqual(100); // nor did the transport's pass by
      await limits.giveBackPermits(token);
    });

    it('frees what a dead worker held when its lease is over', async () => {
      const office = await start();
      const slow = `slow.${office.domain}`;
      const { id } = await office.transport({ domainRules: [{ domains: [slow], connections: 1 }] });
      const settings = await settingsOf(office, id);
      const taken = { limit: { key: slow, connections: 1, perSecond: null }, n: 1 };
      await office.get(SendingLimits).domains(settings, [taken], { token: newId(), leaseMs: 1_500 }, 4);
      const { editionId } = await office.frozen(names(2, 'a', slow));
      await office.deliver(editionId);
      expect(await office.tally(editionId)).toEqual({ queued: 2 });
      await eventually(async () => {
        office.clock.advance(3_000);
        await office.deliver(editionId);
        return (await office.tally(editionId))['accepted'] === 2;
      });
      expect(await office.tries(editionId)).toBe(2);
    });
  });
});

/** Editions of one are due to the other. */
function inStep(one: PostOffice, other: PostOffice): void {
  other.clock.set(one.clock.now());
}

/** The most messages in any window of one second. */
function mostInASecond(messages: readonly AcceptedMessage[]): number {
  const times = messages.map(({ at }) => at.getTime()).sort((a, b) => a - b);
  return Math.max(
    ...times.map((time) => times.filter((other) => other >= time && other < time + 1_000).length),
  );
}
