import { articleUrl, type Article, type ArticleListItem } from '#content/articles/article.service.js';
import { formatDate } from '#rendering/template/locales.js';
import { webUrl } from '#rendering/template/views.js';
import type { PageContext } from './pages.js';

/** A story in a list. */
export function articleItem(article: ArticleListItem, { locale, publication }: PageContext, root: string) {
  return {
    path: `${root}/a/${article.slug}`,
    title: article.title,
    summary: article.summary,
    author: article.author,
    imageUrl: webUrl(article.imageUrl),
    date: formatDate(locale, article.publishedAt, publication.timeZone, 'short'),
    dateTime: article.publishedAt.toISOString(),
    topics: article.topics.map((topic) => topic.name),
  };
}

/** A story on its page. */
export function articleView(article: Article, context: PageContext, root: string) {
  const { publication } = context;
  const canonical = articleUrl(article, publication.baseUrl);
  return {
    ...articleItem(article, context, root),
    html: article.html,
    correction: correctionView(article, context),
    canonical,
    /** Where it was first published, when that is another site. */
    origin: article.url ? new URL(article.url).hostname.replace(/^www\./, '') : null,
    /** The story shows the picture itself, so it need not stand above it too. */
    isImageInBody: Boolean(article.imageUrl && article.html.includes(escapeForHtml(article.imageUrl))),
    pageUrl: `${publication.baseUrl}/a/${article.slug}`,
    openGraph: {
      type: 'article',
      title: article.title,
      description: article.summary,
      url: canonical,
      imageUrl: webUrl(article.imageUrl),
      publishedAt: article.publishedAt.toISOString(),
      modifiedAt: article.updatedAt.toISOString(),
    },
    jsonLd: scriptJson(structuredData(article, context, canonical)),
  };
}

/** What was wrong in it; null: nothing is known. */
function correctionView({ correction, correctedAt }: Article, { locale, publication }: PageContext) {
  if (!correction || !correctedAt) return null;
  return { note: correction, date: formatDate(locale, correctedAt, publication.timeZone, 'short') };
}

/** https://schema.org/NewsArticle, as search engines read it. */
function structuredData(article: Article, { publication }: PageContext, canonical: string): object {
  const imageUrl = webUrl(article.imageUrl);
  const logoUrl = webUrl(publication.theme.logoUrl);
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: article.title,
    description: article.summary,
    ...(imageUrl ? { image: [imageUrl] } : {}),
    datePublished: article.publishedAt.toISOString(),
    dateModified: article.updatedAt.toISOString(),
    ...(article.correction ? { correction: article.correction } : {}),
    ...(article.author ? { author: [{ '@type': 'Person', name: article.author }] } : {}),
    publisher: {
      '@type': 'Organization',
      name: publication.name,
      url: publication.baseUrl,
      ...(logoUrl ? { logo: { '@type': 'ImageObject', url: logoUrl } } : {}),
    },
    inLanguage: publication.locale,
    mainEntityOfPage: canonical,
    ...(article.topics.length > 0 ? { keywords: article.topics.map((topic) => topic.name) } : {}),
  };
}

/** JSON that may stand in a script element: no `<` can end it, and U+2028 is no line break in it. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

function escapeForHtml(url: string): string {
  return url.replaceAll('&', '&amp;');
}
