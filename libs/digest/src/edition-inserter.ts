import { Injectable } from '@nestjs/common';
import { freeSlug, slugStem } from '#content/slug.js';
import type { Executor } from '#database/database.js';
import { DomainError } from '#kernel/errors.js';
import { EditionRepository, type NewEdition } from './edition.repository.js';

/** How often a slug is tried again when others take it at the same moment. */
const SLUG_TRIES = 20;

/** Inserts editions that no operator drafts: their articles are given, and they are to be prepared at once. */
@Injectable()
export class EditionInserter {
  constructor(private readonly editions: EditionRepository) {}

  /**
   * Inserts an edition with its articles; its slug gets a number if it is taken.
   * @throws DomainError `unavailable` when others took every slug that was tried, or the row is one too many of its kind
   */
  async insert(tx: Executor, row: NewEdition, articleIds: readonly string[]): Promise<void> {
    for (let tries = 0; tries < SLUG_TRIES; tries++) {
      const taken = await this.editions.slugsBeginningWith(tx, row.publicationId, slugStem(row.slug));
      // Someone else may take it between the look and the insert; then this waits for them and says false.
      if (await this.editions.insertUnlessTaken(tx, { ...row, slug: freeSlug(row.slug, taken) })) {
        await this.editions.replaceArticles(tx, row.id, articleIds);
        return;
      }
    }
    throw new DomainError('unavailable', 'Too many editions are being made at once; try again.');
  }
}
