/** More tells nothing that the beginning does not. */
const MOST = 200;
/** RFC 3463, with the marks that servers put around it. */
const ENHANCED = /^[("'#[]*[245]\.\d{1,3}\.\d{1,3}[)"'\],:;.]*$/;
/** A number of the server's own, of a message, a client or a time: so long and with a digit in it. */
const OWN_LENGTH = 6;

/**
 * The words of a reply by which it is the same as others: without links, names of hosts, addresses of machines and the numbers that a
 * server gives each message.
 * @param reply with the addresses of people taken out already
 */
export function replyWords(reply: string): string {
  const words: string[] = [];
  for (const token of reply.slice(0, 1_000).split(/\s+/)) {
    const word = isOwn(token) ? '…' : token;
    if (word !== '' && !(word === '…' && words.at(-1) === '…')) words.push(word);
  }
  // The code stands by itself already.
  if (/^\d{3}$/.test(words[0] ?? '')) words.shift();
  return words.join(' ').slice(0, MOST).trim();
}

function isOwn(token: string): boolean {
  if (ENHANCED.test(token)) return false;
  if (token.includes('://')) return true;
  if (/\d/.test(token) && token.length >= OWN_LENGTH) return true;
  // A host has dots within; words have one at the end at most.
  return (
    token
      .replace(/[^A-Za-z0-9.-]/g, '')
      .split('.')
      .filter(Boolean).length > 2
  );
}
