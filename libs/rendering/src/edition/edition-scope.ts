import { dressForMail, textAsHtml } from '../template/article-body.js';
import { beginMark, entryMark, markSentinels } from './fragments.js';
import { formatDate, translate } from '../template/locales.js';
import { lookScope } from '../template/look-scope.js';
import { sentinel } from '../template/sentinel.js';
import { escapeHtml, placeholderSentinels } from '../template/placeholders.js';
import { webUrl, type ArticleView, type PublicationView, type Section } from '../template/views.js';

/**
 * `regular`: the digest; `alert`: one breaking story, at once; `correction`: what was wrong in an article that its
 * readers already have.
 */
export type EditionKind = 'regular' | 'alert' | 'correction';

/** What an edition is made of. */
export interface EditionInput {
  /** The name of a file in `templates/emails/` (`digest`), or MJML with Liquid. */
  template: string;
  locale: string;
  publication: PublicationView;
  /** The digest's name. */
  title: string;
  /** Liquid or plain; null or empty: the first article's title, of a correction with that word before it. */
  subject: string | null;
  /** What inboxes show beside the subject. Liquid or plain; by default made from the articles. */
  preheader?: string;
  date: Date;
  /** Every article that some reader may get, in the order in which they are to stand. */
  articles: ArticleView[];
  /** Plain text, paragraphs between blank lines: what a mail without articles says. By default one of ours. */
  emptyText?: string | null;
  /** By default `regular`. Decides what the subject and the preheader are where none are given. */
  kind?: EditionKind;
  /** What the editor says before the articles: sanitised HTML. By default nothing. */
  intro?: string;
  /** Plain text, paragraphs between blank lines: of a correction, what was wrong and is now right. */
  note?: string;
}

/** Everything a digest's template may use. Documented in the README: operators write against it. */
export function editionScope(input: EditionInput, nonce: string) {
  const { publication } = input;
  const look = lookScope(input.locale, publication);
  const { locale } = look;
  return {
    ...look,
    digest: { name: input.title },
    date: formatDate(locale, input.date, publication.timeZone),
    slot: placeholderSentinels(nonce),
    ...markSentinels(nonce),
    note: paragraphs(input.note),
    // It never goes through Liquid or MJML, as the stories do not.
    intro: input.intro ? sentinel(nonce, 'intro') : null,
    nothingNew: emptyParagraphs(input.emptyText, locale),
    articles: input.articles.map((article, index) => ({
      begin: beginMark(nonce, index),
      entry: entryMark(nonce, index),
      title: article.title,
      url: webUrl(article.url, publication.baseUrl),
      summary: article.summary.trim(),
      author: article.author,
      imageUrl: webUrl(article.imageUrl, baseOf(article, publication)),
      date: article.publishedAt && formatDate(locale, article.publishedAt, publication.timeZone, 'short'),
      /** The story shows the picture itself, so in full it need not stand above it too. */
      imageInBody: Boolean(article.imageUrl && article.html.includes(escapeHtml(article.imageUrl))),
      topics: article.topics,
      section: article.section ?? null,
      sectionTitle: sectionTitle(locale, article.section),
      // The story itself never goes through Liquid or MJML: it could hold markup that means something to them.
      body: sentinel(nonce, 'body', index),
    })),
  };
}

function sectionTitle(locale: string, section: Section | null | undefined): string | null {
  return section ? translate(locale, SECTION_TITLES[section]) : null;
}

const SECTION_TITLES: Readonly<Record<Section, string>> = {
  lead: 'mail.section.lead',
  main: 'mail.section.main',
  brief: 'mail.section.brief',
};

/** The editor's words in the clothes of the mail. */
export function introHtml({ intro, publication }: EditionInput, scope: EditionScope): string {
  return intro ? dressForMail(intro, publication.baseUrl, scope.colours, scope.start) : '';
}

function emptyParagraphs(text: string | null | undefined, locale: string): string[] {
  const own = paragraphs(text);
  return own.length > 0 ? own : [translate(locale, 'mail.nothing_new')];
}

/** The paragraphs of a plain text. Line breaks within one are kept, as `\n`. */
function paragraphs(text: string | null | undefined): string[] {
  const even = (text ?? '').replace(/\r\n?/g, '\n');
  return even
    .split(/\n[^\S\n]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean);
}

export type EditionScope = ReturnType<typeof editionScope>;

/** The story in the clothes of the mail. */
export function storyHtml(article: ArticleView, publication: PublicationView, scope: EditionScope): string {
  const story = article.html.trim() || textAsHtml(article.text || article.summary);
  return dressForMail(story, baseOf(article, publication), scope.colours, scope.start);
}

function baseOf(article: ArticleView, publication: PublicationView): string {
  return webUrl(article.url, publication.baseUrl) ?? publication.baseUrl;
}
