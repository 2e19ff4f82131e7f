import type { Database } from '#database/database.js';
import { RFC_TIMEOUTS } from '#delivery/smtp/smtp-timeouts.js';
import { makeStore, type TestStore } from '../support/stores.js';
import type { SmtpCommand, SmtpScript } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { MINUTE, PostOffice, type OfficeOptions } from '../integration/delivery.harness.js';
import { gate, LONG, print } from './faults.harness.js';

const READERS = LONG ? 400 : 60;
/** Instead of RFC 5321's minutes. */
const PATIENCE = { greeting: 400, command: 400, data: 400, content: 400, accept: 400 };

describe('an edition and a mail server that misbehaves', () => {
  let store: TestStore;
  let database: Database;
  let office: PostOffice;

  beforeAll(async () => {
    Object.assign(RFC_TIMEOUTS, PATIENCE); // of this file's own copy of the module
    store = await makeStore('postgres');
    database = await store.open();
  });
  afterAll(() => store.remove());
  afterEach(() => office.close());

  const names = (prefix = 'r') => Array.from({ length: READERS }, (_, at) => `${prefix}${at}`);
  const start = async (script: SmtpScript, options: OfficeOptions = {}) => {
    office = await PostOffice.open(database, { connections: 4, ...options });
    office.peer.script = script;
    return office.frozen(names());
  };

  /** Runs the edition to its end. Retries are due by its own clock; a transport rests in real time. */
  async function finish(editionId: string): Promise<void> {
    await eventually(
      async () => {
        await office.deliver(editionId);
        await office.tick();
        office.clock.advance(10 * MINUTE);
        return (await office.edition(editionId)).status === 'sent';
      },
      { timeoutMs: 30_000, everyMs: 200, what: 'the edition being sent' },
    );
  }

  /** Holds what the server has against the ledger (I1, I2), and prints it. */
  async function account(what: string, editionId: string) {
    const { status, counts } = await office.editions.get(editionId);
    const { recipients, ...states } = counts;
    expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(recipients);
    const received = office.peer.acceptedPerRecipient();
    const ledger = Object.entries(await office.ledger(editionId));
    let lost = 0;
    let doubles = 0;
    let unknown = 0;
    for (const [name, row] of ledger) {
      const count = received.get(office.address(name)) ?? 0;
      if (row.status === 'accepted' && count === 0) lost += 1;
      if (count > 1) doubles += 1;
      if (count > 0 && !['accepted', 'uncertain'].includes(row.status)) unknown += 1;
    }
    const { accepted, failed, uncertain } = counts;
    print(what, { recipients, received: received.size, accepted, failed, uncertain, lost, doubles });
    expect({ lost, doubles, unknown, violations: office.peer.violations }).toEqual({
      lost: 0,
      doubles: 0,
      unknown: 0,
      violations: [],
    });
    return { status, counts };
  }

  /** What it does to some, and how many of these are uncertain in the end: those it may have taken without saying so. */
  const moods: [string, SmtpCommand, string, 'all are accepted' | 'some are uncertain'][] = [
    ['stalls at the greeting', 'CONNECT', 'stall', 'all are accepted'],
    ['stalls at MAIL', 'MAIL', 'stall', 'all are accepted'],
    ['stalls after DATA', 'DATA', 'stall', 'all are accepted'],
    ['stalls after the dot', 'DOT', 'stall', 'some are uncertain'],
    ['resets the connection before the content', 'DATA', 'reset', 'all are accepted'],
    ['resets it in the content', 'CONTENT', 'reset', 'some are uncertain'],
    ['resets it after the dot', 'DOT', 'reset', 'some are uncertain'],
    ['takes the message and resets the connection', 'DOT', 'accept-and-reset', 'some are uncertain'],
    ['talks nonsense at the greeting', 'CONNECT', '\0\u0007 {"hello": true}', 'all are accepted'],
    ['talks nonsense at RCPT', 'RCPT', 'well, hello there', 'all are accepted'],
    ['talks nonsense after the dot', 'DOT', 'thanks a lot', 'some are uncertain'],
    ['says 421 at MAIL', 'MAIL', '421 4.3.2 going down', 'all are accepted'],
    ['says 421 at RCPT', 'RCPT', '421 4.7.0 too many', 'all are accepted'],
    ['says 421 after the dot', 'DOT', '421 4.3.2 going down', 'all are accepted'],
    ['says 450 at RCPT to everybody, twice', 'RCPT', '450 4.2.0 greylisted', 'all are accepted'],
    ['says 451 after the dot', 'DOT', '451 4.3.0 try later', 'all are accepted'],
    ['says 452 at MAIL', 'MAIL', '452 4.3.1 no room', 'all are accepted'],
  ];
  it.each(moods)('it %s', async (what, command, answer, end) => {
    const few = command === 'CONNECT' ? 3 : 8;
    const { editionId } = await start((step) => {
      if (step.command !== command) return undefined;
      if (command === 'RCPT' && answer.startsWith('450')) return step.count <= 2 ? answer : undefined;
      return command === 'RCPT' || step.count > few ? firstTime(step, answer) : answer;
    });
    await finish(editionId);
    const { status, counts } = await account(`the server ${what}`, editionId);
    expect(status).toBe('sent');
    expect(counts.failed).toBe(0);
    expect(counts.uncertain > 0).toBe(end === 'some are uncertain');
  });

  /** At RCPT each reader meets it once in their first try, one in eight of them. */
  function firstTime(
    step: { command: string; to: string; count: number },
    answer: string,
  ): string | undefined {
    const number = Number(/^r(\d+)@/.exec(step.to)?.[1] ?? 1);
    return step.command === 'RCPT' && step.count === 1 && number % 8 === 0 ? answer : undefined;
  }

  it('it answers a byte at a time, for ever', async () => {
    const { editionId } = await start(() => undefined);
    office.peer.write = (socket, reply) => {
      const bytes = reply.split('');
      const next = () => {
        if (socket.destroyed) return;
        socket.write(bytes.shift()!);
        if (bytes.length > 0) setTimeout(next, 40);
      };
      next();
    };
    await office.deliver(editionId);
    const slow = (await office.editions.get(editionId)).counts;
    expect(slow.accepted + slow.deferred + slow.queued + slow.uncertain).toBe(READERS); // its timeouts let go of it
    office.peer.write = (socket, reply) => void socket.write(reply);
    await finish(editionId);
    const { status } = await account('the server answers a byte at a time', editionId);
    expect(status).toBe('sent');
  });

  const refusals: [string, SmtpCommand, string, 'hard' | 'failed' | 'deferred' | 'paused'][] = [
    ['no such user', 'RCPT', '550 5.1.1 no such user', 'hard'],
    ['disabled', 'RCPT', '550 5.2.1 disabled', 'hard'],
    ['full', 'RCPT', '552 5.2.2 mailbox full', 'deferred'],
    ['full, without an enhanced code', 'RCPT', '552 mailbox full', 'deferred'],
    ['without an enhanced code', 'RCPT', '550 no such user', 'hard'],
    ['in words that nobody understands', 'RCPT', '550 no', 'failed'],
    ['policy', 'RCPT', '550 5.7.1 not welcome', 'failed'],
    ['policy, after the dot', 'DOT', '554 5.7.1 listed', 'failed'],
    ['the sender', 'MAIL', '553 5.1.8 sender refused', 'paused'],
    ['the content', 'DOT', '554 5.6.0 unreadable', 'failed'],
    ['the password', 'AUTH', '535 5.7.8 wrong', 'paused'],
  ];
  it.each(refusals)('it refuses for good: %s', async (_what, command, answer, becomes) => {
    const auth = command === 'AUTH' ? { peer: { auth: { user: 'me', password: 'secret' } } } : {};
    const { editionId } = await start(
      (step) => (step.command === command && isMet(step, command) ? answer : undefined),
      auth,
    );
    await office.deliver(editionId);
    const { counts } = await office.editions.get(editionId);
    const { status, statusReason } = await office.edition(editionId);
    const bounced = (await office.standing('r0')).suppressed;
    print(`the server refuses (${answer})`, { status, ...counts, suppressed: bounced });
    expect(bounced).toBe(becomes === 'hard' ? 1 : 0);
    if (becomes === 'paused') {
      expect(status).toBe('paused');
      expect(statusReason).toContain(answer.slice(0, 3));
      expect(counts).toMatchObject({ failed: 0, suppressed: 0 });
    } else {
      const other = becomes === 'deferred' ? 'deferred' : 'failed';
      expect(counts).toMatchObject({ accepted: READERS - 1, [other]: 1 });
    }
    if (becomes === 'failed' || becomes === 'hard') expect(status).toBe('sent');
  });

  /** One reader meets a refusal at RCPT, one message one after the dot; everybody one of us. */
  const isMet = (step: { to: string; count: number }, command: SmtpCommand) =>
    command === 'RCPT' || command === 'DOT' ? step.to.startsWith('r0@') : true;

  it('it is silent until everybody has been given up and comes back', async () => {
    const silent = gate();
    const { editionId } = await start(({ command }) => (command === 'CONNECT' ? silent.opened : undefined));
    await office.deliver(editionId);
    const { counts } = await office.editions.get(editionId);
    expect(counts).toMatchObject({ accepted: 0, failed: 0, uncertain: 0 });
    office.peer.script = undefined;
    silent.open();
    await finish(editionId);
    const { status } = await account('the server was silent', editionId);
    expect(status).toBe('sent');
  });
});
