import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SmtpTransport } from '#delivery/smtp/smtp-transport.js';
import { parseSmtpUrl } from '#delivery/smtp/smtp-options.js';
import type { OutgoingMessage } from '#delivery/smtp/transport.js';
import {
  startSmtpPeer,
  type SmtpCommand,
  type SmtpPeer,
  type SmtpPeerOptions,
} from '../support/smtp-peer.js';
import { silentLog } from '../support/test-config.js';
import { gate } from './delivery.harness.js';

let peer: SmtpPeer;
let transport: SmtpTransport;
const start = async (options: SmtpPeerOptions = {}, lanes = 1) => {
  peer = await startSmtpPeer(options);
  transport = transportTo(peer.url, lanes);
};
const transportTo = (url: string, lanes = 1) =>
  new SmtpTransport('test', parseSmtpUrl(url), lanes, silentLog());
afterEach(async () => {
  await transport.close();
  await peer?.close();
});

function message(to: string, content = 'Subject: Tides\r\n\r\nHigh at nine.\r\n'): OutgoingMessage {
  const split = content.indexOf('\r\n\r\n') + 2;
  const headers = Buffer.from(content.slice(0, split));
  const body = [Buffer.from(content.slice(split + 2))];
  const stamp = () => ({ headers, body, size: Buffer.byteLength(content), eightBit: false });
  return { from: 'news@example.org', to, messageId: '<1@example.org>', subject: 'Tides', stamp };
}

describe('the SMTP transport', () => {
  it('reads three pipelined replies that come in one packet', async () => {
    const server = createServer((socket: Socket) => {
      let held = '';
      socket.write('220 hello\r\n');
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk: Buffer) => {
        held += chunk.toString();
        if (/^EHLO .*\r\n$/.test(held)) socket.write('250-hello\r\n250 PIPELINING\r\n');
        else if (held.endsWith('DATA\r\n')) socket.write('250 sender\r\n250 recipient\r\n354 go\r\n');
        else if (held.endsWith('\r\n.\r\n')) socket.write('250 taken\r\n');
        else return;
        held = '';
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    transport = transportTo(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (const name of ['a', 'b']) {
      expect(await transport.send(message(`${name}@example.net`))).toEqual({
        kind: 'accepted',
        code: 250,
        reply: '250 taken',
      });
    }
    await transport.close();
    server.close();
    await once(server, 'close');
  });

  it('remembers a refusal that was said before the server hung up', async () => {
    await start({ script: ({ command }) => (command === 'MAIL' ? '550 5.7.1 go away' : undefined) });
    peer.script = ({ command }) => {
      if (command === 'RCPT') return 'drop';
      return command === 'MAIL' ? '550 5.7.1 go away' : undefined;
    };
    expect(await transport.send(message('a@example.net'))).toEqual({
      kind: 'refused',
      stage: 'mail',
      code: 550,
      reply: '550 5.7.1 go away',
    });
  });

  /** More than the sockets of both sides hold. */
  const huge = `Subject: x\r\n\r\n${`${'x'.repeat(900)}\r\n`.repeat(40_000)}`;

  it('calls a message broken before its final dot when that dot never left, however much else did', async () => {
    await start({ script: ({ command }) => (command === 'CONTENT' ? 'drop' : undefined) });
    expect(await transport.send(message('a@example.net', huge))).toMatchObject({
      kind: 'broken',
      stage: 'before',
    });
  });

  it('asks once more before the final dot of a long message, and breaks it off after a no', async () => {
    const reading = gate();
    await start({ script: ({ command }) => (command === 'CONTENT' ? reading.opened : undefined) });
    const asked: string[] = [];
    const sending = transport.send(message('a@example.net', huge), (what) => {
      asked.push(what);
      return what !== 'end';
    });
    await peer.reached('CONTENT'); // the server reads no further: most of the message waits in this process
    expect(asked).toEqual(['envelope', 'content']);
    reading.open();
    expect(await sending).toEqual({ kind: 'not-begun' });
    expect(asked).toEqual(['envelope', 'content', 'end']);
    expect(peer.accepted).toEqual([]);
    expect(await transport.send(message('b@example.net', huge))).toMatchObject({ kind: 'accepted' });
    expect(peer.accepted).toHaveLength(1);
    expect(peer.accepted[0]!.raw.length).toBe(huge.length);
    expect(peer.violations).toEqual([]);
  });

  it('hears a refusal that the server does not keep for the end of a long message', async () => {
    await start({
      script: ({ command }) => (command === 'CONTENT' ? '552 5.3.4 too long' : undefined),
    });
    expect(await transport.send(message('a@example.net', huge))).toEqual({
      kind: 'refused',
      stage: 'message',
      code: 552,
      reply: '552 5.3.4 too long',
    });
    expect(transport.restMs()).toBe(0);
  });

  it.each<[SmtpCommand, 'before' | 'after']>([
    ['MAIL', 'before'],
    ['DATA', 'before'],
    ['CONTENT', 'before'],
    ['DOT', 'after'],
  ])('waits no longer than it must for a server that falls silent at %s', async (command, stage) => {
    const never = new Promise<undefined>(() => undefined);
    peer = await startSmtpPeer({ script: (step) => (step.command === command ? never : undefined) });
    const timeouts = { command: 150, data: 150, content: 150, accept: 150 };
    const options = { ...parseSmtpUrl(peer.url), timeouts };
    transport = new SmtpTransport('test', options, 1, silentLog());
    const content = command === 'CONTENT' ? huge : undefined;
    expect(await transport.send(message('a@example.net', content))).toMatchObject({ kind: 'broken', stage });
  });

  it('calls it broken after the dot when all of it had left', async () => {
    await start({ script: ({ command }) => (command === 'DOT' ? 'drop' : undefined) });
    expect(await transport.send(message('a@example.net'))).toMatchObject({ kind: 'broken', stage: 'after' });
  });

  it('gives an empty message to a server that says 354 to nobody (RFC 2920 §3.1), and goes on over the same connection', async () => {
    await start({
      script: ({ command, count, to }) => {
        if (command === 'RCPT') return to.startsWith('a@') ? '550 5.1.1 no' : undefined;
        if (count > 1) return undefined;
        if (command === 'DATA') return '354 go on all the same';
        return command === 'DOT' ? '554 5.5.1 no recipients' : undefined;
      },
    });
    expect(await transport.send(message('a@example.net'))).toMatchObject({
      kind: 'refused',
      stage: 'rcpt',
      code: 550,
    });
    expect(await transport.send(message('b@example.net'))).toMatchObject({ kind: 'accepted' });
    expect(peer.connections).toBe(1);
    expect(peer.accepted.map((one) => one.to)).toEqual([['b@example.net']]);
  });

  it('shares its connections fairly and never opens more than it may', async () => {
    await start({}, 3);
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, at) => transport.send(message(`r${at}@example.net`))),
    );
    expect(new Set(results.map((result) => result.kind))).toEqual(new Set(['accepted']));
    expect(peer.mostOpen).toBeLessThanOrEqual(3);
    expect(peer.accepted).toHaveLength(40);
  });

  it('asks before the envelope and before the content, and begins nothing after a no', async () => {
    await start();
    expect(await transport.send(message('a@example.net'), () => false)).toEqual({ kind: 'not-begun' });
    expect(peer.steps.some((step) => step.command === 'MAIL')).toBe(false);
    let asked = 0;
    expect(await transport.send(message('a@example.net'), () => (asked += 1) === 1)).toEqual({
      kind: 'not-begun',
    });
    expect(asked).toBe(2);
    expect(peer.steps.filter((step) => step.command === 'DATA')).toHaveLength(1);
    expect(peer.accepted).toEqual([]);
    expect(await transport.send(message('b@example.net'))).toMatchObject({ kind: 'accepted' });
  });

  it('gives the connection back when the question itself fails', async () => {
    await start();
    const full = () => {
      throw new Error('disk full');
    };
    await expect(transport.send(message('a@example.net'), full)).rejects.toThrow('disk full');
    expect(await transport.send(message('b@example.net'))).toMatchObject({ kind: 'accepted' });
    expect(peer.connections).toBe(1);
  });

  it('wakes everyone who waits for a connection when the last one is lost and no new one is to be had', async () => {
    const held = gate();
    await start({ script: ({ command }) => (command === 'DOT' ? held.opened : undefined) });
    const sending = ['a', 'b', 'c', 'd'].map((name) => transport.send(message(`${name}@example.net`)));
    await peer.reached('DOT');
    await peer.close();
    held.open();
    const results = await Promise.all(sending);
    expect(results.map((result) => result.kind)).toEqual([
      'broken',
      'unreachable',
      'unreachable',
      'unreachable',
    ]);
    expect(transport.restMs()).toBeGreaterThan(0);
  });

  it('lets the server be between failed connections, and longer each time', async () => {
    await start();
    await peer.close();
    const first = await transport.send(message('a@example.net'));
    const second = await transport.send(message('a@example.net'));
    if (first.kind !== 'unreachable' || second.kind !== 'unreachable') throw new Error('it was reached');
    expect(first.retryAfterMs).toBeGreaterThan(0);
    expect(second.retryAfterMs).toBeLessThanOrEqual(1_000);
    expect(second.reason).toBe(first.reason);
    expect(first.reason).toContain('ECONNREFUSED');
  });

  it('takes nothing more once closed, and says when it may', async () => {
    await start();
    await transport.send(message('a@example.net'));
    await transport.close();
    await peer.reached('QUIT');
    expect(await transport.send(message('a@example.net'))).toMatchObject({
      kind: 'unreachable',
      retryAfterMs: 0,
    });
  });

  it('is not fooled by words nobody asked for', async () => {
    await start();
    await transport.send(message('a@example.net'));
    peer.script = ({ command, count }) =>
      command === 'MAIL' && count === 2 ? '250 ok\r\n250 what else' : undefined;
    const result = await transport.send(message('b@example.net'));
    // Out of step, the replies are no ground to believe that anything was accepted.
    expect(result).not.toMatchObject({ kind: 'accepted', reply: '250 what else' });
  });

  describe('with more messages than connections', () => {
    /** One connection; content and what follows it in one write is noted as the server reads it. */
    async function serve(answer: (said: string, message: number) => string | null) {
      const heard: string[] = [];
      let messages = 0;
      const server = createServer((socket: Socket) => {
        let held = '';
        socket.write('220 hello\r\n');
        socket.on('error', () => socket.destroy());
        const reply = (said: string) => {
          const words = answer(said, messages);
          if (words === null) socket.destroy();
          else if (words) socket.write(words);
        };
        socket.on('data', (chunk: Buffer) => {
          held += chunk.toString();
          heard.push(chunk.toString());
          for (let end = held.indexOf('\r\n'); end >= 0; end = held.indexOf('\r\n')) {
            const line = held.slice(0, end);
            held = held.slice(end + 2);
            if (line === '.') {
              messages += 1;
              reply('.');
            } else if (line.startsWith('EHLO')) socket.write('250-hello\r\n250 PIPELINING\r\n');
            else if (/^(MAIL|RCPT|DATA|RSET|QUIT)/.test(line)) reply(line);
          }
        });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      transport = transportTo(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const close = async () => {
        await transport.close();
        server.close();
        await once(server, 'close');
      };
      return { heard, close };
    }
    const willing = (said: string) =>
      said === 'DATA' ? '354 go\r\n' : said === '.' ? '250 taken\r\n' : '250 ok\r\n';
    const sendAll = (names: string[]) =>
      Promise.all(names.map((name) => transport.send(message(`${name}@example.net`))));

    it('writes the next envelope with the content before it, one message at a time', async () => {
      const { heard, close } = await serve(willing);
      const lane = async (name: string) => {
        for (let i = 0; i < 6; i++)
          expect(await transport.send(message(`${name}${i}@example.net`))).toMatchObject({
            kind: 'accepted',
          });
      };
      await Promise.all([lane('a'), lane('b')]);
      const together = heard.filter((chunk) =>
        /\r\n\.\r\nMAIL FROM:.*\r\nRCPT TO:.*\r\nDATA\r\n$/s.test(chunk),
      );
      expect(together.length).toBeGreaterThan(8);
      expect(heard.join('').match(/RCPT TO:<\w/g)).toHaveLength(12);
      await close();
    });

    it('goes on with the next when one is refused, before or after its content', async () => {
      const { close } = await serve((said, messages) =>
        /^RCPT TO:<[bd]/.test(said)
          ? '550 5.1.1 nobody\r\n'
          : said === '.' && messages === 2
            ? '452 4.2.2 full\r\n'
            : willing(said),
      );
      const results = await sendAll(['a', 'b', 'c', 'd', 'e']);
      expect(results.map((result) => ('code' in result ? result.code : result.kind))).toEqual([
        250, 550, 250, 550, 250,
      ]);
      await close();
    });

    it('leaves only the message in doubt whose dot was out when the connection broke', async () => {
      const { heard, close } = await serve((said, messages) =>
        said === '.' && messages === 1 ? null : willing(said),
      );
      const [first, ...rest] = await sendAll(['a', 'b', 'c']);
      expect(first).toMatchObject({ kind: 'broken', stage: 'after' });
      expect(rest.map((result) => result.kind)).toEqual(['accepted', 'accepted']);
      expect(heard.join('').match(/Subject: Tides/g)).toHaveLength(3);
      await close();
    });

    it('sends the next over another connection when the server takes its leave', async () => {
      const { close } = await serve((said, messages) =>
        said === '.' && messages === 1 ? '421 4.3.2 bye\r\n' : willing(said),
      );
      const results = await sendAll(['a', 'b', 'c']);
      expect(results.map((result) => ('code' in result ? result.code : result.kind))).toEqual([
        421, 250, 250,
      ]);
      await close();
    });

    it('lets the end of one be noted before the next is begun, though one packet tells both', async () => {
      const { close } = await serve((said, messages) => {
        if (messages < 2) return willing(said);
        if (said === '.') return messages === 8 ? willing(said) : '';
        return said === 'DATA' ? '250 taken\r\n250 ok\r\n250 ok\r\n354 go\r\n' : '';
      });
      const noted: string[] = [];
      const transmit = (name: string) =>
        transport.send(message(`${name}@example.net`), (what) => {
          if (what === 'content') noted.push(`begin ${name}`);
          return true;
        });
      const deliver = async (name: string) => {
        expect(await transmit(name)).toMatchObject({ kind: 'accepted' });
        noted.push(`end ${name}`);
      };
      const lane = async (lane: string) => {
        for (let i = 0; i < 4; i++) await deliver(`${lane}${i}`);
      };
      await Promise.all([lane('a'), lane('b')]);
      const names = noted.filter((_, at) => at % 2 === 0).map((begun) => begun.slice('begin '.length));
      expect(noted).toEqual(names.flatMap((name) => [`begin ${name}`, `end ${name}`]));
      expect(names).toHaveLength(8);
      await close();
    });

    it('asks for each message again when its content may go, and not while another is on the wire', async () => {
      const { close } = await serve(willing);
      let onTheWire = 0;
      let most = 0;
      const send = async (name: string) => {
        const result = await transport.send(message(`${name}@example.net`), (what) => {
          if (what === 'content') most = Math.max(most, ++onTheWire);
          return true;
        });
        onTheWire -= 1;
        return result;
      };
      await Promise.all(['a', 'b', 'c', 'd'].map(send));
      expect(most).toBe(1);
      await close();
    });
  });
});
