import { isScannerAgent } from './scanner-agents.js';

/** Who fetched a picture: a mail program that shows it to somebody, a mail program's own servers, or another machine. */
export type PictureAgent = 'reader' | 'prefetch' | 'machine';

/**
 * Image proxies by what they call themselves. Gmail's (`… (via ggpht.com GoogleImageProxy)`) and Yahoo's fetch pictures for their readers, Gmail's
 * at times before anybody looks, and keep them: one fetch says neither that somebody looked nor how often.
 */
const PROXIES = ['googleimageproxy', 'ggpht.com', 'yahoomailproxy'];

/**
 * Apple's Mail Privacy Protection fetches every picture when a mail arrives, through relays, and calls itself so and nothing more. The networks of
 * its relays change and are not known here.
 */
const APPLE = 'mozilla/5.0';

/** Tells by a user agent who fetched the picture of a mail. */
export function pictureAgent(userAgent: string | undefined): PictureAgent {
  const words = (userAgent ?? '').trim().toLowerCase();
  if (words === APPLE || PROXIES.some((proxy) => words.includes(proxy))) return 'prefetch';
  return isScannerAgent(userAgent) ? 'machine' : 'reader';
}
