import { DomainRules } from './limits/domain-rules.js';
import type { Transport } from './transport.js';
import type { TransportSettings } from './transports/transport-settings.js';

/** A server that has just deferred everything is left alone: doubling from one second to one minute. */
const REST_FIRST_MS = 1_000;
const REST_LONGEST_MS = 60_000;

/** A transport in use, with what is known of it. */
export class Way {
  readonly rules: DomainRules;
  private restingUntil = 0;
  private nextRestMs = REST_FIRST_MS;

  /** @param settings null: the built-in mailbox, which has no limits */
  constructor(
    readonly settings: TransportSettings | null,
    readonly transport: Transport,
  ) {
    this.rules = new DomainRules(settings ? settings.domainRules : []);
  }

  /** For how many milliseconds it is of no use to try; 0: it may be tried. */
  get restMs(): number {
    return Math.max(this.transport.restMs(), this.restingUntil - Date.now(), 0);
  }

  /** Leaves it alone for a while. */
  rest(ms: number): void {
    this.restingUntil = Math.max(this.restingUntil, Date.now() + ms);
  }

  /** The server put off whatever it was given. @returns for how long it is left alone */
  deferred(): number {
    if (this.restingUntil > Date.now()) return this.restingUntil - Date.now();
    const ms = this.nextRestMs;
    this.nextRestMs = Math.min(this.nextRestMs * 2, REST_LONGEST_MS);
    this.rest(ms);
    return ms;
  }

  /** It took a message. */
  accepted(): void {
    this.nextRestMs = REST_FIRST_MS;
  }
}
