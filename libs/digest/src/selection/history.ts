import { maskOf, type Mask } from './bit-mask.js';
import type { Candidate, PastWave } from './candidate.repository.js';

/** What one earlier wave says about the readers it reached. */
export interface Trace {
  editionId: string;
  wave: number;
  /** Candidates that were not yet there for these readers. */
  fresh: Mask;
  /** For each candidate its place among the wave's articles, where it could have been had; null: it could not. */
  held: (number | null)[];
  /** When it was meant to go, if it was a regular edition of the same digest; null: another one. */
  lastAt: Date | null;
}

export interface HistoryRules {
  digestId: string;
  /** Articles are chosen by what is new since a reader's last edition. */
  sinceLast: boolean;
  /** Waves before it do not count for what was had; null: nothing counts. */
  hadSince: Date | null;
}

/**
 * Reads earlier waves against the candidates of a new one. What a wave that chose by itself has considered is not new to its readers,
 * whether or not they got it; what came later is. So most waves of the same digest need no look at what each reader got.
 * @returns only waves that say something, and `past` waves' own ones with their time
 */
export function tracesOf(
  candidates: readonly Candidate[],
  past: readonly PastWave[],
  rules: HistoryRules,
): Trace[] {
  const count = candidates.length;
  return past.map((wave) => {
    const own = wave.kind === 'regular' && wave.digestId === rules.digestId;
    const place = new Map(wave.articleIds.map((id, position) => [id, position]));
    const fresh = maskOf(count, (index) => {
      if (!own || !rules.sinceLast) return true;
      const { id, newsAt } = candidates[index] as Candidate;
      return newsAt > wave.cutoff || (wave.selection === 'auto' && !place.has(id));
    });
    const counts = rules.hadSince !== null && wave.cutoff >= rules.hadSince;
    const held = candidates.map(({ id }, index) =>
      counts && fresh[index] === '1' ? (place.get(id) ?? null) : null,
    );
    const { editionId, wave: number, at } = wave;
    return { editionId, wave: number, fresh, held, lastAt: own ? at : null };
  });
}
