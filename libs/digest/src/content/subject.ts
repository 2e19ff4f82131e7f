import type { LineSource } from '#rendering/edition/lines.js';
import type { Renderer } from '#rendering/sandbox/renderer.js';
import type { PublicationView } from '#rendering/template/views.js';
import { preparedLines } from './prepared-lines.js';

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

/**
 * Renders a subject as an edition of these articles would have it; compiles no template.
 * @throws DomainError `invalid_input` naming `subject` or `preheader` and the line when the Liquid is wrong
 */
export async function renderSubject(
  renderer: Renderer,
  subject: string | null,
  digestName: string,
  publication: Pick<PublicationView, 'name' | 'baseUrl' | 'locale'>,
  articles: readonly SubjectArticle[],
  preheader: string | null = null,
): Promise<string> {
  const source: LineSource = {
    locale: publication.locale,
    fragments: articles.map(({ title, url, summary, author, topics }, index) => ({
      articleId: String(index),
      title,
      facts: { url, summary, author, topics },
    })),
    subjectTemplate: subject,
    preheaderTemplate: preheader,
    facts: {
      digest: { name: digestName },
      publication: { name: publication.name, baseUrl: publication.baseUrl },
      date: SOME_DATE,
    },
  };
  const sets = [Object.keys(articles)];
  const [lines] = await preparedLines(renderer, source, sets);
  return lines?.subject ?? '';
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
