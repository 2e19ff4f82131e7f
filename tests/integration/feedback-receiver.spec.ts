import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { eq } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { delivery, feedbackEvent, wayIn } from '#database/schema/index.js';
import { ReturnPaths } from '#delivery/messages/return-paths.js';
import { IngestService } from '#feedback/acting/ingest.service.js';
import { IntakeModule } from '#feedback/intake/intake.module.js';
import { Receiver } from '#feedback/intake/receiver.js';
import { Talk } from '#feedback/intake/talk.fixture.js';
import { onEachDatabase } from '../support/databases.js';
import { TestAuthority } from '../support/certificates.js';
import { freePort } from '../support/free-port.js';
import { bounceMail } from '../support/returned-mail.js';
import { PostOffice, SENDER } from './delivery.harness.js';

const BOUNCES = 'bounces@news.harbour.example';

onEachDatabase('the receiver', (open) => {
  let database: Database;
  let office: PostOffice;
  let port: number;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => office.close());

  async function start(more: Record<string, unknown> = {}) {
    port = await freePort();
    const feedback = {
      complaintAddress: 'complaints@harbour.example',
      smtpPort: port,
      smtpHost: '127.0.0.1',
      protocol: 'smtp',
      certificate: null,
      imapUrl: null,
      ...more,
    } as const;
    office = await PostOffice.open(database, {
      modules: [IntakeModule],
      config: { bounceAddress: BOUNCES, feedback: feedback },
    });
  }
  /** Speaks line by line. @returns what the server says to each */
  async function dialogue(...commands: string[]): Promise<string[]> {
    const socket: Socket = connect(port, '127.0.0.1').setEncoding('utf8');
    const heard: string[] = [];
    let text = '';
    const next = () =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          const [whole] = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(text) ?? [];
          if (whole === undefined) return;
          text = text.slice(whole.length);
          socket.off('data', take);
          resolve(whole.trim());
        };
        const take = (chunk: string) => {
          text += chunk;
          look();
        };
        socket.on('data', take);
        socket.once('error', reject);
        socket.once('close', () => resolve('closed'));
        look();
      });
    await next();
    for (const command of commands) {
      const answer = next();
      socket.write(`${command}\r\n`);
      heard.push(await answer);
    }
    socket.destroy();
    return heard;
  }
  async function sentTo(name: string) {
    const { ids } = await (async () => {
      const made = await office.frozen([name]);
      await office.deliver(made.editionId);
      return made;
    })();
    return { id: ids[name]!, path: office.peer.accepted.at(-1)!.from };
  }
  const codes = (answers: readonly string[]) => answers.map((answer) => answer.slice(0, 3));

  it('takes mail for its own addresses alone, from whomever', async () => {
    await start();
    const { id, path } = await sentTo('reader');
    const [edition] = await database.db.select().from(delivery).where(eq(delivery.subscriberId, id));
    const { leave, complaint } = office
      .get(ReturnPaths)
      .ofDelivery({ senderEmail: SENDER }, edition!.editionId, id, true);
    const to = (address: string) => dialogue('EHLO x.example', 'MAIL FROM:<>', `RCPT TO:<${address}>`);
    const own = [BOUNCES, path, leave!, complaint!.address];
    for (const address of [...own, ...own.map((its) => its.toUpperCase()), 'complaints@harbour.example']) {
      expect(codes(await to(address))).toEqual(['250', '250', '250']);
    }
    const others = [
      'bounces+x@news.harbour.example',
      leave!.replace('+u', '+v'),
      leave!.replace('@', 'a@'),
      complaint!.address.replace('bounces+', 'complaints+'),
      'news@harbour.example',
      'someone@elsewhere.example',
      'postmaster@elsewhere.example',
    ];
    for (const address of others) expect(codes(await to(address))).toEqual(['250', '250', '550']);
    const [hello = '', auth = '', verify = ''] = await dialogue(
      'EHLO x.example',
      'AUTH PLAIN AGEAYg==',
      'VRFY someone',
    );
    expect(hello).not.toMatch(/AUTH|STARTTLS/);
    expect([auth.slice(0, 1), verify.slice(0, 3)]).toEqual(['5', '252']);
  });

  it('says 250 when all that follows is committed', async () => {
    await start();
    const { id, path } = await sentTo('gone');
    const server = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    const { response } = await server.sendMail({
      envelope: { from: '', to: [path] },
      raw: bounceMail({ to: path, recipient: office.address('gone') }),
    });
    server.close();
    expect(response).toMatch(/^250/);
    const events = await database.db.select().from(feedbackEvent).where(eq(feedbackEvent.subscriberId, id));
    expect(events).toMatchObject([{ type: 'bounce', class: 'hard' }]);
    const [way] = await database.db.select().from(wayIn).where(eq(wayIn.name, 'smtp'));
    expect(way).toMatchObject({ isWell: true, problem: null, lastMessageAt: office.clock.now() });
  });

  it('asks a server to come again while the database takes nothing, and does it then', async () => {
    await start();
    const { id, path } = await sentTo('later');
    const service = office.module.get(IngestService, { strict: false });
    const original = service.ingestAll.bind(service);
    let isAway = true;
    service.ingestAll = (mails) => (isAway ? Promise.reject(new Error('away')) : original(mails));
    const raw = bounceMail({ to: path, recipient: office.address('later') })
      .toString('latin1')
      .replace(/\r\n$/, '');
    const mail = ['EHLO x.example', 'MAIL FROM:<>', `RCPT TO:<${path}>`, 'DATA', `${raw}\r\n.`];
    expect((await dialogue(...mail)).at(-1)).toMatch(/^451/);
    isAway = false;
    expect((await dialogue(...mail)).at(-1)).toMatch(/^250/);
    const events = await database.db.select().from(feedbackEvent).where(eq(feedbackEvent.subscriberId, id));
    expect(events).toHaveLength(1);
  });

  it('speaks LMTP to the server of this machine', async () => {
    await start({ protocol: 'lmtp' });
    const { path } = await sentTo('local');
    const raw = bounceMail({ to: path, recipient: office.address('local') })
      .toString('latin1')
      .replace(/\r\n$/, '');
    const answers = await dialogue(
      'LHLO x.example',
      'MAIL FROM:<>',
      `RCPT TO:<${path}>`,
      'DATA',
      `${raw}\r\n.`,
    );
    expect(codes(answers)).toEqual(['250', '250', '250', '354', '250']);
    expect(codes(await dialogue('EHLO x.example'))).toEqual(['500']);
  });

  it('answers each recipient in LMTP, also one that is named twice', async () => {
    await start({ protocol: 'lmtp' });
    const { path } = await sentTo('twice');
    const to = `RCPT TO:<${path}>`;
    const mail = bounceMail({ to: path, recipient: office.address('twice') }).toString('latin1');
    const talk = await Talk.to(port);
    await talk.hear();
    await talk.say('LHLO x.example', 'MAIL FROM:<>', to, to, `RCPT TO:<${BOUNCES}>`, 'DATA');
    talk.write(`${mail}\r\n.\r\nNOOP\r\n`);
    const heard = [await talk.hear(), await talk.hear(), await talk.hear(), await talk.hear()];
    expect(codes(heard)).toEqual(['250', '250', '250', '250']);
    expect(heard.slice(0, 3)).toEqual(Array(3).fill('250 2.0.0 taken'));
    talk.leave();
  });

  it('has one enhanced code in its answers, and that of what happened', async () => {
    await start();
    const { path } = await sentTo('coded');
    const raw = bounceMail({ to: path, recipient: office.address('coded') })
      .toString('latin1')
      .replace(/\r\n$/, '');
    const answers = await dialogue(
      'EHLO x.example',
      'MAIL FROM:<>',
      'RCPT TO:<someone@elsewhere.example>',
      `RCPT TO:<${path}>`,
      'DATA',
      `${raw}\r\n.`,
    );
    expect(answers[2]).toMatch(/^550 5\.7\.1 only returned mail/);
    expect(answers[5]).toBe('250 2.0.0 taken');
  });

  it('ends a mail at CRLF.CRLF alone, whatever looks like it, and takes bytes as they are', async () => {
    await start();
    const { id, path } = await sentTo('bytes');
    const service = office.module.get(IngestService, { strict: false });
    const original = service.ingestAll.bind(service);
    const seen: string[] = [];
    service.ingestAll = (mails) => {
      seen.push(...mails.map(({ raw }) => Buffer.from(raw).toString('latin1')));
      return original(mails);
    };
    const smuggled = `MAIL FROM:<>\r\nRCPT TO:<${path}>\r\nDATA\r\nSubject: another\r\n\r\nx`;
    const odd = [
      `\n.\n${smuggled}`,
      `\n.\r\n${smuggled}`,
      `\r\n.\n${smuggled}`,
      `\r.\r${smuggled}`,
      '\0\xff',
    ];
    const raw = bounceMail({ to: path, recipient: office.address('bytes'), said: '550 5.1.1 no\0body' });
    const talk = await Talk.to(port);
    await talk.hear();
    await talk.say('EHLO x.example', 'MAIL FROM:<> BODY=8BITMIME SMTPUTF8', `RCPT TO:<${path}>`, 'DATA');
    talk.write(Buffer.from(`${raw.toString('latin1')}${odd.join('')}\r\n..dot\r\n.\r\nNOOP\r\n`, 'latin1'));
    expect(codes([await talk.hear(), await talk.hear()])).toEqual(['250', '250']);
    talk.leave();
    expect(seen).toEqual([`${raw.toString('latin1')}${odd.join('')}\r\n.dot\r\n`]);
    const [event] = await database.db.select().from(feedbackEvent).where(eq(feedbackEvent.subscriberId, id));
    expect(event).toMatchObject({ type: 'bounce', class: 'hard' });
  });

  it('takes nothing of a mail that breaks off, or that drips', async () => {
    await start();
    const { path } = await sentTo('broken');
    const service = office.module.get(IngestService, { strict: false });
    service.ingestAll = () => Promise.reject(new Error('nothing is to be taken'));
    const begin = async () => {
      const talk = await Talk.to(port);
      await talk.hear();
      await talk.say('EHLO x.example', 'MAIL FROM:<>', `RCPT TO:<${path}>`, 'DATA');
      talk.write(bounceMail({ to: path, recipient: office.address('broken') }));
      return talk;
    };
    (await begin()).leave();
    office.module.get(Receiver, { strict: false }).limits.dataMs = 50;
    const slow = await begin();
    expect(await slow.hear()).toMatch(/^421 4\.4\.2 the mail took too long/);
    expect(await slow.hear()).toBe('closed');
    expect(office.logs.join('\n')).not.toContain('could not be taken now');
  });

  it('offers nothing that it does not speak', async () => {
    await start();
    const [hello = '', ...rest] = await dialogue('EHLO x.example', 'BDAT 5 LAST', 'WIZ a', 'XCLIENT NAME=x');
    expect(hello).not.toMatch(/CHUNKING|DSN|ENHANCEDSTATUSCODES|XCLIENT/);
    expect(hello).toMatch(/8BITMIME[^]*SMTPUTF8[^]*SIZE 20971520/);
    expect(codes(rest)).toEqual(['500', '500', '550']);
  });

  it('offers STARTTLS where it has a certificate', async () => {
    await start({ certificate: await (await TestAuthority.create()).issue('DNS:mx.harbour.example') });
    const { path } = await sentTo('sealed');
    const server = createTransport({
      host: '127.0.0.1',
      port,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
    });
    const { response } = await server.sendMail({
      envelope: { from: '', to: [path] },
      raw: bounceMail({ to: path, recipient: office.address('sealed') }),
    });
    server.close();
    expect(response).toMatch(/^250/);
  });

  it('refuses what is larger than 20 MB, and goes on', async () => {
    await start();
    const answers = await dialogue('EHLO x.example', `MAIL FROM:<> SIZE=${30 * 1024 * 1024}`, 'NOOP');
    expect(codes(answers)).toEqual(['250', '552', '250']);
  });
});
