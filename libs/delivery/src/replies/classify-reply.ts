import { ofCode, ofStage, ofStatus, type Meaning } from './codes.js';
import { PhraseBook } from './phrases.js';
import type { Reply, ReplyReading } from './reply.js';
import { readReply, type ReadReply } from './reply-text.js';
import { REFUSED_ADDRESS } from './wording/address.js';
import { UNFIT_CONTENT } from './wording/content.js';
import { IN_ORDER } from './wording/in-order.js';
import { POLICY, TOO_FAST } from './wording/sender.js';

const BOOK = new PhraseBook(IN_ORDER);

/** RFC 3463 §3.2: these say in a code that the sender's address is meant, whatever the words call it. */
const OF_SENDER = ['5.1.7', '5.1.8', '4.1.7', '4.1.8'];

/** RFC 4954 §6: it is our account that is spoken of. */
const NOT_SIGNED_IN = [530, 534, 535, 538];

/**
 * What a server's reply means: the words first, since codes lie (`5.1.1 … quota exceeded`), then the enhanced code, then
 * the basic one. Never suppresses a reader for our own fault: whatever is said before a reader is named, or has words about
 * us, is not `hard`; nor is anything that may pass (4xx), or that is not understood.
 */
export function classifyReply(reply: Reply): ReplyReading {
  const read = readReply(reply);
  const meaning = inPlace(read, meaningOf(read));
  return { class: meaning.class, about: meaning.about, status: read.status };
}

function meaningOf(read: ReadReply): Meaning {
  const { code, status, telling, stage, words } = read;
  if (isAccepted(code, status)) return { class: 'none', about: 'network' };
  if (OF_SENDER.includes(telling ?? '') || NOT_SIGNED_IN.includes(code ?? 0))
    return { class: 'blocked', about: 'sender' };
  const said = BOOK.find(words, telling);
  if (said === REFUSED_ADDRESS && telling?.startsWith('5.7.')) return { class: 'blocked', about: 'sender' };
  if ((said === TOO_FAST || said === POLICY) && isPassing(read)) return { class: 'soft', about: 'sender' };
  if (said === UNFIT_CONTENT && telling === '5.2.3') return { class: 'soft', about: 'content' };
  if (said && (said.class !== 'none' || isOfNoCode(read))) return said;
  if (saysNothing(read) && stage === 'rcpt') return { class: 'hard', about: 'address' };
  if (isOfNoCode(read) && isOpen(stage)) return { class: 'soft', about: 'address' };
  return ofStatus(telling) ?? (isOpen(stage) ? ofCode(code) : undefined) ?? ofStage(stage);
}

/** What the place and the kind of code leave of it. */
function inPlace(read: ReadReply, meaning: Meaning): Meaning {
  if (meaning.class !== 'hard') return meaning;
  if (isPassing(read)) return { class: 'soft', about: 'address' };
  return isOpen(read.stage) ? meaning : { class: 'blocked', about: 'sender' };
}

/** Whether the recipient is known by now: what was said before is about us. */
function isOpen(stage: ReadReply['stage']): boolean {
  return stage !== 'connect' && stage !== 'mail';
}

function isAccepted(code: number | null, status: string | null): boolean {
  return code === null ? (status?.startsWith('2.') ?? false) : code < 400;
}

function isPassing({ code, telling }: ReadReply): boolean {
  if (code !== null && code < 500) return true;
  return code === null && (telling?.startsWith('4.') ?? false);
}

function isOfNoCode({ code, telling }: ReadReply): boolean {
  return code === null && telling === null;
}

/** RFC 5321 §4.2.3: 550, 551 and 553 are about the mailbox, when nobody says otherwise. */
function saysNothing({ code, status, words }: ReadReply): boolean {
  return words.length === 0 && status === null && [550, 551, 553].includes(code ?? 0);
}
