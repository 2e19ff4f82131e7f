import type { DigestRow } from '../model/digest.repository.js';
import type { EditionRow } from '../model/edition.repository.js';
import { historyRules, tracesOf } from '../selection/history.js';
import { reached, type ArticleFacts, type ReaderFacts, type ReaderMail } from './reader-facts.js';

/** What became or will become of an article for a reader. */
export const VERDICTS = [
  'sent',
  'would_send',
  'not_delivered',
  'no_mail',
  'not_on_chosen_topics',
  'had_before',
  'not_new',
  'over_maximum',
  'embargoed',
  'not_published',
  'retracted',
  'draft',
  'excluded',
  'not_on_digest_topics',
  'too_old',
  'arrived_later',
  'changed_since',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** An article and why a reader gets it or not. */
export interface ArticleVerdict {
  id: string;
  title: string;
  verdict: Verdict;
  /** For the operator. */
  reason: string;
  /** The earlier edition that the reason is about. */
  edition: { id: string; slug: string; kind: EditionRow['kind']; at: Date } | null;
  /** Until when an embargo holds, or a story is not published. */
  until: Date | null;
}

/** Why one article is nothing for a reader. */
export type Hindrance = Pick<ArticleVerdict, 'verdict' | 'reason' | 'edition' | 'until'>;

/** What a reader's articles are judged by. */
export interface Case {
  edition: EditionRow;
  digest: DigestRow;
  /** As of this instant. */
  now: Date;
  reader: ReaderFacts;
  /** Of this reader, frozen before. */
  mails: readonly ReaderMail[];
  topicNames: ReadonlyMap<string, string>;
}

const DAY_MS = 24 * 3_600_000;

export const hindrance = (verdict: Verdict, reason: string, more: Partial<Hindrance> = {}): Hindrance => ({
  verdict,
  reason,
  edition: null,
  until: null,
  ...more,
});

/** For each candidate what keeps it from the reader, whatever the maximum; null: nothing does. */
export function hindrances(given: Case, candidates: readonly ArticleFacts[]): (Hindrance | null)[] {
  const { edition, digest, now, reader, mails } = given;
  if (edition.kind === 'correction') return candidates.map(() => null);
  const earlier = mails.filter(reached);
  const traces = tracesOf(candidates, earlier, historyRules(digest, edition.selection, now));
  return candidates.map((candidate, index) => {
    const topics = reader.subscription?.topics ?? null;
    if (topics && !candidate.topics.some((topic) => topics.includes(topic)))
      return offTopic(given, candidate);
    const old = earlier.findLast((_, mail) => traces[mail]?.fresh[index] === '0');
    const had = earlier.findLast(
      (mail, at) =>
        mail.got.includes(candidate.id) &&
        (traces[at]?.held[index] != null || (mail === old && counts(given, mail))),
    );
    if (had) {
      const reason = `The reader has had it, in ${spoken(had)}.`;
      return hindrance('had_before', reason, { edition: shortOf(had) });
    }
    if (!old) return null;
    const reason = `It is not new since the reader's last edition: it was there for ${spoken(old)}.`;
    return hindrance('not_new', reason, { edition: shortOf(old) });
  });
}

/** Why an article was no candidate, as far as can be told now. @param frozenAt of the wave; null: it is to come */
export function whyNoCandidate(
  { edition, digest, now }: Case,
  article: ArticleFacts,
  frozenAt: Date | null,
): Hindrance {
  const { publishedAt, embargoUntil, retractedAt, draft, createdAt, newsAt } = article;
  const late = hindrance('arrived_later', 'It came in after the edition was frozen for this reader.');
  if (frozenAt && createdAt > frozenAt) return late;
  if (retractedAt && (!frozenAt || retractedAt <= frozenAt)) {
    return hindrance('retracted', `It was retracted on ${retractedAt.toISOString()}.`);
  }
  if (draft) return hindrance('draft', 'It is a draft.');
  if (embargoUntil && embargoUntil > now) {
    const reason = `It is under embargo until ${embargoUntil.toISOString()}.`;
    return hindrance('embargoed', reason, { until: embargoUntil });
  }
  if (publishedAt > now) {
    const reason = `It is published on ${publishedAt.toISOString()}, after this edition.`;
    return hindrance('not_published', reason, { until: publishedAt });
  }
  const changed = 'It was no candidate then; it or the digest was changed since.';
  if (edition.selection === 'list') {
    return hindrance('changed_since', frozenAt ? changed : 'It can not be sent as it is.');
  }
  if (digest.excluded.includes(article.id)) {
    return hindrance('excluded', 'An operator has excluded it from this digest.');
  }
  if (digest.topics && !article.topics.some((topic) => digest.topics?.includes(topic))) {
    return hindrance('not_on_digest_topics', 'It is on none of the topics of this digest.');
  }
  const newest = Math.max(publishedAt.getTime(), embargoUntil?.getTime() ?? 0);
  if (newest <= now.getTime() - digest.lookbackDays * DAY_MS) {
    return hindrance(
      'too_old',
      `It is older than the ${digest.lookbackDays} days that this digest looks back.`,
    );
  }
  if (!frozenAt) return hindrance('too_old', 'There are so many newer articles that it is not looked at.');
  return newsAt > now ? late : hindrance('changed_since', changed);
}

/** A mail in words. */
export function spoken({ kind, slug, at }: Pick<ReaderMail, 'kind' | 'slug' | 'at'>): string {
  const what = { regular: 'the edition', alert: 'the alert', correction: 'the correction' }[kind];
  return `${what} ${slug} of ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function shortOf({ editionId: id, slug, kind, at }: ReaderMail): NonNullable<ArticleVerdict['edition']> {
  return { id, slug, kind, at };
}

/** Whether what the mail held counts as had. */
function counts({ edition, digest, now }: Case, { cutoff }: ReaderMail): boolean {
  const { hadSince } = historyRules(digest, edition.selection, now);
  return hadSince !== null && cutoff >= hadSince;
}

function offTopic({ reader, topicNames }: Case, { topics }: ArticleFacts): Hindrance {
  const name = (ids: readonly string[]) =>
    ids.map((id) => topicNames.get(id) ?? 'a deleted topic').join(', ');
  const its = topics.length > 0 ? `It is on ${name(topics)}` : 'It is on no topic';
  const chosen = reader.subscription?.topics ?? [];
  const theirs = chosen.length > 0 ? `the reader chose ${name(chosen)}` : 'the reader chose no topic';
  return hindrance('not_on_chosen_topics', `${its}; ${theirs}.`);
}
