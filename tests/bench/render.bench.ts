import { EditionCompiler } from '#rendering/edition/edition-compiler.js';
import { encodeEdition } from '#rendering/wire/encoded-edition.js';
import { plateHere } from '#rendering/fixtures.js';
import { plateHeaders } from '#rendering/wire/plate-headers.js';
import type { ArticleView } from '#rendering/template/views.js';
import { benchArticle } from './articles.js';
import { compared, type Case, type Row } from './results.js';
import { peakRssMbOf } from './usage.js';

const ARTICLES = 20;

function view(index: number): ArticleView {
  const { title, body } = benchArticle(index, 6);
  return {
    id: `article-${index}`,
    title,
    url: `https://news.example/a/${index}`,
    summary: body.slice(0, 240),
    html: body
      .split('\n\n')
      .map((paragraph) => `<p>${paragraph}</p>`)
      .join('\n'),
    text: body,
    author: 'The Bench',
    imageUrl: null,
    publishedAt: new Date(Date.UTC(2026, 0, 1)),
    topics: ['Harbour'],
  };
}

async function measure(name: string, n: number, work: (i: number) => unknown): Promise<Case> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let i = 0; i < n; i++) await work(i);
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  return {
    bench: 'render',
    case: name,
    n,
    perSecond: n / seconds,
    cpuMsPerOp: (used.user + used.system) / 1000 / n,
    peakRssMb: peakRssMbOf(process.pid),
  };
}

/** A mail for each reader: compiling each with MJML, against compiling once and splicing. */
export async function renderBench(): Promise<Row[]> {
  const compiler = new EditionCompiler();
  const input = {
    template: 'digest',
    locale: 'en',
    publication: {
      name: 'The Bench',
      baseUrl: 'https://news.example',
      postalAddress: '1 Bench Street',
      locale: 'en',
      timeZone: 'UTC',
      theme: { accentColor: '#9b1c1c' },
    },
    title: 'Daily',
    subject: null,
    date: new Date(Date.UTC(2026, 0, 1)),
    articles: Array.from({ length: ARTICLES }, (_, i) => view(i)),
  };
  const compiled = await compiler.compile(input);
  const ids = compiled.fragments.map((fragment) => fragment.articleId);
  const edition = encodeEdition(compiled);
  const headers = plateHeaders({
    from: { name: 'The Bench', address: 'news@bench.example' },
    list: true,
    listId: { name: 'Daily', id: 'daily.bench.example' },
    date: input.date,
  });
  const plateOf = (articleIds: string[]) => plateHere(edition, articleIds, headers);
  const plate = plateOf(ids);
  const stamp = (i: number) => ({
    to: { name: `Reader ${i}`, address: `reader${i}@bench.example` },
    messageId: `<${i}@bench.example>`,
    values: {
      greeting: `Hello Reader ${i},`,
      address: `reader${i}@bench.example`,
      unsubscribeUrl: `https://news.example/unsubscribe/${i}`,
      preferencesUrl: `https://news.example/preferences/${i}`,
    },
  });
  const rows = [
    await measure('mjml for each reader', 40, () => compiler.compile(input)),
    await measure('join and plate for each reader', 1_000, (i) =>
      plateOf(ids.filter((_, at) => (i + at) % 3 > 0)).stamp(stamp(i)),
    ),
    await measure('stamp of one plate', 20_000, (i) => plate.stamp(stamp(i))),
  ];
  return compared(rows, ['mjml for each reader']);
}
