import { wireChunks, type StampedMessage } from '#rendering/plate.js';
import type { SendResult } from './outcome.js';
import type { ReadySocket } from './smtp-handshake.js';
import { ReplyParser, type SmtpReply } from './smtp-reply.js';
import type { OutgoingMessage } from './transport.js';

const MINUTE_MS = 60_000;
const COMMAND_TIMEOUT_MS = 5 * MINUTE_MS; // RFC 5321 §4.5.3.2.2-3: MAIL and RCPT, 5 minutes each
const DATA_TIMEOUT_MS = 2 * MINUTE_MS; // §4.5.3.2.4: DATA initiation
const ACCEPT_TIMEOUT_MS = 10 * MINUTE_MS; // §4.5.3.2.6: after the final dot
const FINAL_DOT = Buffer.from('.\r\n');
const SERVICE_CLOSING = 421; // §4.2.3: the server closes the channel

/** The connection is of no more use. */
class Broken extends Error {}

interface Waiter {
  resolve: (reply: SmtpReply) => void;
  reject: (error: Error) => void;
  timeoutMs: number;
}

/**
 * One SMTP connection in use: sends message after message. When the server offers PIPELINING (RFC 2920), MAIL, RCPT and
 * DATA go out in one write, and with the content of the message before if the next one is there by then: one write and
 * one read a message. The message's buffers are written corked and never copied.
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

  constructor(
    private readonly ready: ReadySocket,
    private readonly onClose: () => void,
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
   * Sends one message. Never throws, unless `begin` does. After `broken` the session is of no more use. At most one more
   * may be given meanwhile, and only while {@link takesNext}.
   * @param begin asked once more when the server waits for the content
   */
  async send(message: OutgoingMessage, begin: () => boolean): Promise<SendResult> {
    const utf8 = /[^\0-\x7f]/.test(message.to + message.from);
    const stamped = message.stamp(this.ready.eightBitMime ? '8bit' : '7bit');
    const impossible = this.obstacle(message, stamped, utf8);
    if (impossible) return impossible;
    this.uses += 1;
    let dotIsOut = false;
    try {
      const refusal = await this.sendEnvelope(message, stamped, utf8);
      if (refusal) return refusal;
      if (!begin()) {
        this.breakOff('the message was not to be begun any more'); // the only way out of DATA without a message
        return { kind: 'not-begun' };
      }
      const reply = await this.writeMessage(wireChunks(stamped), () => (dotIsOut = true));
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
    for (const [stage, command, timeout, expected] of [
      ['mail', mail, COMMAND_TIMEOUT_MS, 2],
      ['rcpt', rcpt, COMMAND_TIMEOUT_MS, 2],
      ['data', 'DATA\r\n', DATA_TIMEOUT_MS, 3],
    ] as const) {
      this.write(command);
      const reply = await this.reply(timeout);
      if (Math.floor(reply.code / 100) !== expected) return this.refused(stage, reply, true);
    }
    return null;
  }

  private async pipelined(mail: string, rcpt: string): Promise<SendResult | null> {
    this.write(`${mail}${rcpt}DATA\r\n`);
    // All three wait at once: their replies may come in one packet.
    const [mailReply, rcptReply, dataReply] = await Promise.allSettled([
      this.reply(COMMAND_TIMEOUT_MS),
      this.reply(COMMAND_TIMEOUT_MS),
      this.reply(COMMAND_TIMEOUT_MS + DATA_TIMEOUT_MS),
    ]);
    const opened = dataReply.status === 'fulfilled' && dataReply.value.code === 354;
    for (const [stage, answer] of [
      ['mail', mailReply],
      ['rcpt', rcptReply],
    ] as const) {
      // What was refused was refused, also when the server hung up after saying so.
      if (answer.status === 'rejected') throw answer.reason as Error;
      if (answer.value.code < 300) continue;
      if (opened) await this.sendNothing();
      return this.refused(stage, answer.value, !opened);
    }
    if (dataReply.status === 'rejected') throw dataReply.reason as Error;
    return opened ? null : this.refused('data', dataReply.value, true);
  }

  /** RFC 2920 §3.1: a server that says 354 with no valid recipient is given an empty message. */
  private async sendNothing(): Promise<void> {
    if (!this.alive) return;
    this.write('.\r\n');
    await this.reply(ACCEPT_TIMEOUT_MS).catch(() => undefined); // then the session is broken, and known to be
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
      const answer = await this.reply(COMMAND_TIMEOUT_MS).catch(() => undefined);
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

  /**
   * Writes the content, and the envelope of the message that comes next if it is there.
   * @param onDot called when the final dot was handed to the kernel: until then the server cannot have the message
   */
  private writeMessage(chunks: readonly Buffer[], onDot: () => void): Promise<SmtpReply> {
    if (this.failure) throw this.failure;
    const { socket } = this.ready;
    const reply = this.reply(ACCEPT_TIMEOUT_MS); // before the next message's waiters
    socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    socket.write(FINAL_DOT, (error) => {
      if (!error) onDot();
    });
    this.endTurn();
    // When all that is ready to run has run: a message that is given in this turn has its envelope in the same write.
    process.nextTick(() => socket.uncork());
    return reply;
  }

  private reply(timeoutMs: number): Promise<SmtpReply> {
    return new Promise((resolve, reject) => {
      if (this.failure) {
        reject(this.failure);
        return;
      }
      this.waiters.push({ resolve, reject, timeoutMs });
      if (this.waiters.length === 1) this.time();
    });
  }

  private time(): void {
    clearTimeout(this.timer);
    const [due] = this.waiters;
    if (!due) return;
    const { timeoutMs } = due;
    this.timer = setTimeout(() => this.breakOff(`no reply within ${timeoutMs / 1000} s`), timeoutMs);
  }

  private receive(chunk: string): void {
    if (this.failure) return;
    try {
      for (const reply of this.parser.push(chunk)) {
        const waiter = this.waiters.shift();
        if (!waiter) {
          // Unasked words are a goodbye: 421 on an idle connection.
          this.breakOff(reply.text);
          return;
        }
        waiter.resolve(reply);
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
    for (const waiter of this.waiters.splice(0)) waiter.reject(this.failure);
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
