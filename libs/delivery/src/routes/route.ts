import { DomainRules } from '../limits/domain-rules.js';
import { isLimited } from '../limits/sending-limits.js';
import type { Transport } from '../smtp/transport.js';
import type { TransportSettings } from '../transports/transport-settings.js';

/** A server that has just deferred everything is left alone: doubling from one second to one minute. */
const REST_FIRST_MS = 1_000;
const REST_LONGEST_MS = 60_000;
/** So many failures in a row that may each be about one message are about the server. */
const SUSPICIOUS = 3;

/** A transport in use, with what is known of it. */
export class Route {
  readonly rules: DomainRules;
  /** The domains by which Broadsheet signs what goes here; a relay may sign besides. */
  readonly signedBy: readonly string[];
  private restingUntil = 0;
  private nextRestMs = REST_FIRST_MS;
  /** In a row, since it last took a message. */
  private failures = 0;
  /** What an earlier process noted of it may not be true any more. */
  private mayBeTroubled = true;

  /**
   * @param settings null: the built-in mailbox, which has no limits
   * @param onRecovery it took a message, after a rest or for the first time
   */
  constructor(
    readonly settings: TransportSettings | null,
    readonly transport: Transport,
    private readonly onRecovery: () => void = () => undefined,
  ) {
    this.rules = new DomainRules(settings ? settings.domainRules : []);
    this.signedBy = settings ? settings.dkim.map(({ domain }) => domain) : [];
  }

  /** Whether messages are counted before any is sent by it. */
  get isLimited(): boolean {
    return this.settings !== null && isLimited(this.settings.limits);
  }

  /** Whether it is used only while no other can be. */
  get isSpare(): boolean {
    return this.settings?.weight === 0;
  }

  /** For how many milliseconds it is of no use to try; 0: it may be tried. */
  get restMs(): number {
    return Math.max(this.transport.restMs(), this.restingUntil - Date.now(), 0);
  }

  /** Leaves it alone for a while. */
  rest(ms: number): void {
    this.restingUntil = Math.max(this.restingUntil, Date.now() + ms);
    this.mayBeTroubled = true;
  }

  /** The server put off whatever it was given. @returns for how long it is left alone */
  deferred(): number {
    if (this.restingUntil > Date.now()) return this.restingUntil - Date.now();
    const ms = this.nextRestMs;
    this.nextRestMs = Math.min(this.nextRestMs * 2, REST_LONGEST_MS);
    this.rest(ms);
    return ms;
  }

  /** A message failed for a reason that may be the server's. @returns whether it failed so often that it is */
  suspect(): boolean {
    this.failures += 1;
    return this.failures >= SUSPICIOUS;
  }

  /** It took a message. */
  accepted(): void {
    this.failures = 0;
    this.nextRestMs = REST_FIRST_MS;
    if (!this.mayBeTroubled || this.restingUntil > Date.now()) return;
    this.mayBeTroubled = false;
    this.onRecovery();
  }
}
