import type { ArticleCounts } from '#audience/numbers/count-in-articles.js';
import type { EditionNumber } from '#audience/numbers/edition-numbers.js';
import type { Outcome } from './outcome.js';

/** An outcome, and what was in the mail, if that is known. */
export interface OutcomeOfArticles {
  outcome: Pick<Outcome, 'status' | 'tried'>;
  articleIds?: readonly string[] | undefined;
}

/** As what an outcome counts: a try that did not end it as deferred, also the last one of a message that is given up. */
export function numbersOf({ status, tried }: Pick<Outcome, 'status' | 'tried'>): readonly EditionNumber[] {
  switch (status) {
    case 'accepted':
      return ['accepted'];
    case 'failed':
      return ['failed'];
    case 'expired':
      return tried ? ['deferred', 'failed'] : ['failed'];
    case 'queued':
      return tried ? ['deferred'] : [];
    case 'suppressed':
    case 'uncertain':
      return [];
  }
}

/**
 * Adds outcomes up by article: a mail counts for each of its articles.
 * @returns one entry an article, none where nothing counts; null: of a mail that counts it is not known what was in it
 */
export function countedInArticles(outcomes: readonly OutcomeOfArticles[]): ArticleCounts[] | null {
  const counts = new Map<string, ArticleCounts>();
  for (const { outcome, articleIds } of outcomes) {
    const numbers = numbersOf(outcome);
    if (numbers.length === 0) continue;
    if (!articleIds) return null;
    for (const id of articleIds) {
      const its = counts.get(id) ?? { article_id: id };
      for (const name of numbers) its[name] = (its[name] ?? 0) + 1;
      counts.set(id, its);
    }
  }
  return [...counts.values()];
}
