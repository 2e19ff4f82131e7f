import { setImmediate } from 'node:timers/promises';
import { classifyReply } from '#delivery/replies/classify-reply.js';
import { storableText } from '#kernel/input/storable-text.js';
import { scrub } from '#kernel/observing/scrub.js';
import type { Finding } from '../../acting/act.js';
import type { ProviderEvent } from '../../hooks/hook.js';

/** Characters of a reason. */
const LONGEST_REASON = 500;

/** Milliseconds of work, between which others have their turn. One event takes a fraction of one: its text has 1,000 characters at most. */
const TURN_MS = 5;

/** An event and what it says of its recipient, all but whether that is a reader of ours: no words are left to be looked at. */
export interface UnderstoodEvent {
  event: ProviderEvent;
  finding: Omit<Finding, 'isProved'>;
}

/** Understands events, however many, in short turns. Belongs before a transaction: what holds rows is not to wait for strangers' words. */
export async function understoodEvents(events: readonly ProviderEvent[]): Promise<UnderstoodEvent[]> {
  const understood: UnderstoodEvent[] = [];
  let since = performance.now();
  for (const event of events) {
    if (performance.now() - since > TURN_MS) {
      await setImmediate();
      since = performance.now();
    }
    understood.push({ event, finding: findingOf(event) });
  }
  return understood;
}

function findingOf(event: ProviderEvent): UnderstoodEvent['finding'] {
  const { recipient, code, status, text } = event;
  return {
    recipient,
    class: event.kind === 'bounce' ? classOf(event) : null,
    code,
    status,
    reason: storableText(scrub(text), LONGEST_REASON),
    isDelayed: false,
  };
}

/**
 * The provider's verdict, since it has seen the whole dialogue; without one, what the words say. But nobody is taken for dead where
 * the server's own words, with a code of its own, speak of us or of a full mailbox.
 */
function classOf({ verdict, code, status, text }: ProviderEvent): 'hard' | 'soft' | 'blocked' {
  const isServers = code !== null || status !== null;
  if (verdict !== null && (verdict !== 'hard' || !isServers)) return verdict;
  const { class: said } = classifyReply({ code, status, text, stage: 'message' });
  // What the provider gave up has failed, whatever the words.
  return said === 'none' ? (verdict ?? 'soft') : said;
}
