import type { ClaimedDelivery } from './delivery.repository.js';
import { Departures, type DepartureGroup } from './departures.js';
import { domainOfAddress, type DomainLimit } from '../limits/domain-rules.js';
import type { SendingLimits } from '../limits/sending-limits.js';
import type { PolicyBreaker } from '../policy/policy-breaker.js';
import { PolicyGate } from '../policy/policy-gate.js';
import type { Allowance } from '../routes/route-choice.js';

/** A domain that has just deferred us is tried with few messages until it takes one. */
const PROBES = 2;

/** So many deferrals in a row that may each be about one mailbox are about their domain. */
const SUSPICIOUS = 3;

type Row = ClaimedDelivery;

/** The rows of one claim, in the order and at the pace that the transport and their domains allow. */
export class DepartureBoard {
  private departures = new Departures<Row>([]);
  /** Domains that deferred us lately, and for how many ms they still rest; the first acceptance clears one. */
  private troubled = new Map<string, { restMs: number }>();
  /** Deferrals in a row that may be about the domain. */
  private readonly suspected = new Map<string, number>();
  private holdsPermits = false;
  private readonly gate: PolicyGate<Row>;

  constructor(
    private readonly limits: SendingLimits,
    policy: PolicyBreaker,
    private readonly allowance: Allowance,
    private readonly holder: { token: string; leaseMs: number },
    private readonly rows: readonly Row[],
  ) {
    this.gate = new PolicyGate(policy);
  }

  /** Asks an allowance for the domains that need it. @returns the rows that got none, and for how long each is to wait */
  async open(): Promise<{ row: Row; forMs: number }[]> {
    const { route, places } = this.allowance;
    const { settings, transport } = route;
    if (settings) this.troubled = await this.limits.troubled(settings);
    const byKey = new Map<string, { limit: DomainLimit; rows: Row[] }>();
    const free: Row[] = [];
    const { admitted, waiting } = settings
      ? await this.gate.admit(this.rows)
      : { admitted: this.rows, waiting: [] };
    for (const row of admitted) {
      const limit = this.limitOf(row);
      const forMs = this.troubled.get(limit.key)?.restMs ?? 0;
      if (forMs > 0) waiting.push({ row, forMs });
      else if (limit.connections === null && limit.perSecond === null && !this.troubled.has(limit.key))
        free.push(row);
      else {
        const group = byKey.get(limit.key) ?? { limit, rows: [] };
        byKey.set(limit.key, group);
        group.rows.push(row);
      }
    }
    const groups: DepartureGroup<Row>[] = [{ rows: free, ...atAnyPace(transport.lanes) }];
    if (settings && byKey.size > 0) {
      this.holdsPermits = true;
      const wanted = [...byKey.values()].map(({ limit, rows }) => ({ limit, n: rows.length }));
      const leaves = await this.limits.domains(settings, wanted, this.holder, transport.lanes);
      for (const [key, { rows }] of byKey) {
        const given = leaves.get(key);
        const granted = given?.granted ?? 0;
        if (given && granted > 0) {
          const atOneTime = this.troubled.has(key) ? Math.min(PROBES, given.atOneTime) : given.atOneTime;
          groups.push({ ...given, atOneTime, rows: rows.slice(0, granted) });
        }
        // Those after the last place have no better prospect than its end.
        const forMs =
          granted > 0 ? (given?.firstInMs ?? 0) + granted * (given?.everyMs ?? 0) : given?.retryInMs;
        for (const row of rows.slice(granted)) waiting.push({ row, forMs: forMs ?? 0 });
      }
    }
    this.departures = new Departures(groups, places);
    return waiting;
  }

  /** The row that may leave at this moment, if there is one. */
  take(): Row | undefined {
    return this.departures.takeNow();
  }

  /** The row that may leave next, when it may; nothing: none is left, or `isOver`. */
  next(isOver: () => boolean): Promise<Row | undefined> {
    return this.departures.next(isOver);
  }

  arrived(row: Row): void {
    this.departures.arrived(row);
  }

  putBack(row: Row): void {
    this.departures.putBack(row);
  }

  /** Whether its domain has deferred us lately, or is on trial. */
  isInTrouble(row: Row): boolean {
    return this.troubled.size > 0 || this.suspected.size > 0 || this.gate.isOnTrial(row);
  }

  /** Its domain takes mail again, if it did not. */
  async accepted(row: Row): Promise<void> {
    const { settings } = this.allowance.route;
    if (!settings) return;
    const { key } = this.limitOf(row);
    this.suspected.delete(key);
    if (this.troubled.delete(key)) await this.limits.accepted(settings, key);
  }

  /**
   * Its domain asked us to wait.
   * @param certain whether it was said of the domain; else it may have been about one mailbox, until it is said again
   * @returns the rows that will not leave for it, and for how long they are to wait
   */
  async deferred(row: Row, certain: boolean): Promise<{ rows: Row[]; forMs: number }> {
    const { settings } = this.allowance.route;
    if (!settings) return { rows: [], forMs: 0 };
    const { key } = this.limitOf(row);
    const inARow = (this.suspected.get(key) ?? 0) + 1;
    this.suspected.set(key, inARow);
    if (!certain && inARow < SUSPICIOUS && !this.troubled.has(key)) return { rows: [], forMs: 0 };
    const rows = this.departures.dismiss((other) => this.limitOf(other).key === key);
    return { rows, forMs: await this.limits.deferred(settings, key) };
  }

  /** Whether it is the one message its domain gets after a rest. */
  isOnTrial(row: Row): boolean {
    return this.gate.isOnTrial(row);
  }

  /** A domain is left alone. @returns the rows that will not leave for it */
  rested(domain: string): Row[] {
    return this.departures.dismiss((row) => domainOfAddress(row.email) === domain);
  }

  async close(): Promise<void> {
    if (this.holdsPermits) await this.limits.giveBackPermits(this.holder.token);
  }

  private limitOf(row: Row): DomainLimit {
    return this.allowance.route.rules.limitOf(domainOfAddress(row.email));
  }
}

function atAnyPace(lanes: number) {
  return { firstInMs: 0, everyMs: 0, atOneTime: lanes };
}
