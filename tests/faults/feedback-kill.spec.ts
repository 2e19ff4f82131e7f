import { setTimeout as pause } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { startApp, type AppProcess } from '../support/app-process.js';
import { Dovecot } from '../support/dovecot.js';
import { freePort } from '../support/free-port.js';
import { bounceMail } from '../support/returned-mail.js';
import { startSmtpPeer, type SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { dice, LONG, makeEdition, print, send, untilSent } from './faults.harness.js';

const READERS = LONG ? 1_000 : 160;
const KILLS = LONG ? 20 : 4;
/** A server that heard no 250 comes again. */
const COME_AGAIN_MS = 200;
const MOST_PAUSE_MS = 400;

interface Event {
  subscriberId: string;
  kind: string;
  way: string;
}

describe('killed while bounces stream in', () => {
  let peer: SmtpPeer;
  let dovecot: Dovecot;
  let app: AppProcess;
  let smtpPort: number;
  let roll: (below: number) => number;

  beforeAll(async () => {
    roll = dice();
    peer = await startSmtpPeer();
    dovecot = await Dovecot.start();
    smtpPort = await freePort();
    app = await startApp({
      env: {
        SMTP_URL: peer.url,
        BOUNCE_ADDRESS: 'bounces@news.example.org',
        FEEDBACK_SMTP_PORT: String(smtpPort),
        FEEDBACK_IMAP_URL: dovecot.url,
      },
    });
  }, 120_000);
  afterAll(async () => {
    await app.stop();
    await dovecot.stop();
    await peer.close();
  });

  /** Bounces of an edition that all its readers were sent. */
  async function bounces(): Promise<{ editionId: string; mails: { to: string; raw: Buffer }[] }> {
    const before = peer.accepted.length;
    const editionId = await makeEdition(app, READERS);
    await send(app, editionId);
    await untilSent(app, editionId);
    const mails = peer.accepted.slice(before).map(({ from, to: [recipient = ''] }) => ({
      to: from,
      raw: bounceMail({ to: from, recipient, mark: recipient }),
    }));
    expect(mails).toHaveLength(READERS);
    return { editionId, mails };
  }

  async function eventsOf(editionId: string): Promise<Event[]> {
    const found: Event[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `editionId=${editionId}&limit=200${cursor ? `&cursor=${cursor}` : ''}`;
      const page: { body: { data: Event[]; nextCursor: string | null } } = await app.api(
        'GET',
        `/feedback/events?${query}`,
      );
      found.push(...page.body.data);
      cursor = page.body.nextCursor;
    }
    return found;
  }

  async function kill(times: number, until: () => boolean): Promise<number> {
    let kills = 0;
    while (kills < times && !until()) {
      await pause(100 + roll(MOST_PAUSE_MS));
      await app.restart('SIGKILL');
      kills += 1;
    }
    return kills;
  }

  async function settled(editionId: string, way: string, more: object): Promise<void> {
    const events = await eventsOf(editionId);
    const readers = new Set(events.map(({ subscriberId }) => subscriberId));
    print(`killed while bounces come by ${way}`, {
      ...more,
      bounces: READERS,
      events: events.length,
      readers: readers.size,
    });
    expect(events.every((event) => event.kind === 'bounce' && event.way === way)).toBe(true);
    expect([events.length, readers.size]).toEqual([READERS, READERS]);
    const { body } = await app.api<{ counts: Record<string, number> }>('GET', `/editions/${editionId}`);
    expect(body.counts).toMatchObject({ recipients: READERS, accepted: READERS });
  }

  it(
    'the receiver: what was answered is done, what was not comes again, and each counts once',
    async () => {
      const { editionId, mails } = await bounces();
      let answered = 0;
      let again = 0;
      const deliver = async ({ to, raw }: { to: string; raw: Buffer }) => {
        for (;;) {
          const server = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true });
          try {
            await server.sendMail({ envelope: { from: '', to: [to] }, raw });
            answered += 1;
            return;
          } catch {
            again += 1;
            await pause(COME_AGAIN_MS);
          } finally {
            server.close();
          }
        }
      };
      const waiting = [...mails];
      const lane = async () => {
        for (let mail = waiting.shift(); mail; mail = waiting.shift()) await deliver(mail);
      };
      const killing = kill(KILLS, () => answered === READERS);
      await Promise.all([lane(), lane(), lane(), lane()]);
      const kills = await killing;
      await settled(editionId, 'smtp', { kills, 'sent again': again });
      expect(kills).toBeGreaterThan(0);
    },
    LONG ? 900_000 : 180_000,
  );

  it(
    'the mailbox: none stays, none is lost, and each counts once',
    async () => {
      const { editionId, mails } = await bounces();
      const before = await dovecot.count('Handled');
      let isEmpty = false;
      const delivering = dovecot.deliver(mails.map(({ raw }) => raw));
      const killing = kill(KILLS, () => isEmpty);
      await delivering;
      await eventually(async () => (isEmpty = (await dovecot.count('INBOX')) === 0), {
        what: 'an empty inbox',
        timeoutMs: LONG ? 600_000 : 120_000, // it starts anew as often as it is killed
      });
      const kills = await killing;
      await eventually(async () => (await dovecot.count('INBOX')) === 0, {
        what: 'an empty inbox',
        timeoutMs: 60_000,
      });
      expect((await dovecot.count('Handled')) - before).toBe(READERS);
      await settled(editionId, 'imap', { kills });
    },
    LONG ? 900_000 : 240_000,
  );

  it('the mailbox is read again when its server was away, and says so meanwhile', async () => {
    const isWell = async () => {
      const { body } = await app.api<{ data: { name: string; isWell: boolean }[] }>('GET', '/feedback/ways');
      return body.data.find(({ name }) => name === 'imap')?.isWell;
    };
    await eventually(async () => (await isWell()) === true, {
      what: 'a mailbox that is read',
      timeoutMs: 30_000,
    });
    await dovecot.halt();
    await eventually(async () => (await isWell()) === false, {
      what: 'word that it is away',
      timeoutMs: 60_000,
    });
    await dovecot.launch();
    await eventually(async () => (await isWell()) === true, {
      what: 'a mailbox that is read again',
      timeoutMs: 90_000,
    });
  }, 200_000);
});
