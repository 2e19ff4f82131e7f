import { setMaxListeners } from 'node:events';
import type { Log } from '#kernel/observing/logger.js';
import type { StampedMessage } from '#rendering/wire/plate.js';
import type { SendResult } from '../outcomes/send-result.js';
import { HandshakeError, openSocket } from './smtp-handshake.js';
import type { SmtpOptions } from './smtp-options.js';
import { SmtpSession } from './smtp-session.js';
import { Transport, type OutgoingMessage, type Permission } from './transport.js';

/** After a failed connection the server is left alone: doubling from one second to one minute. */
const REST_FIRST_MS = 1_000;
const REST_LONGEST_MS = 60_000;
/** Servers tire of a connection after some hundreds of messages; a fresh one also finds a changed DNS. */
const MESSAGES_PER_CONNECTION = 1_000;
/** An idle connection costs the server a slot. */
const IDLE_MS = 10_000;

/** The server ended a connection that had been in use: it says nothing about the message that came next. */
function isOfConnection(result: SendResult): boolean {
  if (result.kind === 'broken') return result.stage === 'before';
  return result.kind === 'refused' && result.stage === 'mail' && result.code === 421;
}

interface Idle {
  session: SmtpSession;
  timer: NodeJS.Timeout;
}

/** What is told of a transport's doings. */
export interface SmtpTransportHooks {
  onConnections?: (open: number) => void;
  /** Makes the header lines that sign a message. */
  sign?: (message: StampedMessage) => Buffer;
  /** It cannot be used, and is left alone for so many milliseconds. */
  onTrouble?: (reason: string, restMs: number) => void;
  /** It can be used again. */
  onRecovery?: () => void;
}

/** Pooled SMTP to one server. */
export class SmtpTransport extends Transport {
  private idle: Idle[] = [];
  /** How many messages are on each connection that is not idle: one, or two where the next is pipelined. */
  private readonly load = new Map<SmtpSession, number>();
  /** Connections there are: idle, busy and being made. */
  private open = 0;
  private readonly queue: (() => void)[] = [];
  private restingUntil = 0;
  private nextRestMs = REST_FIRST_MS;
  private restReason = '';
  private readonly closing = new AbortController();

  constructor(
    readonly name: string,
    private readonly options: SmtpOptions,
    readonly lanes: number,
    private readonly log: Log,
    private readonly hooks: SmtpTransportHooks = {},
  ) {
    super();
    setMaxListeners(lanes + 1, this.closing.signal); // one for each connection that is being made
  }

  override async send(message: OutgoingMessage, begin: Permission = () => true): Promise<SendResult> {
    for (let fresh = false; ; fresh = true) {
      const session = await this.acquire(fresh);
      if (!(session instanceof SmtpSession)) return session;
      const reused = session.uses > 0;
      let result: SendResult = { kind: 'not-begun' };
      try {
        if (begin('envelope')) result = await session.send(message, begin);
      } finally {
        this.giveBack(session);
      }
      // A pooled connection that the server had dropped meanwhile says nothing about this message: use a new one, once.
      if (reused && !fresh && isOfConnection(result)) continue;
      return result;
    }
  }

  override restMs(): number {
    return this.open > 0 ? 0 : Math.max(this.restingUntil - Date.now(), 0);
  }

  /** @param fresh it must be a new connection: a pooled one has just failed */
  private async acquire(fresh: boolean): Promise<SmtpSession | SendResult> {
    for (;;) {
      if (this.closing.signal.aborted)
        return { kind: 'unreachable', reason: 'shutting down', retryAfterMs: 0 };
      const pooled = fresh ? undefined : this.takeIdle();
      if (pooled) return pooled;
      const rest = this.restingUntil - Date.now();
      if (rest > 0 && this.open === 0) {
        return { kind: 'unreachable', reason: this.restReason, retryAfterMs: rest };
      }
      // While it rests with connections open, the server has let us have as many as it wants: wait for one of them.
      if (rest <= 0 && this.makeRoom(fresh)) {
        const made = await this.connect();
        if (made) return made;
      } else if (fresh && rest > 0) {
        fresh = false; // no new one to be had
      } else {
        const shared = fresh ? undefined : this.share();
        if (shared) return shared;
        await new Promise<void>((resolve) => this.queue.push(resolve));
      }
    }
  }

  private takeIdle(): SmtpSession | undefined {
    for (let idle = this.idle.pop(); idle; idle = this.idle.pop()) {
      clearTimeout(idle.timer);
      if (!idle.session.alive) continue;
      this.load.set(idle.session, 1);
      return idle.session;
    }
    return undefined;
  }

  /** A connection with one message on its way, for the next one's envelope to go with its content. */
  private share(): SmtpSession | undefined {
    for (const [session, messages] of this.load) {
      if (messages > 1 || !session.takesNext || session.uses >= MESSAGES_PER_CONNECTION) continue;
      this.load.set(session, 2);
      return session;
    }
    return undefined;
  }

  /** @returns whether one more connection may be made, if need be in place of an idle one */
  private makeRoom(fresh: boolean): boolean {
    if (this.open >= this.lanes && fresh) {
      const session = this.takeIdle();
      if (session) {
        this.load.delete(session);
        session.close();
      }
    }
    return this.open < this.lanes;
  }

  /** @returns a session; what refuses us; or nothing, if it failed while others are open */
  private async connect(): Promise<SmtpSession | SendResult | undefined> {
    this.count(1);
    try {
      const ready = await openSocket(this.options, this.closing.signal);
      const onClose = () => {
        this.load.delete(session);
        this.count(-1);
      };
      const session: SmtpSession = new SmtpSession(ready, onClose, this.hooks.sign);
      this.load.set(session, 1);
      if (this.nextRestMs > REST_FIRST_MS) this.hooks.onRecovery?.();
      this.nextRestMs = REST_FIRST_MS;
      return session;
    } catch (error) {
      return this.notConnected(error as HandshakeError);
    }
  }

  private notConnected({ message, code, refused }: HandshakeError): SendResult | undefined {
    if (this.restingUntil < Date.now() && !this.closing.signal.aborted) {
      this.log.warn('the mail server cannot be used', { transport: this.name, reason: message });
      this.restingUntil = Date.now() + this.nextRestMs;
      this.hooks.onTrouble?.(message, this.nextRestMs);
      this.nextRestMs = Math.min(this.nextRestMs * 2, REST_LONGEST_MS);
      this.restReason = message;
    }
    this.count(-1);
    // A server that serves our other connections does not refuse us; it has enough of them.
    if (!refused || this.open > 0) return undefined;
    return { kind: 'rejected-client', code: code ?? 500, reply: message };
  }

  private giveBack(session: SmtpSession): void {
    const others = (this.load.get(session) ?? 1) - 1;
    if (others > 0) this.load.set(session, others);
    else this.load.delete(session);
    if (session.alive && others === 0) {
      if (this.closing.signal.aborted || session.uses >= MESSAGES_PER_CONNECTION) session.close();
      else {
        const timer = setTimeout(() => {
          this.idle = this.idle.filter((one) => one.session !== session);
          session.close();
        }, IDLE_MS);
        timer.unref();
        this.idle.push({ session, timer });
      }
    }
    this.queue.shift()?.();
  }

  private count(change: number): void {
    this.open += change;
    this.hooks.onConnections?.(this.open);
    if (this.open === 0) this.wakeAll();
    else if (change < 0) this.queue.shift()?.();
  }

  private wakeAll(): void {
    for (const wake of this.queue.splice(0)) wake();
  }

  override breakOff(): void {
    this.stop();
    for (const session of [...this.load.keys()]) session.breakOff('the process had to stop');
  }

  override close(): Promise<void> {
    this.stop();
    return Promise.resolve();
  }

  private stop(): void {
    this.closing.abort();
    for (const { session, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      session.close();
    }
    this.wakeAll();
  }
}
