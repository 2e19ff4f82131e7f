import { readUrl } from '#kernel/input/read-url.js';
import type { Reach } from '../check-unsubscribe.js';

/** A mailbox provider waits about as long. */
const LIMIT_MS = 10_000;

/** Gets a link of ours. Follows no redirect, as mailbox providers do, and tells where the first one leads. */
export function reachOurs(limitMs = LIMIT_MS): Reach {
  return async (url) => {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(limitMs) });
    await answer.body?.cancel();
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
    return { status: answer.status, url: readUrl(location ?? '', url)?.href ?? url };
  };
}
