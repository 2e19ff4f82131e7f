import { wireChunks, type BodyForm, type StampedMessage } from '#rendering/wire/plate.js';
import type { SendResult } from '../outcomes/send-result.js';
import type { ReadySocket } from './smtp-handshake.js';
import { ReplyParser, type SmtpReply } from './smtp-reply.js';
import { tryStamp } from './stamping.js';
import type { OutgoingMessage, Permission } from './transport.js';

/** A message up to here fits a socket's buffer and leaves in one write with its final dot; Linux begins with so much. */
const ONE_WRITE_BYTES = 16 * 1024;
const FINAL_DOT = Buffer.from('.\r\n');
const SERVICE_CLOSING = 421; // §4.2.3: the server closes the channel

/** The connection is of no more use. */
class Broken extends Error {}

/**
 * When whoever was told of a reply has run. One packet may hold the last reply to a message and all those before the content
 * of the next: the end of the one is to be noted before the other is begun.
 */
function allHeard(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** Whoever waits for one reply or several, which come one after another. */
interface Waiter {
  replies: SmtpReply[];
  /** Of each, in milliseconds. */
  timeouts: readonly number[];
  /** Called when all have come, or the connection broke. */
  done: () => void;
}

/**
 * One SMTP connection in use: sends message after message. When the server offers PIPELINING (RFC 2920), MAIL, RCPT and
 * DATA go out in one write, and with the content of the message before if the next one is there by then: one write and
 * one read a message. The message's buffers are written corked and never copied. What one write may not take whole gets
 * its final dot later: a process that is frozen meanwhile must not complete the message when it wakes.
 */
export class SmtpSession {
  private readonly parser = new ReplyParser();
  private readonly waiters: Waiter[] = [];
  /** Of the reply that is due next: a server answers one thing after another. */
  private timer: NodeJS.Timeout | undefined;
  private failure: Broken | undefined;
  /** A message's envelope is out, and neither its content nor a refusal has followed: no other command may. */
  private opening = false;
  /** Writes the envelope of the message that comes next. */
  private next: (() => void) | undefined;
  /** Messages this connection has tried to carry. */
  uses = 0;

  /**
   * @param sign makes what goes before the headers of each message: its DKIM-Signature lines
   */
  constructor(
    private readonly ready: ReadySocket,
    private readonly onClose: () => void,
    private readonly sign?: (message: StampedMessage) => Buffer,
  ) {
    const { socket } = ready;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.receive(chunk));
    socket.on('error', (error) => this.breakOff(error.message));
    socket.on('close', () => this.breakOff('the server closed the connection'));
  }

  get alive(): boolean {
    return this.failure === undefined;
  }

  /** Whether a second message may be given while one is on its way. */
  get takesNext(): boolean {
    return this.alive && this.ready.pipelining && this.next === undefined;
  }

  /**
   * Sends one message. Never throws, unless `begin` does or no message at all could be made. After `broken` the session
   * is of no more use. At most one more may be given meanwhile, and only while {@link takesNext}.
   * @param begin asked when the server waits for the content, and when a long one waits for its final dot
   */
  async send(message: OutgoingMessage, begin: Permission): Promise<SendResult> {
    const utf8 = /[^\0-\x7f]/.test(message.to + message.from);
    const made = tryStamp(message, this.form);
    if (!made.stamped) return made.failure;
    const stamped = this.signed(made.stamped);
    const impossible = this.obstacle(message, stamped, utf8);
    if (impossible) return impossible;
    this.uses += 1;
    let dotIsOut = false;
    try {
      const refusal = await this.sendEnvelope(message, stamped, utf8);
      if (refusal) return refusal;
      await allHeard();
      if (this.failure) throw this.failure;
      if (!begin('content')) return this.abandon();
      if (!this.alive) throw this.failure as unknown as Broken;
      const { content, accept } = this.ready.timeouts;
      const chunks = wireChunks(stamped);
      const onDot = () => (dotIsOut = true);
      const isLong = stamped.size > ONE_WRITE_BYTES;
      const answer = this.reply(isLong ? content + accept : accept); // before the next message's waiters
      if (isLong) {
        const early = await Promise.race([answer, this.taken(chunks)]);
        if (early) return this.cutShort(early);
        if (!begin('end')) return this.abandon();
        this.writeLast([FINAL_DOT], onDot);
      } else this.writeLast([...chunks, FINAL_DOT], onDot);
      const reply = await answer;
      if (reply.code === SERVICE_CLOSING) this.close();
      return reply.code < 300
        ? { kind: 'accepted', code: reply.code, reply: reply.text }
        : { kind: 'refused', stage: 'message', code: reply.code, reply: reply.text };
    } catch (error) {
      this.breakOff((error as Error).message);
      if (!(error instanceof Broken)) throw error;
      return { kind: 'broken', stage: dotIsOut ? 'after' : 'before', reason: error.message };
    }
  }

  /** A relay that must turn 8bit into 7bit breaks a signature, so a signed message is 7bit at once (RFC 6376 §5.3). */
  private get form(): BodyForm {
    return this.ready.eightBitMime && !this.sign ? '8bit' : '7bit';
  }

  private signed(stamped: StampedMessage): StampedMessage {
    const signature = this.sign?.(stamped);
    if (!signature || signature.length === 0) return stamped;
    const headers = Buffer.concat([signature, stamped.headers]);
    return { ...stamped, headers, size: stamped.size + signature.length };
  }

  /** A broken connection is the only way out of DATA without a message. */
  private abandon(): SendResult {
    this.breakOff('the message was not to be sent any more');
    return { kind: 'not-begun' };
  }

  /** The server did not wait for the final dot with its reply. Without the dot nothing is accepted. */
  private cutShort({ code, text }: SmtpReply): SendResult {
    this.breakOff(text);
    return code < 400
      ? { kind: 'broken', stage: 'before', reason: text }
      : { kind: 'refused', stage: 'message', code, reply: text };
  }

  /** What can be known before the server is asked. */
  private obstacle(
    message: OutgoingMessage,
    { size }: StampedMessage,
    utf8: boolean,
  ): SendResult | undefined {
    const { maxSize, smtpUtf8 } = this.ready;
    if (/[\r\n<>]/.test(message.from + message.to)) {
      return { kind: 'impossible', reason: 'the address holds a forbidden character' };
    }
    if (utf8 && !smtpUtf8) {
      const reason = 'the address needs SMTPUTF8, which the mail server does not offer (RFC 6531)';
      return { kind: 'impossible', reason };
    }
    if (maxSize === 0 || size <= maxSize) return undefined;
    // As the server would say it (RFC 1870 §6.1): no reader's fault, so nobody's message fails for it.
    const reply = `552 5.3.4 the message has ${size} bytes; the mail server takes ${maxSize}`;
    return { kind: 'refused', stage: 'mail', code: 552, reply };
  }

  /** @returns what refused the message, or null when the server waits for it */
  private async sendEnvelope(
    message: OutgoingMessage,
    stamped: StampedMessage,
    utf8: boolean,
  ): Promise<SendResult | null> {
    const size = this.ready.maxSize > 0 ? ` SIZE=${stamped.size}` : '';
    const body = stamped.eightBit ? ' BODY=8BITMIME' : '';
    const mail = `MAIL FROM:<${message.from}>${size}${body}${utf8 ? ' SMTPUTF8' : ''}\r\n`;
    const rcpt = `RCPT TO:<${message.to}>\r\n`;
    const refusal = await this.inTurn(() =>
      this.ready.pipelining ? this.pipelined(mail, rcpt) : this.stepByStep(mail, rcpt),
    );
    if (refusal) this.endTurn();
    return refusal;
  }

  private async stepByStep(mail: string, rcpt: string): Promise<SendResult | null> {
    const { timeouts } = this.ready;
    for (const [stage, command, timeout, expected] of [
      ['mail', mail, timeouts.command, 2],
      ['rcpt', rcpt, timeouts.command, 2],
      ['data', 'DATA\r\n', timeouts.data, 3],
    ] as const) {
      this.write(command);
      const reply = await this.reply(timeout);
      if (Math.floor(reply.code / 100) !== expected) return this.refused(stage, reply, true);
    }
    return null;
  }

  private async pipelined(mail: string, rcpt: string): Promise<SendResult | null> {
    const { timeouts } = this.ready;
    this.write(`${mail}${rcpt}DATA\r\n`);
    // All three at once: they may come in one packet. What came before the server hung up counts.
    const [mailReply, rcptReply, dataReply] = await this.replies([
      timeouts.command,
      timeouts.command,
      timeouts.command + timeouts.data,
    ]);
    const opened = dataReply?.code === 354;
    for (const stage of ['mail', 'rcpt'] as const) {
      const answer = stage === 'mail' ? mailReply : rcptReply;
      if (!answer) throw this.failure as Broken;
      if (answer.code < 300) continue;
      if (opened) await this.sendNothing();
      return this.refused(stage, answer, !opened);
    }
    if (!dataReply) throw this.failure as Broken;
    return opened ? null : this.refused('data', dataReply, true);
  }

  /** RFC 2920 §3.1: a server that says 354 with no valid recipient is given an empty message. */
  private async sendNothing(): Promise<void> {
    if (!this.alive) return;
    this.write('.\r\n');
    await this.reply(this.ready.timeouts.accept).catch(() => undefined); // then the session is broken, and known to be
  }

  /** Leaves the connection clean for the next message. */
  private async refused(
    stage: 'mail' | 'rcpt' | 'data',
    reply: SmtpReply,
    reset: boolean,
  ): Promise<SendResult> {
    if (reply.code === SERVICE_CLOSING) this.close();
    else if (reset && this.alive) {
      this.write('RSET\r\n');
      const answer = await this.reply(this.ready.timeouts.command).catch(() => undefined);
      if (!answer || answer.code >= 300) this.close();
    }
    return { kind: 'refused', stage, code: reply.code, reply: reply.text };
  }

  /** Begins an envelope now, or in the write that carries the content of the message before. */
  private inTurn<T>(begin: () => Promise<T>): Promise<T> {
    if (!this.opening) {
      this.opening = true;
      return begin();
    }
    return new Promise((resolve) => (this.next = () => resolve(begin())));
  }

  /** The message has its content out, or was refused: what follows is the next one's. */
  private endTurn(): void {
    const begin = this.next;
    this.next = undefined;
    this.opening = begin !== undefined;
    begin?.();
  }

  private write(command: string): void {
    if (this.failure) throw this.failure;
    this.ready.socket.write(command);
  }

  /** @param onTaken called when all of it was handed to the kernel: until then the server cannot have it all */
  private writeCorked(chunks: readonly Buffer[], onTaken: () => void): void {
    if (this.failure) throw this.failure;
    const { socket } = this.ready;
    socket.cork();
    chunks.forEach((chunk, at) => {
      if (at < chunks.length - 1) socket.write(chunk);
      else socket.write(chunk, (error) => !error && onTaken());
    });
    // When all that is ready to run has run: a message that is given in this turn has its envelope in the same write.
    process.nextTick(() => socket.uncork());
  }

  /** Writes the end of a message, and the envelope of the one that comes next if it is there. */
  private writeLast(chunks: readonly Buffer[], onDot: () => void): void {
    this.writeCorked(chunks, onDot);
    this.endTurn();
  }

  /** Writes a content without its final dot. Resolves when the kernel has taken all of it. */
  private taken(chunks: readonly Buffer[]): Promise<undefined> {
    return new Promise((resolve) => this.writeCorked(chunks, () => resolve(undefined)));
  }

  /** The next reply. @throws Broken when it did not come */
  private async reply(timeoutMs: number): Promise<SmtpReply> {
    const [reply] = await this.replies([timeoutMs]);
    if (!reply) throw this.failure as Broken;
    return reply;
  }

  /** The next replies, each with its time: fewer when the connection broke. */
  private replies(timeouts: readonly number[]): Promise<SmtpReply[]> {
    if (this.failure) return Promise.resolve([]);
    return new Promise((resolve) => {
      const replies: SmtpReply[] = [];
      this.waiters.push({ replies, timeouts, done: () => resolve(replies) });
      if (this.waiters.length === 1) this.time();
    });
  }

  private time(): void {
    clearTimeout(this.timer);
    const [due] = this.waiters;
    if (!due) return;
    const timeoutMs = due.timeouts[due.replies.length] as number;
    this.timer = setTimeout(() => this.breakOff(`no reply within ${timeoutMs / 1000} s`), timeoutMs);
  }

  private receive(chunk: string): void {
    if (this.failure) return;
    try {
      for (const reply of this.parser.push(chunk)) {
        const [waiter] = this.waiters;
        if (!waiter) {
          // Unasked words are a goodbye: 421 on an idle connection.
          this.breakOff(reply.text);
          return;
        }
        waiter.replies.push(reply);
        if (waiter.replies.length < waiter.timeouts.length) continue;
        this.waiters.shift();
        waiter.done();
      }
      this.time();
    } catch (error) {
      this.breakOff((error as Error).message);
    }
  }

  /** Breaks the connection. What is on it ends as `broken`. */
  breakOff(reason: string): void {
    if (this.failure) return;
    this.fail(reason);
    this.ready.socket.destroy();
    this.onClose();
  }

  private fail(reason: string): void {
    this.failure = new Broken(reason);
    clearTimeout(this.timer);
    for (const waiter of this.waiters.splice(0)) waiter.done();
    this.endTurn(); // whoever waits for it learns that the session is broken
  }

  /** Says goodbye and closes. */
  close(): void {
    if (this.failure) return;
    this.fail('closed');
    this.ready.socket.end('QUIT\r\n');
    this.ready.socket.destroySoon();
    this.onClose();
  }
}
