import { LruMap } from '#kernel/lru-map.js';

/** So many of the latest outcomes are looked at, of a domain and of an edition. */
const WINDOW = 100;
/** Fewer refusals may each be about one reader or one filter. */
const AT_LEAST = 20;
const SHARE = 0.3;
/** So many refusals from other domains than the worst say that it is not that one's opinion alone. */
const ELSEWHERE = 5;
/** Domains and editions kept in mind. */
const KEPT = 2_000;

/** What is to be done about a refusal for policy: nothing more, let its domain rest, or pause the edition. */
export type PolicyVerdict =
  { what: 'go-on' } | { what: 'rest'; reason: string } | { what: 'pause'; reason: string };

interface Outcome {
  domain: string;
  refused: boolean;
}

/**
 * Tells the refusal of one message from being refused. A refusal for policy at RCPT or after the content (5.7.x, words of policy) fails that
 * delivery alone; when of the last 100 messages to one recipient domain 30 %, and 20, are refused so, that domain
 * rests; when it is so of the edition's last 100, or a second domain has to rest, it is us that they mean, and the edition pauses.
 *
 * Each worker process judges by what it has sent itself.
 */
export class PolicyBreaker {
  private readonly domains = new LruMap<string, Outcome[]>(KEPT);
  private readonly editions = new LruMap<string, Outcome[]>(KEPT);
  private readonly resting = new LruMap<string, Set<string>>(KEPT);

  /** A message to the domain was taken, or refused for another reason. */
  taken(editionId: string, domain: string): void {
    this.note(editionId, { domain, refused: false });
  }

  /** A message to the domain was refused for policy. @param reply the server's words, without addresses */
  refused(editionId: string, domain: string, reply: string): PolicyVerdict {
    const { ofDomain, ofEdition } = this.note(editionId, { domain, refused: true });
    const rests = isTooMuch(ofDomain);
    const resting = this.resting.get(editionId) ?? new Set<string>();
    if (rests) this.resting.set(editionId, resting.add(domain));
    if (resting.size > 1 || (isTooMuch(ofEdition) && isAcross(ofEdition))) {
      this.forget(editionId); // resumed, it begins anew
      return { what: 'pause', reason: inWords(ofEdition, reply) };
    }
    if (!rests) return { what: 'go-on' };
    const count = ofDomain.filter((its) => its.refused).length;
    return {
      what: 'rest',
      reason: `${count} of the last ${ofDomain.length} messages there were refused: ${reply}`,
    };
  }

  /** The edition is over, or paused. */
  forget(editionId: string): void {
    this.editions.delete(editionId);
    this.resting.delete(editionId);
  }

  private note(editionId: string, outcome: Outcome): { ofDomain: Outcome[]; ofEdition: Outcome[] } {
    return {
      ofDomain: push(this.domains, outcome.domain, outcome),
      ofEdition: push(this.editions, editionId, outcome),
    };
  }
}

function push(windows: LruMap<string, Outcome[]>, key: string, outcome: Outcome): Outcome[] {
  const window = windows.get(key) ?? [];
  windows.set(key, window);
  window.push(outcome);
  if (window.length > WINDOW) window.shift();
  return window;
}

function isTooMuch(window: readonly Outcome[]): boolean {
  const count = window.filter(({ refused }) => refused).length;
  return count >= AT_LEAST && count >= window.length * SHARE;
}

function isAcross(window: readonly Outcome[]): boolean {
  const [worst = 0, ...others] = countsOf(window).map(([, count]) => count);
  return worst > 0 && others.reduce((sum, count) => sum + count, 0) >= ELSEWHERE;
}

/** Refusals by domain, most first. */
function countsOf(window: readonly Outcome[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { domain, refused } of window) if (refused) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function inWords(window: readonly Outcome[], reply: string): string {
  const counts = countsOf(window);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const named = counts.slice(0, 3).map(([domain, count]) => `${domain} (${count})`);
  const more = counts.length > 3 ? ` and ${counts.length - 3} more` : '';
  return `Mail servers refuse us, not the readers: ${all} of the last ${window.length} messages, at ${named.join(', ')}${more}. The last said: ${reply}`;
}
