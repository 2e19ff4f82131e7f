import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether a secret is the one that is wanted. How long it takes tells nothing of it. @param given undefined: none was */
export function isSameSecret(given: string | undefined, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(wanted));
}
