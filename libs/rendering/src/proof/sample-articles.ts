import type { ArticleView, Section } from '../template/views.js';

/** What a template may ask for in so many words: `contains 'Breaking'`, `size > 5`. */
export interface Literals {
  texts: string[];
  numbers: number[];
}

/** Digits of a number that may be asked for: longer than any title is. */
const NUMBER = /\b\d{1,3}\b/g;
/** Topics of an article. */
const MOST_TOPICS = 50;
/** So that in 24 articles there is each month and each day of the week. */
const DAYS_APART = 15;
/** Of a template that has more, the first are enough to draw samples from. */
const MOST_TEXTS = 40;
const MOST_NUMBERS = 20;
/** Liquid's tags and outputs: what stands elsewhere asks for nothing. */
const LIQUID = /\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g;

/** The texts and numbers that stand in a template's Liquid. */
export function literalsOf(source: string): Literals {
  const liquid = [...source.matchAll(LIQUID)].map(([all]) => all).join('\n');
  const texts = [...liquid.matchAll(/'([^']+)'|"([^"]+)"/g)].map(([, one, two]) => one ?? two ?? '');
  const bare = liquid.replace(/'[^']*'|"[^"]*"/g, '');
  const numbers = [...bare.matchAll(NUMBER)].map(([digits]) => Number(digits));
  return {
    texts: [...new Set(texts)].slice(0, MOST_TEXTS),
    numbers: [...new Set(numbers)].filter((its) => its > 1).slice(0, MOST_NUMBERS),
  };
}

/**
 * Articles to try a template on: in every shape that one may have, each with words of its own, and some with the very
 * texts and lengths that the template asks for.
 * @param count at least; there is one for each literal
 */
export function sampleArticles(
  count: number,
  baseUrl: string,
  { texts, numbers }: Literals = { texts: [], numbers: [] },
): ArticleView[] {
  const base = baseUrl.replace(/\/+$/, '');
  const special = [
    ...texts.map((text) => {
      const url = `${base}/${encodeURIComponent(text)}`;
      return { title: text, summary: text, author: text, topics: [text], url, imageUrl: url };
    }),
    ...numbers.map((length) => {
      const long = 'Long '.padEnd(length + 1, 'x');
      const topics = Array.from({ length: Math.min(length + 1, MOST_TOPICS) }, (_, at) => `Topic ${at}`);
      return { title: long, summary: long, author: long, topics };
    }),
  ];
  const size = Math.max(count, special.length + PLAIN);
  return Array.from({ length: size }, (_, at) => ({
    ...sampleArticle(at, base),
    ...special[at - PLAIN],
  }));
}

/** Of some in a row: most editions have none. */
const SECTIONS: readonly Section[] = ['lead', 'main', 'main', 'brief', 'brief'];
/** So many come first as they are: the most usual shapes. */
const PLAIN = 6;

function sampleArticle(at: number, base: string): ArticleView {
  const number = at + 1;
  // The second has nothing that an article may lack; after that each has something else.
  const has = (bit: number) => at !== 1 && ((at >> bit) & 1) === 0;
  const imageUrl = at !== 1 && at % 3 !== 2 ? `${base}/sample-${number}.jpg` : null;
  const picture = imageUrl && at % 4 === 3 ? `<p><img src="${imageUrl}" alt=""></p>` : '';
  return {
    id: String(at),
    title: `Sample story ${number}`,
    url: at % 7 === 4 ? '' : `${base}/sample-${number}`,
    summary: has(0) || at % 5 === 3 ? `What happened ${number}, in a sentence.` : '',
    html: `${picture}<p>The whole of story ${number}.</p>`,
    text: `The whole of story ${number}.`,
    author: has(1) ? `Reporter ${number}` : null,
    imageUrl,
    publishedAt: at !== 1 && at % 5 !== 4 ? new Date(at * DAYS_APART * 86_400_000) : null,
    section: SECTIONS[at % 8] ?? null,
    topics: at === 1 ? [] : [`Topic ${number}`, 'Other'].slice(at % 3 === 1 ? 2 : 0),
  };
}
