import { classifyReply } from '#delivery/replies/classify-reply.js';
import { storableText } from '#kernel/input/storable-text.js';
import { scrub } from '#kernel/observing/scrub.js';
import type { Finding } from '../../acting/act.js';
import type { ProviderEvent } from '../../hooks/hook.js';

/** Characters of a reason. */
const LONGEST_REASON = 500;

/** What a provider's event says of its recipient. @param isKnown whose it is was found: a verified event is believed */
export function findingOf(event: ProviderEvent, isKnown: boolean): Finding {
  const { recipient, code, status, text } = event;
  return {
    recipient,
    class: event.kind === 'bounce' ? classOf(event) : null,
    code,
    status,
    reason: storableText(scrub(text), LONGEST_REASON),
    isProved: isKnown,
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
