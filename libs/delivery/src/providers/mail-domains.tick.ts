import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { MailDomainRepository } from './mail-domain.repository.js';
import { MailExchanges } from './mail-exchanges.js';
import { bestExchange, knownProvider, OTHER, providerOfExchange } from './mail-providers.js';

/** Readers looked at in each tick: who signed up lately, */
const NEWEST = 1_000;
/** and from the first to the last, again and again: 20 ms of the database, and a million readers within the hour. */
const WALKED = 20_000;
/** Domains looked up in a tick, so many at once, all within one time: the tick has other things to do. */
const LOOK_UPS = 200;
const AT_ONCE = 20;
const LOOK_UPS_MS = 5_000;
const DAY_MS = 86_400_000;
/** Few move their mail more often. */
const AGAIN_AFTER_MS = 30 * DAY_MS;
/** What could not be told may be told tomorrow. */
const FAILED_AGAIN_AFTER_MS = DAY_MS;

/** Learns who takes the mail of readers' domains, before it is asked. */
@Injectable()
@OnTick({ order: 90 })
export class MailDomainsTick implements TickTask {
  readonly name = 'mail domains';
  /** Of this process: another walks by itself, and finds nothing left to do. */
  private walkedTo: string | null = null;

  constructor(
    private readonly domains: MailDomainRepository,
    private readonly exchanges: MailExchanges,
    private readonly clock: Clock,
  ) {}

  async run({ signal }: Pick<JobContext, 'signal'>): Promise<void> {
    const unknown = new Set(await this.domains.ofNewest(NEWEST));
    const { domains, last } = await this.domains.walk(this.walkedTo, WALKED);
    for (const domain of domains) unknown.add(domain);
    const now = this.clock.now().getTime();
    const told = new Date(now - AGAIN_AFTER_MS);
    for (const domain of await this.domains.findOld(told, new Date(now - FAILED_AGAIN_AFTER_MS), LOOK_UPS))
      unknown.add(domain);
    const found = [...unknown].map((domain) => ({ domain, provider: knownProvider(domain) }));
    const known = found.flatMap(({ domain, provider }) => (provider ? [{ domain, provider }] : []));
    await this.domains.write(known, new Date(now));
    const asked = found.flatMap(({ domain, provider }) => (provider ? [] : [domain]));
    await this.lookUp(asked.slice(0, LOOK_UPS), signal);
    // Of more than were looked up some may be left here: they come up again from the same place.
    if (asked.length <= LOOK_UPS) this.walkedTo = last;
  }

  private async lookUp(domains: string[], stopped: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(LOOK_UPS_MS)]);
    const waiting = [...domains];
    const found: { domain: string; provider: string }[] = [];
    const lane = async () => {
      for (let domain = waiting.shift(); domain && !signal.aborted; domain = waiting.shift())
        found.push({ domain, provider: await this.providerOf(domain, signal) });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    if (!stopped.aborted) await this.domains.write(found, this.clock.now());
  }

  /** {@link OTHER} when DNS does not say, or does not answer: it is asked again tomorrow. */
  private async providerOf(domain: string, signal: AbortSignal): Promise<string> {
    try {
      const exchange = bestExchange(await this.exchanges.of(domain, signal));
      return exchange ? providerOfExchange(exchange) : OTHER;
    } catch {
      return OTHER;
    }
  }
}
