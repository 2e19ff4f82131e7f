import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { DigestRow } from '../digest.repository.js';
import { EditionRepository } from '../edition.repository.js';
import { DAY_MS } from '../schedule/units.js';
import { inOrder } from '../selection/article-order.js';
import { CandidateRepository } from '../selection/candidate.repository.js';

/** An operator is shown the first few of the news; more than so many were never looked at. */
const MOST_CANDIDATES = 1_000;

/** What an edition that asks for a yes would be made of. */
@Injectable()
export class ProposedArticles {
  constructor(
    private readonly editions: EditionRepository,
    private readonly candidates: CandidateRepository,
  ) {}

  /**
   * News by an instant that no edition of the digest has sent or will send, in the order of the mail. Older stories are for readers who
   * are new, and no operator wants to see them each day.
   * @returns article ids; none when nothing is new
   */
  async of(tx: Executor, digest: DigestRow, at: Date): Promise<string[]> {
    const { publicationId, id: digestId, topics, excluded, lookbackDays, orderBy, pinned } = digest;
    const query = { publicationId, topics, at, limit: MOST_CANDIDATES };
    const unsent = new Set(await this.editions.candidateArticleIds(tx, { ...query, digestId }));
    const since = new Date(at.getTime() - lookbackDays * DAY_MS);
    const found = inOrder(await this.candidates.find(tx, { ...query, excluded, since }), orderBy, pinned);
    const fresh = found.map(({ id }) => id).filter((id) => unsent.has(id));
    return fresh.slice(0, digest.maxArticles);
  }
}
