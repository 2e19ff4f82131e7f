import type { Database } from '#database/database.js';
import { TransportPool } from '#delivery/routes/transport-pool.js';
import { onEachDatabase } from '../support/databases.js';
import type { SmtpPeer } from '../support/smtp-peer.js';
import { HOUR, MINUTE, names, PostOffice, type OfficeOptions } from './delivery.harness.js';

onEachDatabase('delivery: whoever asks us to wait', (open) => {
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
  const triedAt = (peer: SmtpPeer, domain: string) =>
    peer.steps.filter(({ command, to }) => command === 'RCPT' && to.endsWith(`@${domain}`)).length;
  /** Deferrals in a row, and how long the rest is, of each domain of one transport. */
  const pace = async (office: PostOffice, transportId: string) => {
    const rows = await office.rows<{ domain: string; deferrals: number; until: string | null }>(
      `SELECT domain, deferrals, resting_until AS until FROM transport_pace
       WHERE transport_id = '${transportId}' AND domain <> ''`,
    );
    const now = office.clock.now().getTime();
    return Object.fromEntries(
      rows.map(({ domain, deferrals, until }) => [
        domain,
        { deferrals, restMs: until === null ? 0 : Math.max(new Date(until).getTime() - now, 0) },
      ]),
    );
  };

  it.each(['421 4.7.0 too many connections', '421 too much', '451 4.7.1 slow down'])(
    'leaves a domain alone at once after %s, whichever worker asks',
    async (answer) => {
      const one = await start();
      const two = await start();
      const [bad, good] = [`bad.${one.domain}`, `good.${one.domain}`];
      const { id } = await one.transport({ connections: 1 });
      one.peer.script = ({ command, to }) => (command === 'RCPT' && to.endsWith(bad) ? answer : undefined);
      const first = await one.frozen([...names(6, 'a', bad), ...names(6, 'b', good)]);
      const second = await one.frozen([...names(6, 'c', bad), ...names(6, 'd', good)]);
      two.clock.set(one.clock.now());

      await one.deliver(first.editionId);
      expect(triedAt(one.peer, bad)).toBe(1);
      expect(triedAt(one.peer, good)).toBe(6);
      expect(await one.tally(first.editionId)).toEqual({ accepted: 6, queued: 6 });
      expect(await one.tries(first.editionId)).toBe(7);
      expect(await pace(one, id)).toMatchObject({ [bad]: { deferrals: 1, restMs: 5_000 } });

      await two.deliver(second.editionId);
      expect(triedAt(one.peer, bad)).toBe(1);
      expect(await two.tally(second.editionId)).toEqual({ accepted: 6, queued: 6 });
      expect(await two.tries(second.editionId)).toBe(6);

      // After the rest it is tried with a message or two, and rests for longer.
      for (const office of [one, two]) office.clock.advance(7_000);
      await two.deliver(second.editionId);
      expect(triedAt(one.peer, bad)).toBe(2);
      expect(await pace(two, id)).toMatchObject({ [bad]: { deferrals: 2, restMs: 10_000 } });

      // It takes one: half is forgotten, and all go.
      one.peer.script = undefined;
      for (let round = 0; round < 4; round++) {
        for (const office of [one, two]) office.clock.advance(MINUTE);
        await one.deliver(first.editionId);
        await two.deliver(second.editionId);
        expect((await pace(one, id))[bad]!.deferrals).toBe(0);
      }
      for (const { editionId } of [first, second]) {
        expect(await one.edition(editionId)).toMatchObject({ status: 'sent' });
        expect(await one.tally(editionId)).toEqual({ accepted: 12 });
      }
      expect([...one.peer.acceptedPerRecipient().values()].every((n) => n === 1)).toBe(true);
    },
  );

  it('forgets half of the deferrals each time that a claim finds the domain open', async () => {
    const office = await start();
    const { id } = await office.transport({ connections: 1 });
    const { editionId } = await office.frozen(names(3));
    await office.rows(
      `INSERT INTO transport_pace (transport_id, domain, deferrals, resting_until, updated_at)
       VALUES ('${id}', '${office.domain}', 9, '${office.clock.now().toISOString()}', now())`,
    );
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ accepted: 3 });
    expect((await pace(office, id))[office.domain]!.deferrals).toBe(4);
  });

  it.each(['450', '451', '452'])('leaves a domain alone after three %s in a row', async (code) => {
    const office = await start();
    const [bad, good] = [`bad.${office.domain}`, `good.${office.domain}`];
    await office.transport({ connections: 1 });
    office.peer.script = ({ command, to }) =>
      command === 'RCPT' && to.endsWith(bad) ? `${code} later` : undefined;
    const { editionId } = await office.frozen([...names(8, 'a', bad), ...names(4, 'b', good)]);
    await office.deliver(editionId);
    expect(triedAt(office.peer, bad)).toBe(3);
    expect(await office.tally(editionId)).toEqual({ accepted: 4, queued: 8 });
    expect(await office.tries(editionId)).toBe(7);
  });

  it.each(['452 4.2.2 mailbox full', '450 4.2.0 greylisted', '552 5.2.2 over quota', '450 4.1.8 odd'])(
    'takes %s as said of one reader',
    async (answer) => {
      const office = await start();
      const { id } = await office.transport({ connections: 1 });
      office.peer.script = ({ command }) => (command === 'RCPT' ? answer : undefined);
      const { editionId } = await office.frozen(names(6));
      await office.deliver(editionId);
      expect(triedAt(office.peer, office.domain)).toBe(6);
      expect(await office.tries(editionId)).toBe(6);
      expect(await pace(office, id)).toEqual({});
    },
  );

  it('takes the domains of one provider together', async () => {
    const office = await start();
    const { id } = await office.transport({ connections: 1, domainRules: null });
    office.peer.script = ({ command, to }) =>
      command === 'RCPT' && to.endsWith('@gmail.com') ? '421 4.7.28 rate limited' : undefined;
    const own = office.domain.slice(0, 12);
    const first = await office.frozen([`${own}a@gmail.com`]);
    const second = await office.frozen([`${own}b@googlemail.com`, `${own}c@outlook.com`]);
    await office.deliver(first.editionId);
    expect(await pace(office, id)).toMatchObject({ 'gmail.com': { deferrals: 1 } });
    await office.deliver(second.editionId);
    expect(triedAt(office.peer, 'googlemail.com')).toBe(0);
    expect(triedAt(office.peer, 'outlook.com')).toBe(1);
    office.clock.advance(MINUTE);
    await office.deliver(second.editionId);
    expect(triedAt(office.peer, 'googlemail.com')).toBe(1);
    expect(await office.edition(second.editionId)).toMatchObject({ status: 'sent' });
  });

  it('tries for 72 hours, then gives up', async () => {
    const office = await start();
    await office.transport({ connections: 1 });
    office.peer.script = ({ command }) => (command === 'RCPT' ? '451 4.7.1 not yet' : undefined);
    const { editionId } = await office.frozen(names(2));
    let hours = 0;
    for (; (await office.edition(editionId)).status === 'sending'; hours++) {
      await office.deliver(editionId);
      await office.tick();
      office.clock.advance(HOUR);
      expect(hours).toBeLessThan(80);
    }
    expect(hours).toBeGreaterThan(68); // the last try that comes before the end
    expect(await office.tally(editionId)).toEqual({ expired: 2 });
    for (const row of Object.values(await office.ledger(editionId))) {
      expect(row).toMatchObject({ smtpCode: 451, smtpReply: '451 4.7.1 not yet' });
      expect(row.attempts).toBeGreaterThan(10);
    }
  });

  it('leaves the server alone when it puts off the sender, and counts only what was begun', async () => {
    const office = await start();
    const { id } = await office.transport({ connections: 1 });
    office.peer.script = ({ command }) => (command === 'MAIL' ? '451 4.3.2 not now' : undefined);
    const { editionId } = await office.frozen(names(6));
    await office.deliver(editionId);
    await office.deliver(editionId);
    expect(office.peer.steps.filter(({ command }) => command === 'MAIL')).toHaveLength(1);
    expect(await office.tries(editionId)).toBe(1);
    expect(await office.tally(editionId)).toEqual({ queued: 6 });
    expect(office.get(TransportPool).restMs).toBeGreaterThan(0);
    expect(await pace(office, id)).toEqual({});
  });
});
