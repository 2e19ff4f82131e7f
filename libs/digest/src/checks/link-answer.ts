import { FetchError } from '#content/fetching/fetch-error.js';

/** What a link came to. */
export interface LinkAnswer {
  /** HTTP; null: there was no answer. */
  status: number | null;
  /** In words; null: it works, as far as one can tell. */
  problem: string | null;
}

/** Answers to programs, not to readers: who is not a browser, or has not signed in, is told less. */
const TELLS_NOTHING = new Set([401, 402, 403, 405, 406, 407, 416, 429, 451, 999]);
const GONE: Readonly<Record<number, string>> = {
  404: 'There is no such page (404).',
  410: 'The page is gone (410).',
};

/** What an answer's status says of a link. */
export function ofStatus(status: number): LinkAnswer {
  if (status < 400 || TELLS_NOTHING.has(status)) return { status, problem: null };
  return { status, problem: GONE[status] ?? `The site answers with an error (${status}).` };
}

/** What a fetch that failed says of a link. One that is longer than was read is there. */
export function ofFailure(error: unknown): LinkAnswer {
  if (!(error instanceof FetchError)) return { status: null, problem: 'It could not be tried.' };
  if (error.code === 'too_large') return { status: 200, problem: null };
  const isInside = error.code === 'address_refused';
  const inside = 'It leads into a private network, where readers cannot follow.';
  return { status: null, problem: isInside ? inside : error.message };
}
