import { liquidFor, parseTemplate } from '#rendering/liquid.js';
import { composeVariant } from '#rendering/variant.js';
import type { PublicationView } from '#rendering/views.js';
import type { CompiledEdition } from '#rendering/compiled-edition.js';

/** What a subject may say of an article. */
export interface SubjectArticle {
  title: string;
  url: string;
  summary: string;
  author: string | null;
  topics: string[];
}

/** Only tells whether `date` may stand there; the compiler writes the day in the reader's language. */
const SOME_DATE = '1 January 2027';
const NO_FORMS = { lead: '', brief: '', full: '' };

/**
 * Renders a subject as an edition of these articles would have it; compiles no template.
 * @throws DomainError `invalid_input` naming `subject` and the line when the Liquid is wrong
 */
export function renderSubject(
  subject: string | null,
  digestName: string,
  publication: Pick<PublicationView, 'name' | 'baseUrl' | 'locale'>,
  articles: readonly SubjectArticle[],
): string {
  if (subject) parseTemplate(liquidFor('emails', 'text'), subject, 'subject');
  const edition: CompiledEdition = {
    version: 1,
    locale: publication.locale,
    dir: 'ltr',
    shell: { html: [], text: [] },
    empty: { html: '', text: '' },
    fragments: articles.map(({ title, url, summary, author, topics }, index) => ({
      ...{ articleId: String(index), title, facts: { url, summary, author, topics } },
      html: NO_FORMS,
      text: NO_FORMS,
      warnings: [],
    })),
    subjectTemplate: subject,
    preheaderTemplate: null,
    facts: {
      digest: { name: digestName },
      publication: { name: publication.name, baseUrl: publication.baseUrl },
      date: SOME_DATE,
    },
    warnings: [],
  };
  return composeVariant(edition, Object.keys(articles)).subject;
}

/** Articles to try a subject on before there are any. */
export function sampleArticles(count: number): SubjectArticle[] {
  return Array.from({ length: count }, (_, index) => ({
    title: `Story ${index + 1}`,
    url: `https://example.org/${index + 1}`,
    summary: 'What happened, in a sentence.',
    author: 'A. Reporter',
    topics: ['Topic'],
  }));
}
