/**
 * What somebody is at the place they come from. `blocked`: never to be mailed, for whatever reason; `absent`: in its lists without
 * having asked for mail.
 */
export const STANDINGS = [
  'active',
  'pending',
  'unsubscribed',
  'bounced',
  'complained',
  'blocked',
  'absent',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** What services call it, in lower case. */
export const STANDING_WORDS: Readonly<Record<string, Standing>> = {
  active: 'active',
  subscribed: 'active',
  enabled: 'active',
  confirmed: 'active',
  regular: 'active',
  premium: 'active',
  gifted: 'active',
  trialed: 'active',
  churning: 'active',
  churned: 'active',
  past_due: 'active',
  free: 'active',
  paid: 'active',
  comped: 'active',
  comp: 'active',
  gift: 'active',
  pending: 'pending',
  unconfirmed: 'pending',
  unactivated: 'pending',
  validating: 'pending',
  unsubscribed: 'unsubscribed',
  unsubscribe: 'unsubscribed',
  cancelled: 'unsubscribed',
  canceled: 'unsubscribed',
  inactive: 'unsubscribed',
  disabled: 'unsubscribed',
  removed: 'unsubscribed',
  opted_out: 'unsubscribed',
  paused: 'unsubscribed',
  bounced: 'bounced',
  cleaned: 'bounced',
  undeliverable: 'bounced',
  invalid: 'bounced',
  malformed: 'bounced',
  complained: 'complained',
  spam: 'complained',
  spammy: 'blocked',
  blocked: 'blocked',
  blocklisted: 'blocked',
  blacklisted: 'blocked',
  suppressed: 'blocked',
  non_subscribed: 'absent',
  nonsubscribed: 'absent',
  transactional: 'absent',
  archived: 'absent',
  upcoming: 'absent',
};

/** @param words what a format calls otherwise; @returns undefined: nobody knows the word, so nobody may be mailed by it */
export function standingOf(
  word: string,
  words: Readonly<Record<string, Standing>> = {},
): Standing | undefined {
  const key = word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  if (Object.hasOwn(words, key)) return words[key];
  return Object.hasOwn(STANDING_WORDS, key) ? STANDING_WORDS[key] : undefined;
}

/** By the name that Mailchimp gives its files, one for each. */
export function standingOfFile(name: string): Standing | null {
  const bare = name.toLowerCase();
  if (/non-?subscribed/.test(bare)) return 'absent';
  if (/unsubscribe/.test(bare)) return 'unsubscribed';
  if (/cleaned|bounced/.test(bare)) return 'bounced';
  return null;
}
