import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { GuardedServer, type ServerLimits } from './guarded-server.js';
import { Talk } from './talk.fixture.js';

const WIDE: ServerLimits = {
  clients: 50,
  ofOneClient: 50,
  sessionMs: 60_000,
  withoutMailMs: 600_000,
  dataMs: 60_000,
  commands: 1_000,
  idleCommands: 1_000,
};

describe('a guarded server', () => {
  let server: GuardedServer;
  let port: number;
  let talks: Talk[];
  let answer: (() => void) | undefined;
  let ended: (() => void) | undefined;

  async function start(limits: Partial<ServerLimits>, disabledCommands = ['AUTH', 'STARTTLS']) {
    talks = [];
    answer = undefined;
    server = new GuardedServer(
      {
        logger: false,
        authOptional: true,
        disabledCommands,
        disableReverseLookup: true,
        hideENHANCEDSTATUSCODES: true,
        closeTimeout: 1,
        onClose: () => ended?.(),
        onData: (stream, _session, done) => {
          stream.resume();
          answer = () => done(null, 'taken');
        },
        onRcptTo: ({ address }, _session, done) =>
          done(address.endsWith('@elsewhere.example') ? new Error('not ours') : null),
      },
      { ...WIDE, ...limits },
    );
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    port = (server.server.address() as AddressInfo).port;
  }
  afterEach(async () => {
    for (const talk of talks) talk.leave();
    await new Promise<void>((resolve) => server.close(resolve));
  });
  async function talk(): Promise<Talk> {
    const made = await Talk.to(port);
    talks.push(made);
    return made;
  }
  async function greeted(): Promise<Talk> {
    const made = await talk();
    expect(await made.hear()).toMatch(/^220 /);
    return made;
  }
  /** Waits for the server to have a mail, and hears its answer. */
  async function answered(client: Talk): Promise<void> {
    while (!answer) await new Promise(setImmediate);
    answer();
    answer = undefined;
    expect(await client.hear()).toBe('250 taken');
  }
  const MAIL = ['EHLO x.example', 'MAIL FROM:<>', 'RCPT TO:<a@b.example>', 'DATA'];

  it('forgets a client that has gone, with TLS too', async () => {
    await start({ ofOneClient: 1 }, ['AUTH']);
    for (let session = 0; session < 3; session++) {
      const client = createTransport({
        host: '127.0.0.1',
        port,
        requireTLS: true,
        tls: { rejectUnauthorized: false },
      });
      const over = new Promise<void>((resolve) => {
        ended = resolve;
      });
      expect(await client.verify()).toBe(true);
      client.close();
      await over;
    }
  });

  test.each<[string, Partial<ServerLimits>, RegExp]>([
    ['from one client', { ofOneClient: 2 }, /^421 4\.7\.0 .*from your address/],
    ['in all', { clients: 2 }, /^421 4\.7\.0 too many connections, /],
  ])('refuses a connection too many %s, and takes one when another has gone', async (_, limits, words) => {
    await start(limits);
    const [first, second] = [await greeted(), await greeted()];
    const refused = await talk();
    expect([await refused.hear(), await refused.hear()]).toEqual([
      expect.stringMatching(words) as string,
      'closed',
    ]);
    first.leave();
    let next: string;
    do {
      const another = await talk(); // until the server has seen that it left
      next = await another.hear();
    } while (next.startsWith('421'));
    expect(next).toMatch(/^220 /);
    expect((await second.say('NOOP'))[0]).toMatch(/^250/);
  });

  describe('of time', () => {
    // Sockets keep their own time.
    beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
    afterEach(() => jest.useRealTimers());

    /** A client that has said nothing until the server had the time to greet it. */
    async function welcomed(): Promise<Talk> {
      const accepted = once(server.server, 'connection');
      const client = await talk();
      await accepted;
      while (jest.getTimerCount() < 3) await new Promise(setImmediate);
      jest.advanceTimersByTime(100);
      expect(await client.hear()).toMatch(/^220 /);
      return client;
    }

    test('ends a connection that has lasted too long, whatever it sends', async () => {
      await start({ sessionMs: 60_000 });
      const client = await welcomed();
      client.write('NO'); // never a whole line
      jest.advanceTimersByTime(59_000);
      expect(await client.say('OP')).toEqual(['250 OK']);
      jest.advanceTimersByTime(1_000);
      expect(await client.hear()).toMatch(/^421 4\.4\.2 /);
    });

    test('lets a mail come to its end that was begun in time, and answers it', async () => {
      await start({ sessionMs: 60_000, dataMs: 30_000 });
      const client = await welcomed();
      expect((await client.say(...MAIL)).at(-1)).toMatch(/^354/);
      client.write('Subject: x\r\n\r\nhello\r\n.\r\n');
      jest.advanceTimersByTime(80_000);
      answer?.();
      expect(await client.hear()).toBe('250 taken');
      jest.advanceTimersByTime(10_000);
      expect(await client.hear()).toMatch(/^421 4\.4\.2 /);
    });

    const NO_MAIL = /^421 4\.4\.2 no mail came/;

    test.each<[string, string[]]>([
      ['says nothing', []],
      ['only talks', ['EHLO x.example', 'NOOP']],
      ['names none that is ours', ['EHLO x.example', 'MAIL FROM:<>', 'RCPT TO:<a@elsewhere.example>']],
    ])('ends who brings no mail for a while: who %s', async (_, lines) => {
      await start({ withoutMailMs: 10_000 });
      const client = await welcomed();
      jest.advanceTimersByTime(9_000);
      await client.say(...lines);
      jest.advanceTimersByTime(1_000);
      expect(await client.hear()).toMatch(NO_MAIL);
      expect(await client.hear()).toBe('closed');
    });

    test('gives who has named a recipient as long again, and no longer', async () => {
      await start({ withoutMailMs: 10_000 });
      const client = await welcomed();
      await client.say(...MAIL.slice(0, 3));
      jest.advanceTimersByTime(10_000);
      expect(await client.say('NOOP', 'RSET', 'MAIL FROM:<>', 'RCPT TO:<a@b.example>')).toEqual(
        Array(4).fill(expect.stringMatching(/^250/)),
      );
      jest.advanceTimersByTime(10_000);
      expect(await client.hear()).toMatch(NO_MAIL);
    });

    test('waits for the next mail of who has brought one', async () => {
      await start({ withoutMailMs: 10_000 });
      const client = await welcomed();
      await client.say(...MAIL);
      jest.advanceTimersByTime(25_000);
      client.write('Subject: x\r\n\r\nhello\r\n.\r\n');
      await answered(client);
      jest.advanceTimersByTime(10_000);
      expect(await client.say('NOOP')).toEqual(['250 OK']);
      jest.advanceTimersByTime(10_000);
      expect(await client.hear()).toMatch(NO_MAIL);
    });

    test('begins no mail when it is over, though one came to its end', async () => {
      await start({ sessionMs: 60_000, dataMs: 30_000 });
      const client = await welcomed();
      await client.say(...MAIL);
      client.write('Subject: x\r\n\r\nhello\r\n.\r\n');
      jest.advanceTimersByTime(61_000);
      answer?.();
      expect(await client.hear()).toBe('250 taken');
      expect((await client.say('MAIL FROM:<>'))[0]).toMatch(/^421 4\.4\.2 /);
    });
  });

  test('ends who only talks, and not who sends mail', async () => {
    await start({ commands: 8 });
    const sender = await greeted();
    for (let n = 0; n < 4; n++) {
      expect((await sender.say(...MAIL)).at(-1)).toMatch(/^354/);
      sender.write('Subject: x\r\n\r\nhello\r\n.\r\n');
      await answered(sender);
    }
    const talker = await greeted();
    talker.write('NOOP\r\n'.repeat(20));
    const heard: string[] = [];
    for (let one = await talker.hear(); one !== 'closed'; one = await talker.hear()) heard.push(one);
    expect(heard).toHaveLength(9);
    expect(heard.at(-1)).toMatch(/^421 4\.7\.0 too many commands/);
  });

  test('ends who says what brings no mail, before who is at one', async () => {
    await start({ commands: 50, idleCommands: 3 });
    const client = await greeted();
    const probed = ['RSET', ...MAIL];
    for (let n = 0; n < 5; n++) {
      expect((await client.say(...probed)).at(-1)).toMatch(/^354/);
      client.write('Subject: x\r\n\r\nhello\r\n.\r\n');
      await answered(client);
    }
    const said = await client.say('NOOP', 'VRFY a', 'Noop  ', 'rset');
    expect(said.map((one) => one.slice(0, 3))).toEqual(['250', '252', '250', '421']);
    expect(said[3]).toMatch(/commands that bring no mail/);
  });

  test('ends a command that has no end', async () => {
    await start({});
    const client = await greeted();
    client.write('x'.repeat(5_000));
    expect(await client.hear()).toMatch(/^421 /);
  });
});
