import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { StoredDkimKey } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound } from '#kernel/errors/errors.js';
import { generateDkimKey, privateKeyPem } from '../dkim/dkim-keys.js';
import { parseSelector, parseSigningDomain } from '../dkim/dkim-names.js';
import { dnsRecord, type DnsRecord } from '../dkim/dkim-record.js';
import type { DkimAlgorithm } from '../dkim/dkim-signer.js';
import { TransportSecrets } from './transport-secrets.js';
import type { DkimInput } from './transport.schemas.js';
import { TransportService } from './transport.service.js';

const SHORT = { 'rsa-sha256': 'rsa', 'ed25519-sha256': 'ed25519' } as const;
/** Each signs every message. More than a pair in use and a pair to come is a mistake. */
const MAX_KEYS = 8;

/** A key's public side, and what belongs into DNS. */
export interface DkimRecord {
  domain: string;
  selector: string;
  algorithm: 'rsa' | 'ed25519';
  record: DnsRecord;
}

/** The DKIM keys of transports (RFC 6376). Private keys are sealed and never leave again but to sign. */
@Injectable()
export class TransportDkim {
  constructor(
    private readonly transports: TransportService,
    private readonly publications: PublicationService,
    private readonly secrets: TransportSecrets,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `not_found` */
  async list(transportId: string): Promise<DkimRecord[]> {
    return (await this.transports.row(transportId)).dkim.map(shown);
  }

  /**
   * Makes a key, or one of each algorithm.
   * @throws DomainError `invalid_input`, `not_found`; `conflict` when the selector is taken
   */
  async add(transportId: string, input: DkimInput): Promise<DkimRecord[]> {
    await this.transports.row(transportId); // there is none: say so before making keys
    const domain = parseSigningDomain(input.domain ?? (await this.senderDomain()));
    const algorithms: DkimAlgorithm[] =
      input.algorithm === 'both' ? ['rsa-sha256', 'ed25519-sha256'] : [`${input.algorithm}-sha256`];
    const selectors = (stem: string) =>
      algorithms.map((one) => parseSelector(algorithms.length > 1 ? `${stem}-${SHORT[one]}` : stem, domain));
    const asked = input.selector === undefined ? null : selectors(input.selector);
    // Before the lock: an RSA key takes a while.
    const pairs = await Promise.all(algorithms.map((algorithm) => generateDkimKey(algorithm)));
    let made: StoredDkimKey[] = [];
    await this.transports.change(transportId, ({ dkim }) => {
      const isTaken = (one: string) => dkim.some((key) => key.domain === domain && key.selector === one);
      const chosen =
        asked ??
        this.stems()
          .map(selectors)
          .find((some) => !some.some(isTaken)) ??
        [];
      const taken = chosen.find(isTaken);
      if (taken) throw selectorTaken(taken);
      if (chosen.length === 0 || dkim.length + chosen.length > MAX_KEYS) {
        const message = `A transport has at most ${MAX_KEYS} keys; remove old ones.`;
        throw invalidField('algorithm', 'too_many', message);
      }
      made = pairs.map((pair, at) => ({
        domain,
        selector: chosen[at] as string,
        algorithm: pair.algorithm,
        sealedPrivateKey: this.secrets.sealDkim(transportId, privateKeyPem(pair)),
        publicKey: pair.publicKey,
      }));
      return { dkim: [...dkim, ...made] };
    });
    return made.map(shown);
  }

  /** Forgets the keys with a selector. @throws DomainError `not_found` */
  async remove(transportId: string, selector: string): Promise<void> {
    await this.transports.change(transportId, ({ dkim }) => {
      const rest = dkim.filter((key) => key.selector !== selector.toLowerCase());
      if (rest.length === dkim.length) throw notFound('DKIM key');
      return { dkim: rest };
    });
  }

  private async senderDomain(): Promise<string> {
    const { senderEmail } = await this.publications.current();
    const domain = senderEmail.slice(senderEmail.lastIndexOf('@') + 1);
    if (domain.includes('.')) return domain;
    const message = `The sender's address is at ${domain}, which has no DNS. Give the domain, or mend the sender.`;
    throw invalidField('domain', 'required', message);
  }

  /** `bs20261122`, and the same with a letter behind it. */
  private stems(): string[] {
    const day = `bs${this.clock.now().toISOString().slice(0, 10).replaceAll('-', '')}`;
    return ['', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((letter) => day + letter);
  }
}

function selectorTaken(selector: string): DomainError {
  const message = `There is a key with the selector "${selector}" already; choose another.`;
  return new DomainError('conflict', message, { errors: [{ field: 'selector', code: 'taken', message }] });
}

function shown(key: StoredDkimKey): DkimRecord {
  const { domain, selector, algorithm } = key;
  return { domain, selector, algorithm: SHORT[algorithm], record: dnsRecord(key) };
}
