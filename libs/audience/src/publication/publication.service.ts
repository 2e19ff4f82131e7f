import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { DomainError, invalidField, notFound } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { validate } from '#kernel/input/validate.js';
import { firstTerms } from './first-terms.js';
import { PublicationRepository } from './publication.repository.js';
import { POSTAL_ADDRESS_PLACEHOLDER, publicationPatch, type Publication } from './publication.schema.js';
import type { PublicationPatch } from './publication.schema.js';
import { TermsRepository, newTermsRow } from './terms.repository.js';

export type { Publication } from './publication.schema.js';

/** How long a process may go on with an older reading: short enough that an operator does not notice. */
const CACHE_MS = 1000;

/** The publication: there is one. */
@Injectable()
export class PublicationService {
  private cached: { row: Publication; until: number } | undefined;

  constructor(
    private readonly database: Database,
    private readonly publications: PublicationRepository,
    private readonly terms: TermsRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Makes the publication from the configuration, with a first version of the terms, unless there is one. */
  async ensure(): Promise<Publication> {
    return this.database.transaction(async (tx) => {
      const existing = await this.publications.first(tx);
      if (existing) return existing;
      await this.publications.lockCreation(tx);
      // While this one waited for the lock, another process may have made it.
      const madeMeanwhile = await this.publications.first(tx);
      if (madeMeanwhile) return madeMeanwhile;
      const row = this.fromConfig();
      await this.publications.insert(tx, row);
      const texts = Object.entries(firstTerms(row.name));
      await this.terms.insert(
        tx,
        texts.map(([locale, text]) => newTermsRow(row.id, 1, locale, text, row.createdAt)),
      );
      return row;
    });
  }

  /** The publication as it is now, give or take a second. */
  async current(): Promise<Publication> {
    // Not the Clock: a cache ages in real time, also while a test's clock stands still.
    const now = performance.now();
    if (this.cached && this.cached.until > now) return this.cached.row;
    const row = (await this.publications.first()) ?? (await this.ensure());
    this.cached = { row, until: now + CACHE_MS };
    return row;
  }

  /**
   * @param patch what is not given stays
   * @param mayMove whether the address of the site may be changed, which decides where readers' links lead
   * @throws DomainError `invalid_input`; `forbidden` when it may not be moved
   */
  async update(patch: PublicationPatch, { mayMove = false } = {}): Promise<Publication> {
    return this.change(patch, (row) => {
      if (patch.baseUrl !== undefined && patch.baseUrl !== row.baseUrl) this.refuseToMove(mayMove);
    });
  }

  private refuseToMove(mayMove: boolean): void {
    if (this.config.baseUrlGiven) {
      throw invalidField('baseUrl', 'fixed', 'It is set by BASE_URL on the server; change it there.');
    }
    if (!mayMove) {
      throw new DomainError(
        'forbidden',
        'Only an owner may change baseUrl: every link in mails leads there.',
      );
    }
  }

  /** Follows the address that the environment says. */
  async moveTo(baseUrl: string): Promise<void> {
    await this.change(validate(publicationPatch, { baseUrl }));
  }

  /** @param check of the row as it is, under its lock */
  private async change(
    { theme, wording, ...plain }: PublicationPatch,
    check?: (row: Publication) => void,
  ): Promise<Publication> {
    const { id } = await this.current();
    const changed = await this.database.transaction(async (tx) => {
      const row = await this.publications.lock(tx, id);
      if (!row) throw notFound('publication');
      check?.(row);
      const next: Publication = {
        ...row,
        ...defined(plain),
        theme: { ...row.theme, ...defined(theme ?? {}) },
        wording: { ...row.wording, ...defined(wording ?? {}) },
        updatedAt: this.clock.now(),
      };
      await this.publications.update(tx, id, next);
      return next;
    });
    this.cached = undefined;
    return changed;
  }

  private fromConfig(): Publication {
    const now = this.clock.now();
    const { mailFrom, baseUrl } = this.config;
    const name = mailFrom?.name || 'Broadsheet';
    return {
      id: newId(),
      name,
      baseUrl,
      senderName: name,
      senderEmail: mailFrom?.address ?? 'news@localhost',
      replyTo: null,
      postalAddress: POSTAL_ADDRESS_PLACEHOLDER,
      locale: 'en',
      timeZone: 'UTC',
      theme: { accentColor: '#9b1c1c' },
      wording: {},
      measure: 'totals',
      utm: null,
      createdAt: now,
      updatedAt: now,
    };
  }
}

/** The members that were given: an undefined one must not wipe out what is there. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
