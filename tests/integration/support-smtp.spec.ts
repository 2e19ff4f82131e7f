import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { startSmtpPeer, type SmtpPeer, type SmtpPeerOptions } from '../support/smtp-peer.js';

const MAIL = {
  from: 'news@example.org',
  to: 'reader@example.net',
  subject: 'Tides',
  text: '.leading dot\nend\n',
};

let peer: SmtpPeer;
const start = async (options: SmtpPeerOptions = {}) => (peer = await startSmtpPeer(options));
afterEach(() => peer.close());

async function raw(): Promise<{
  socket: Socket;
  send: (text: string) => void;
  said: (end: RegExp) => Promise<string>;
}> {
  const socket = connect(peer.port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  const waiting: (() => void)[] = [];
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const wake of waiting) wake();
  });
  return {
    socket,
    send: (what) => socket.write(what),
    said: (end) =>
      new Promise((resolve) => {
        const look = () => end.test(text) && resolve(text);
        waiting.push(look);
        look();
      }),
  };
}

describe('the scripted SMTP peer', () => {
  it('keeps what nodemailer sends, without the dots of the wire', async () => {
    await start();
    const client = createTransport(peer.url);
    await client.sendMail(MAIL);
    const [message] = await peer.received(1);
    expect(message).toMatchObject({ from: 'news@example.org', to: ['reader@example.net'], connection: 1 });
    expect(message?.raw.toString()).toMatch(/^.*\r\n\r\n\.leading dot\r\nend\r\n/s);
    expect(peer.violations).toEqual([]);
  });

  it('answers by script: per recipient, per attempt, at every command', async () => {
    await start({
      script: ({ command, to, count }) => {
        if (command === 'RCPT' && to === 'late@example.net' && count === 1) return '450 4.2.0 later';
        return command === 'DOT' && to === 'no@example.net' ? '554 5.7.1 refused' : undefined;
      },
    });
    const client = createTransport(peer.url);
    const late = { ...MAIL, to: 'late@example.net' };
    await expect(client.sendMail(late)).rejects.toMatchObject({ responseCode: 450 });
    await expect(client.sendMail(late)).resolves.toMatchObject({ accepted: ['late@example.net'] });
    await expect(client.sendMail({ ...MAIL, to: 'no@example.net' })).rejects.toMatchObject({
      responseCode: 554,
    });
    expect(peer.acceptedPerRecipient()).toEqual(new Map([['late@example.net', 1]]));
  });

  it.each([
    ['before the final dot', 'CONTENT', 'drop', 0],
    ['after it, not accepting', 'DOT', 'drop', 0],
    ['after it, having accepted', 'DOT', 'accept-and-drop', 1],
    ['with a 421 greeting', 'CONNECT', '421 4.3.2 too busy', 0],
  ] as const)('breaks the connection %s', async (_when, at, answer, accepted) => {
    await start({ script: ({ command }) => (command === at ? answer : undefined) });
    await expect(createTransport(peer.url).sendMail(MAIL)).rejects.toThrow();
    expect(peer.accepted).toHaveLength(accepted);
  });

  it('holds a reply back until told, and sees a client leave that it never answers', async () => {
    let release = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
    await start({ script: ({ command }) => (command === 'DOT' ? held : undefined) });
    const sending = createTransport(peer.url).sendMail(MAIL);
    await peer.reached('DOT');
    expect(peer.accepted).toEqual([]);
    release();
    await sending;
    expect(peer.accepted).toHaveLength(1);

    peer.script = ({ command }) => (command === 'EHLO' ? 'stall' : undefined);
    const client = await raw();
    client.send('EHLO me\r\nNOOP\r\n');
    await peer.reached('EHLO', 2);
    client.socket.end();
    await once(client.socket, 'close');
  });

  it('takes pipelined commands, several messages, and bytes cut anywhere', async () => {
    await start();
    const client = await raw();
    const envelope = 'MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n';
    const dialogue = `EHLO me\r\n${envelope}Subject: 1\r\n\r\n..\r\n.\r\n${envelope}.\r\nRSET\r\nQUIT\r\n`;
    for (const byte of dialogue) client.send(byte);
    await client.said(/221 /);
    expect(peer.accepted.map(({ raw: content }) => content.toString())).toEqual([
      'Subject: 1\r\n\r\n.\r\n',
      '',
    ]);
    expect(peer.violations).toEqual([]);
  });

  it('asks for a name and a password', async () => {
    await start({ auth: { user: 'me@example.org', password: 'p:@ss' } });
    await createTransport(peer.url).sendMail(MAIL);
    const wrong = createTransport(peer.url.replace(/:[^:@]*@/, ':wrong@'));
    await expect(wrong.sendMail(MAIL)).rejects.toMatchObject({ responseCode: 535 });
    await expect(
      createTransport({ host: '127.0.0.1', port: peer.port }).sendMail(MAIL),
    ).rejects.toMatchObject({
      responseCode: 530,
    });
  });

  it('names what a client does wrong', async () => {
    await start();
    const client = await raw();
    client.send('MAIL FROM:<a@example.org>\r\nRCPT TO:<b\u00fc@example.net>\r\nDATA\r\n');
    await client.said(/354/);
    client.send(`bare\nfeed\r\n.dot\r\n${'x'.repeat(999)}\r\n\u00fc\r\n.\r\nWHAT\r\n`);
    await client.said(/500 /);
    expect(peer.violations).toEqual([
      'MAIL before EHLO',
      'an address outside ASCII without SMTPUTF8',
      'a bare CR or LF in the content',
      'a line of more than 998 octets',
      'a line that begins with a single dot',
      'octets above 127 without BODY=8BITMIME or SMTPUTF8',
      'an unknown command: "WHAT"',
    ]);
    client.socket.destroy();
  });
});
