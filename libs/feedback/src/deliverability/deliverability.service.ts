import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { TransportSource } from '#delivery/transports/transport-settings.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { newId } from '#kernel/ids.js';
import type { Check, DeliverabilitySubject } from './check.js';
import { checkDeliverability } from './check-deliverability.js';
import { nodeResolver } from './dns/node-resolver.js';
import { publicAddresses } from './subject/own-addresses.js';
import { reachOurs } from './subject/reach.js';
import { subjectOf } from './subject/subject-of.js';

/** A page that is loaded again asks no DNS. */
const KEPT_MS = 60_000;

type Subject = Omit<DeliverabilitySubject, 'listUnsubscribeUrl'>;

/** The deliverability check of this installation: what it is called, by what it sends and what it signs with. */
@Injectable()
export class DeliverabilityService {
  private readonly resolver;
  private readonly reach = reachOurs();
  private kept: { subject: string; until: number; lines: Promise<Check[]> } | undefined;

  constructor(
    private readonly publications: PublicationService,
    private readonly transports: TransportSource,
    private readonly signer: TokenSigner,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.resolver = nodeResolver({ servers: config.dns.servers });
  }

  /**
   * Every line of the check, in its order. What was found within the last minute is given again, unless a setting has changed
   * since. Takes at most about twenty seconds; DNS that does not answer is a line.
   */
  async check(): Promise<Check[]> {
    const subject = await this.subject();
    const key = JSON.stringify(subject);
    const now = this.clock.now().getTime();
    if (this.kept?.subject === key && this.kept.until > now) return this.kept.lines;
    const lines = this.ask(subject);
    const kept = { subject: key, until: now + KEPT_MS, lines };
    this.kept = kept;
    lines.catch(() => {
      if (this.kept === kept) this.kept = undefined;
    });
    return lines;
  }

  /** What DNS says now. Asks no block list and fetches nothing. */
  async published(): Promise<Check[]> {
    return checkDeliverability({ ...(await this.subject()), listUnsubscribeUrl: null }, this.resolver);
  }

  private ask(subject: Subject): Promise<Check[]> {
    // Of no reader, and only fetched: nobody is unsubscribed by it, and its page is answered with 200 all the same.
    const token = this.signer.sign('unsubscribe', { subscriberId: newId() });
    const listUnsubscribeUrl = `${subject.baseUrl}/unsubscribe/${token}`;
    const { blockLists } = this.config.dns;
    return checkDeliverability({ ...subject, listUnsubscribeUrl }, this.resolver, {
      blockLists,
      reach: this.reach,
    });
  }

  private async subject(): Promise<Subject> {
    return subjectOf({
      publication: await this.publications.current(),
      transports: await this.transports.outsides(),
      bounceAddress: this.config.bounceAddress,
      addresses: publicAddresses(),
    });
  }
}
