import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { DigestRow } from '../digest.repository.js';
import { EditionRepository } from '../edition.repository.js';

/** What an edition that asks for a yes would be made of. */
@Injectable()
export class ProposedArticles {
  constructor(private readonly editions: EditionRepository) {}

  /** @returns article ids in the order of the mail; none when nothing is new. @param at when it would go */
  async of(tx: Executor, digest: DigestRow, at: Date): Promise<string[]> {
    const { publicationId, id: digestId, topics, maxArticles, excluded } = digest;
    const limit = maxArticles + excluded.length;
    const found = await this.editions.candidateArticleIds(tx, { publicationId, digestId, topics, at, limit });
    return found.filter((id) => !excluded.includes(id)).slice(0, maxArticles);
  }
}
