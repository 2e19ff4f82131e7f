import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SmtpAnswer, SmtpCommand, SmtpPeer } from './smtp-peer.js';
import { contentViolations, SmtpReader, unstuffed } from './smtp-reader.js';

const NOT_TO_BE_ANSWERED = new Set<SmtpAnswer>([
  'stall',
  'drop',
  'accept-and-drop',
  'reset',
  'accept-and-reset',
]);

/** Thrown to leave the dialogue: the connection is broken or will never be answered. */
class Ended extends Error {}

/** One connection to the peer: the dialogue of RFC 5321, each answer of which the script may replace. */
export class SmtpPeerSession {
  private reader: SmtpReader;
  private greeted = false;
  private signedIn: boolean;
  private from: string | undefined;
  private to: string[] = [];
  private parameters = '';

  constructor(
    private readonly peer: SmtpPeer,
    private socket: Socket,
    private readonly connection: number,
  ) {
    this.reader = new SmtpReader(socket);
    this.signedIn = !peer.auth && !peer.isGoodToken;
    socket.on('error', () => socket.destroy());
  }

  /** Runs until either side ends it. */
  async run(): Promise<void> {
    try {
      await this.answer('CONNECT', '', '220 peer.test ESMTP');
      for (let line; (line = await this.reader.line()) !== undefined;) await this.obey(line);
      this.socket.end();
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    }
  }

  private async obey(line: string): Promise<void> {
    const [, word = '', argument = ''] = /^(\S*) ?(.*)$/s.exec(line) ?? [];
    const command = word.toUpperCase();
    switch (command) {
      case 'EHLO':
        return this.hello(argument);
      case 'HELO':
        this.greeted = true;
        await this.answer('HELO', argument, '250 peer.test');
        return;
      case 'STARTTLS':
        return this.startTls();
      case 'AUTH':
        return this.authenticate(argument);
      case 'MAIL':
        return this.mail(argument);
      case 'RCPT':
        return this.recipient(argument);
      case 'DATA':
        return this.data();
      case 'RSET':
        this.reset();
        await this.answer('RSET', argument, '250 2.0.0 OK');
        return;
      case 'NOOP':
        await this.answer('NOOP', argument, '250 2.0.0 OK');
        return;
      case 'QUIT':
        await this.answer('QUIT', argument, '221 2.0.0 Bye');
        this.socket.end();
        throw new Ended();
      default:
        this.peer.violations.push(`an unknown command: ${JSON.stringify(line.slice(0, 80))}`);
        this.send('500 5.5.2 Unknown command');
    }
  }

  private async hello(argument: string): Promise<void> {
    this.greeted = true;
    this.reset();
    const { tls, extensions } = this.peer;
    const lines = [
      'peer.test',
      ...extensions,
      ...(tls && !tls.implicit && !this.secured ? ['STARTTLS'] : []),
    ];
    const reply = lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
    await this.answer('EHLO', argument, reply);
  }

  private get secured(): boolean {
    return this.socket instanceof TLSSocket;
  }

  private async startTls(): Promise<void> {
    const { tls } = this.peer;
    const reply = tls && !this.secured ? '220 2.0.0 Go on' : '502 5.5.1 STARTTLS is not implemented';
    if (!(await this.answer('STARTTLS', '', reply)).startsWith('2') || !tls) return;
    this.socket = new TLSSocket(this.socket, { isServer: true, key: tls.key, cert: tls.cert });
    this.socket.on('error', () => this.socket.destroy()); // the client did not like the certificate
    this.reader = new SmtpReader(this.socket);
    this.greeted = false;
  }

  private async authenticate(argument: string): Promise<void> {
    const [mechanism = '', initial] = argument.split(' ');
    if (this.peer.tls && !this.secured) this.peer.violations.push('AUTH over an unencrypted connection');
    const right = await this.areGood(mechanism.toUpperCase(), initial);
    const reply = right ? '235 2.7.0 Welcome' : '535 5.7.8 Wrong name or password';
    this.signedIn = (await this.answer('AUTH', mechanism, reply)).startsWith('2');
  }

  /** Reads the credentials, and judges them. */
  private async areGood(mechanism: string, initial: string | undefined): Promise<boolean> {
    const { auth, isGoodToken, asksForReason } = this.peer;
    if (!this.peer.mechanisms.includes(mechanism)) {
      this.peer.violations.push(`AUTH ${mechanism}, which was not offered`);
    }
    if (mechanism === 'XOAUTH2') {
      const given = decode(initial ?? (await this.challenge('')));
      const [, user = '', token = ''] =
        /^user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01$/.exec(given) ?? [];
      if (isGoodToken?.(user, token)) return true;
      // As Google does: the reason, which the client answers with an empty line.
      if (asksForReason) await this.challenge(Buffer.from('{"status":"401"}').toString('base64'));
      return false;
    }
    if (mechanism === 'PLAIN') {
      const [, user, password] = decode(initial ?? (await this.challenge(''))).split('\0');
      return user === auth?.user && password === auth?.password;
    }
    const user = decode(initial ?? (await this.challenge('VXNlcm5hbWU6')));
    const password = decode(await this.challenge('UGFzc3dvcmQ6'));
    return user === auth?.user && password === auth?.password;
  }

  private async challenge(text: string): Promise<string> {
    this.send(`334 ${text}`);
    return (await this.reader.line()) ?? '';
  }

  private async mail(argument: string): Promise<void> {
    const [, address = '', parameters = ''] = /^FROM:<([^>]*)>(.*)$/i.exec(argument) ?? [];
    if (!/^FROM:</i.test(argument)) this.peer.violations.push(`a malformed MAIL: ${argument}`);
    if (!this.greeted) this.peer.violations.push('MAIL before EHLO');
    if (this.from !== undefined) this.peer.violations.push('MAIL inside a transaction');
    this.parameters = parameters.toUpperCase();
    this.judgeAddress(address);
    const reply = this.signedIn ? '250 2.1.0 OK' : '530 5.7.0 Sign in first';
    if ((await this.answer('MAIL', argument, reply, address)).startsWith('2')) this.from = address;
  }

  private async recipient(argument: string): Promise<void> {
    const [, address = ''] = /^TO:<([^>]*)>/i.exec(argument) ?? [];
    if (address === '') this.peer.violations.push(`a malformed RCPT: ${argument}`);
    this.judgeAddress(address);
    const reply = this.from === undefined ? '503 5.5.1 MAIL first' : '250 2.1.5 OK';
    if ((await this.answer('RCPT', argument, reply, address)).startsWith('2')) this.to.push(address);
  }

  private async data(): Promise<void> {
    const ordinary = this.to.length > 0 ? '354 Go on' : '503 5.5.1 No valid recipients';
    if (!(await this.answer('DATA', '', ordinary)).startsWith('3')) return;
    if (!(await this.reader.begins())) throw new Ended();
    const early = await this.special('CONTENT');
    if (early) this.send(early);
    const content = await this.reader.untilDot();
    if (!content) throw new Ended();
    const eightBit = /BODY=8BITMIME|SMTPUTF8/.test(this.parameters);
    this.peer.violations.push(...contentViolations(content, eightBit));
    const message = {
      from: this.from ?? '',
      to: this.to,
      raw: this.peer.keepRaw ? unstuffed(content) : Buffer.alloc(0),
      at: new Date(),
      connection: this.connection,
    };
    const scripted = await this.special('DOT', () => this.peer.accept(message));
    const reply = scripted ?? '250 2.0.0 Accepted';
    if (reply.startsWith('2')) this.peer.accept(message);
    this.reset();
    this.send(reply);
  }

  /** Asks the script at a step, sends what it says or the ordinary reply, and returns what was sent. */
  private async answer(
    command: SmtpCommand,
    argument: string,
    ordinary: string,
    to?: string,
  ): Promise<string> {
    const reply = (await this.special(command, undefined, argument, to)) ?? ordinary;
    this.send(reply);
    return reply;
  }

  /** Asks the script and carries out the answers that are no reply. @returns the scripted reply, if there is one */
  private async special(command: SmtpCommand, keep?: () => void, argument = '', to?: string) {
    const envelope = { from: this.from ?? '', to: to ?? this.to[0] ?? '' };
    const said = await this.peer.step({ command, argument, ...envelope, connection: this.connection });
    if (said === undefined || !NOT_TO_BE_ANSWERED.has(said)) return said;
    if (said.startsWith('accept-and-')) keep?.();
    if (said === 'stall') await this.reader.drain();
    if (said.endsWith('reset')) this.socket.resetAndDestroy();
    else this.socket.destroy();
    throw new Ended();
  }

  private send(reply: string): void {
    this.peer.write(this.socket, `${reply}\r\n`);
    if (!reply.startsWith('421')) return;
    this.socket.end();
    throw new Ended();
  }

  private reset(): void {
    this.from = undefined;
    this.to = [];
  }

  private judgeAddress(address: string): void {
    if (/[^\0-\x7f]/.test(address) && !this.parameters.includes('SMTPUTF8')) {
      this.peer.violations.push('an address outside ASCII without SMTPUTF8');
    }
  }
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
