/** How far ahead places are given out: a worker that dies wastes no more than this. */
export const HORIZON_MS = 5_000;

/** Places in a timetable that all workers share: the first so many milliseconds from now, the others `everyMs` apart. */
export interface Places {
  granted: number;
  firstInMs: number;
  /** 0: no rate is kept. */
  everyMs: number;
  /** When none was granted: how soon to ask again. */
  retryInMs: number;
}

/** As many as were asked for, at once. */
export function atOnce(granted: number): Places {
  return { granted, firstInMs: 0, everyMs: 0, retryInMs: 0 };
}

/** None, and when to ask again. */
export function noneFor(retryInMs: number): Places {
  return { granted: 0, firstInMs: 0, everyMs: 0, retryInMs: Math.max(Math.ceil(retryInMs), 1) };
}

/**
 * Gives out places at a steady rate (the virtual scheduling of GCRA, ITU-T I.371).
 * @param nextInMs when the first place that nobody has yet begins; negative: it is past
 * @param perSecond places a second
 */
export function placesOf(nextInMs: number, perSecond: number, wanted: number): Places {
  const everyMs = 1_000 / perSecond;
  const firstInMs = Math.max(nextInMs, 0);
  // A place that begins right now is given even if the next one is beyond the horizon.
  const free = Math.max(Math.floor((HORIZON_MS - firstInMs) / everyMs), firstInMs === 0 ? 1 : 0);
  const granted = Math.min(wanted, free);
  if (granted <= 0) return noneFor(Math.max(firstInMs - HORIZON_MS / 2, everyMs));
  return { granted, firstInMs, everyMs, retryInMs: 0 };
}
