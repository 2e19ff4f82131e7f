import { sendsEmpty } from '../model/edition-minimum.js';
import type { ReaderReason } from './due.js';
import type { ArticleFacts, ReaderMail } from './reader-facts.js';
import { hindrance, hindrances, type ArticleVerdict, type Case, type Hindrance } from './verdicts.js';

/** What comes of a reader's wishes and an edition's candidates. */
export interface Judgement {
  reader: ReaderReason;
  articles: ArticleVerdict[];
}

const reasonOf = (code: ReaderReason['code'], reason: string): ReaderReason => ({ code, reason, next: null });

/**
 * Judges each candidate. Where a mail was made, what is in it wins over what would be chosen by what is known now.
 * @param why the reader is not due; null: nothing stands in the way
 * @param mail the reader's of this edition
 * @param frozenAt of the wave that the reader is or would have been in; null: it is to come
 */
export function judge(
  given: Case,
  candidates: readonly ArticleFacts[],
  why: ReaderReason | null,
  mail: ReaderMail | null,
  frozenAt: Date | null,
): Judgement {
  const found = hindrances(given, candidates);
  const tell = (hindered: (Hindrance | null)[], otherwise: Hindrance): ArticleVerdict[] =>
    candidates.map(({ id, title }, index) => ({ id, title, ...(hindered[index] ?? otherwise) }));
  if (mail) {
    return {
      reader: reasonOf('due', 'The reader is in it.'),
      articles: happened(given, candidates, found, mail),
    };
  }
  const withMaximum = cut(given, found);
  const reader = why ?? tooLittle(given, found) ?? hourOf(given, frozenAt);
  if (reader.code !== 'due' && reader.code !== 'hour') {
    const lost = hindrance('no_mail', `The reader gets no mail of this edition: ${reader.reason}`);
    return { reader, articles: tell(withMaximum, lost) };
  }
  return { reader, articles: tell(withMaximum, hindrance('would_send', 'It is chosen for the reader.')) };
}

/** What stands in the way of an article, with what is over the maximum. */
function cut({ edition, digest }: Case, found: readonly (Hindrance | null)[]): (Hindrance | null)[] {
  if (edition.selection !== 'auto') return [...found];
  let wanted = 0;
  return found.map((one) => {
    if (one) return one;
    wanted += 1;
    if (wanted <= digest.maxArticles) return null;
    return hindrance(
      'over_maximum',
      `Others come first, and a mail holds no more than ${digest.maxArticles}.`,
    );
  });
}

function tooLittle({ edition, digest }: Case, found: readonly (Hindrance | null)[]): ReaderReason | null {
  const wanted = found.filter((one) => one === null).length;
  const chooses = edition.selection === 'auto';
  if (wanted === 0) {
    if (sendsEmpty(digest, edition)) return null;
    return reasonOf('nothing_new', 'Nothing in it is new to the reader and to their liking.');
  }
  if (!chooses || wanted >= digest.minArticles) return null;
  return reasonOf(
    'too_few',
    `Only ${wanted} of its articles are for the reader; the minimum is ${digest.minArticles}.`,
  );
}

function hourOf({ now }: Case, frozenAt: Date | null): ReaderReason {
  if (!frozenAt) return reasonOf('hour', `The reader's mail is to be made at ${now.toISOString()}.`);
  return reasonOf(
    'changed_since',
    'By what is known now the reader would be in it; something was changed after it was frozen.',
  );
}

/** What is in a mail, and why the rest is not. */
function happened(
  given: Case,
  candidates: readonly ArticleFacts[],
  found: readonly (Hindrance | null)[],
  mail: ReaderMail,
): ArticleVerdict[] {
  return candidates.map(({ id, title }, index) => {
    const now = found[index] ?? null;
    if (mail.got.includes(id)) {
      const { verdict, reason } = fateOf(mail);
      const doubt = now ? ` By what is known now it would not be chosen: ${now.reason}` : '';
      return { id, title, ...hindrance(verdict, reason + doubt) };
    }
    if (now) return { id, title, ...now };
    const { maxArticles } = given.digest;
    return mail.more
      ? {
          id,
          title,
          ...hindrance('over_maximum', `Others came first, and a mail holds no more than ${maxArticles}.`),
        }
      : {
          id,
          title,
          ...hindrance('changed_since', 'It was not chosen; something was changed after it was frozen.'),
        };
  });
}

function fateOf({ status, acceptedAt }: ReaderMail): { verdict: ArticleVerdict['verdict']; reason: string } {
  switch (status) {
    case 'accepted':
      return {
        verdict: 'sent',
        reason: `It was sent${acceptedAt ? ` at ${acceptedAt.toISOString()}` : ''}.`,
      };
    case 'uncertain':
      return { verdict: 'sent', reason: 'It was sent; the mail server did not say that it took it.' };
    case 'queued':
    case 'claimed':
      return { verdict: 'would_send', reason: 'It is in the mail to the reader, which is on its way.' };
    case 'failed':
    case 'suppressed':
    case 'expired':
      return { verdict: 'not_delivered', reason: `It is in the mail to the reader, which is ${status}.` };
  }
}
