import { dressForMail, textAsHtml } from './article-body.js';
import { coloursOf } from './colours.js';
import { beginMark, markSentinels } from './fragments.js';
import { direction, formatDate, resolveLocale, translate } from './locales.js';
import { sentinel } from './sentinel.js';
import { escapeHtml, slotSentinels } from './slots.js';
import { webUrl, type ArticleView, type PublicationView } from './views.js';

/** What an edition is made of. */
export interface EditionInput {
  /** The name of a file in `templates/emails/` (`digest`), or MJML with Liquid. */
  template: string;
  locale: string;
  publication: PublicationView;
  /** The digest's name. */
  title: string;
  /** Liquid or plain; null or empty: the first article's title. */
  subject: string | null;
  /** What inboxes show beside the subject. Liquid or plain; by default made from the articles. */
  preheader?: string;
  date: Date;
  /** Every article that some reader may get, in the order in which they are to stand. */
  articles: ArticleView[];
  /** Plain text, paragraphs between blank lines: what a mail without articles says. By default one of ours. */
  emptyText?: string | null;
}

/** Everything a digest's template may use. Documented in the README: operators write against it. */
export function editionScope(input: EditionInput, nonce: string) {
  const { publication } = input;
  const locale = resolveLocale(input.locale, publication.locale);
  const dir = direction(locale);
  return {
    locale,
    dir,
    start: dir === 'ltr' ? ('left' as const) : ('right' as const),
    end: dir === 'ltr' ? 'right' : 'left',
    arrow: dir === 'ltr' ? '→' : '←',
    colours: coloursOf(publication.theme.accentColor),
    publication: publicationScope(publication),
    digest: { name: input.title },
    date: formatDate(locale, input.date, publication.timeZone),
    slot: slotSentinels(nonce),
    ...markSentinels(nonce),
    nothingNew: emptyParagraphs(input.emptyText, locale),
    articles: input.articles.map((article, index) => ({
      begin: beginMark(nonce, index),
      title: article.title,
      url: webUrl(article.url, publication.baseUrl),
      summary: article.summary.trim(),
      author: article.author,
      imageUrl: webUrl(article.imageUrl, baseOf(article, publication)),
      date: article.publishedAt && formatDate(locale, article.publishedAt, publication.timeZone, 'short'),
      /** The story shows the picture itself, so in full it need not stand above it too. */
      imageInBody: Boolean(article.imageUrl && article.html.includes(escapeHtml(article.imageUrl))),
      topics: article.topics,
      // The story itself never goes through Liquid or MJML: it could hold markup that means something to them.
      body: sentinel(nonce, 'body', index),
    })),
  };
}

/** What a template may know about the publication. */
export function publicationScope(publication: PublicationView) {
  const { name, baseUrl, postalAddress, theme } = publication;
  return { name, baseUrl: baseUrl.replace(/\/+$/, ''), postalAddress, logoUrl: webUrl(theme.logoUrl) };
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
