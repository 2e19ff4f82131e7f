/** Times of exports: ISO 8601, and `2023-03-24 10:23:10 UTC` or `… +0000 UTC` as services write them. A naive one is UTC. */
const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?)?\s?(?:(Z|UTC)|([+-]\d\d):?(\d\d)(?: [A-Z]{3,4})?)?$/;
const FIRST_MAIL_MS = Date.UTC(1990, 0, 1);

/** @returns undefined for what is no time, or cannot be one at which somebody signed up */
export function timeOf(text: string, now: Date): Date | undefined {
  const [, day, minute = '00:00', second = ':00', , , hours = '+00', minutes = '00'] =
    TIME.exec(text.trim()) ?? [];
  if (!day) return undefined;
  const at = new Date(`${day}T${minute}${second}${hours}:${minutes}`);
  const ms = at.getTime();
  return ms >= FIRST_MAIL_MS && ms <= now.getTime() ? at : undefined;
}

const YES = new Set(['true', 'yes', 'y', '1', 't', 'on', 'ja', 'oui', 'si', 'sí', 'x']);
const NO = new Set(['false', 'no', 'n', '0', 'f', 'off', 'nein', 'non']);

/** @returns undefined: neither */
export function yesOrNo(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : undefined;
}

const MOST_TAGS = 100;

/** Tags in one cell: `a, b`, `"a","b"`, `a|b`, `["a"]`. */
export function tagsOf(text: string): string[] {
  const bare = text.trim().replace(/^\[/, '').replace(/\]$/, '');
  const tags: string[] = [];
  for (const [, double, single, plain] of bare.matchAll(/"([^"]*)"|'([^']*)'|([^,;|"']+)/g)) {
    const tag = (double ?? single ?? plain ?? '').trim().slice(0, 100);
    if (tag && !tags.includes(tag)) tags.push(tag);
  }
  return tags.slice(0, MOST_TAGS);
}

/** A name as one line; foreign ones hold line breaks now and then. */
export const nameOf = (...parts: (string | undefined)[]) =>
  parts
    .map((part) => (part ?? '').replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .filter(Boolean)
    .join(' ')
    .slice(0, 200)
    .trim();
