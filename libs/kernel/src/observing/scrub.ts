const ADDRESS = /[^\s"'<>(),:;@\\[\]]{1,64}@[A-Za-z0-9\u0080-\uffff-]+(?:\.[A-Za-z0-9\u0080-\uffff-]+)+/g;
const TOKEN_URL = /\/(confirm|unsubscribe|preferences|l|o)\/[A-Za-z0-9_.-]{20,}/g;
const BEARER = /\b(Bearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi;
// Up to the last @ of the authority, as the URL standard reads it: a user name may be an address. The length of the
// scheme is bounded, lest a long word be looked through again from each of its letters.
const URL_PASSWORD = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"]+@/gi;

/** Without one of these there is nothing to take out. */
const SUSPECT = /[@/]|bearer/i;

/** Takes addresses, link tokens, bearer keys and the user part of URLs out of a text that is about to be logged. */
export function scrub(text: string): string {
  if (!SUSPECT.test(text)) return text; // most: it is asked of every reply of a mail server
  return text
    .replace(URL_PASSWORD, '$1[secret]@')
    .replace(TOKEN_URL, '/$1/[token]')
    .replace(BEARER, '$1[key]')
    .replace(ADDRESS, '[address]');
}
