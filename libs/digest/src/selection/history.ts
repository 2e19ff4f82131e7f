import type { Selection } from '#database/schema/index.js';
import { maskOf, type Mask } from '../model/bit-mask.js';
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

const DAY_MS = 24 * 3_600_000;
/** Editions of the same digest are looked back at for so long, for those who want no more than one a week. */
const LOOK_BACK_MS = 8 * DAY_MS;

/** By which rules the past counts for an edition that is chosen at an instant. */
export function historyRules(
  digest: { id: string; repeatAfterDays: number | null },
  selection: Selection,
  now: Date,
): HistoryRules {
  const days = digest.repeatAfterDays;
  const hadSince = days === 0 ? null : new Date(days === null ? 0 : now.getTime() - days * DAY_MS);
  return { digestId: digest.id, sinceLast: selection === 'auto', hadSince };
}

/**
 * Waves frozen before it say nothing of the candidates, of which there were none yet.
 * @param times since when there are the candidates
 */
export function lookBackTo(times: readonly Date[], now: Date): Date {
  return new Date(Math.min(now.getTime() - LOOK_BACK_MS, ...times.map((time) => time.getTime())));
}

/**
 * Reads earlier waves against the candidates of a new one. What a wave has considered is not new to its readers, whether or not they
 * got it; what came later, or was not on an operator's list, is. So most waves of the same digest need no look at what each reader got.
 * @returns only waves that say something, and `past` waves' own ones with their time
 */
export function tracesOf(
  candidates: readonly Pick<Candidate, 'id' | 'newsAt'>[],
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
      return newsAt > wave.cutoff || !place.has(id);
    });
    const counts = rules.hadSince !== null && wave.cutoff >= rules.hadSince;
    const held = candidates.map(({ id }, index) =>
      counts && fresh[index] === '1' ? (place.get(id) ?? null) : null,
    );
    const { editionId, wave: number, at } = wave;
    return { editionId, wave: number, fresh, held, lastAt: own ? at : null };
  });
}
