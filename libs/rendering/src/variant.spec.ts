import fc from 'fast-check';
import { DomainError } from '#kernel/errors.js';
import { EditionCompiler } from './edition-compiler.js';
import { articleView, editionInput } from './fixtures.js';
import { composeVariant, type Variant } from './variant.js';
import type { ArticleView } from './views.js';

const compiler = new EditionCompiler();

/** Nonces differ from compile to compile, and white space at the seams may. */
function normalised({ subject, html, text, warnings }: Variant): Variant {
  const even = (value: string) => value.replace(/Xq[0-9a-z]{24}X/g, 'XqX').replace(/\s+/g, ' ');
  return { subject, html: even(html), text: even(text), warnings };
}

const anyArticle: fc.Arbitrary<Omit<ArticleView, 'id' | 'url'>> = fc.record({
  title: fc.oneof(fc.string({ minLength: 1, unit: 'grapheme' }), fc.constant('<b>&"</b> {{ x }} Roboto')),
  summary: fc.string({ unit: 'grapheme' }),
  html: fc.oneof(
    fc.constant(''),
    fc.string().map((text) => `<h1>x</h1><p>${text}</p><table><tr><td>1</td></tr></table>`),
  ),
  text: fc.string({ unit: 'grapheme' }),
  author: fc.option(fc.string({ minLength: 1 })),
  imageUrl: fc.option(fc.constant('https://x.org/i.png')),
  publishedAt: fc.option(fc.constant(new Date('2026-01-02T03:04:05Z'))),
  topics: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
});

test('composing a subset equals compiling that subset alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyArticle, fc.boolean()), { maxLength: 6 }),
      fc.constantFrom('en', 'ar'),
      async (drawn, locale) => {
        const articles = drawn.map(([article], index) => articleView(String(index), article));
        const subset = articles.filter((_, index) => drawn[index]?.[1]);
        const ids = subset.map(({ id }) => id);
        const all = await compiler.compile(editionInput({ articles, locale }));
        const alone = await compiler.compile(editionInput({ articles: subset, locale }));
        expect(normalised(composeVariant(all, ids))).toEqual(normalised(composeVariant(alone, ids)));
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

test('one article alone is shown in full, the first of several leads', async () => {
  const compiled = await compiler.compile(editionInput());
  const one = composeVariant(compiled, ['2']);
  expect(one.html).toContain('Whole text of 2.');
  expect(one.text).toContain('Whole text of 2.');
  expect(one.html).not.toContain('Read on');
  const two = composeVariant(compiled, ['3', '1']);
  expect(two.html).not.toContain('Whole text');
  expect(two.html.indexOf('Story 3')).toBeLessThan(two.html.lastIndexOf('Story 1'));
  expect(two.html).not.toContain('Story 2');
  expect(two.html.match(/Read on/g)).toHaveLength(2);
  expect(two.html.match(/font-size:34px/g)).toHaveLength(1);
});

test('no articles: says so', async () => {
  const variant = composeVariant(await compiler.compile(editionInput()), []);
  expect(variant.subject).toBe('The Morning Brief');
  expect(variant.html).toContain('There is nothing new');
  expect(variant.text).toContain('There is nothing new');
});

test('an article that was not compiled is not found', async () => {
  const compiled = await compiler.compile(editionInput());
  expect(() => composeVariant(compiled, ['1', 'x'])).toThrow(DomainError);
});

describe('the subject', () => {
  test.each([
    [null, 'Story 2'],
    ['  ', 'Story 2'],
    ['{{ articles[0].title }} and {{ articles.size | minus: 1 }} more', 'Story 2 and 1 more'],
    ['{{ digest.name }} of {{ publication.name }}', 'The Morning Brief of The Harbour Post'],
    ['{{ articles | map: "title" | join: ", " }}', 'Story 2, Story 3'],
    ['Plain <b>', 'Plain <b>'],
    ['{% if false %}x{% endif %}', 'The Morning Brief'],
    ['a\r\nBcc: x@y.z', 'a Bcc: x@y.z'],
  ])('%j: %s', async (subject, expected) => {
    const variant = composeVariant(await compiler.compile(editionInput({ subject })), ['2', '3']);
    expect(variant.subject).toBe(expected);
    expect(variant.html).toContain(`<title>${expected.replace('<b>', '&lt;b&gt;')}</title>`);
  });
});

test('the preheader: given, or the summary, or the other headlines', async () => {
  const preheaderOf = (html: string) => /max-height:0px[^>]*>(.*?)&#847;/.exec(html)?.[1];
  const given = await compiler.compile(editionInput({ preheader: 'With {{ articles.size }} <stories>' }));
  expect(preheaderOf(composeVariant(given, ['1', '2']).html)).toBe('With 2 &lt;stories&gt;');
  const compiled = await compiler.compile(editionInput());
  expect(preheaderOf(composeVariant(compiled, ['1']).html)).toBe('Summary of 1.');
  expect(preheaderOf(composeVariant(compiled, ['1', '2', '3']).html)).toBe('Story 2 · Story 3');
});

test('warns when Gmail would clip it', async () => {
  const articles = [articleView('1', { html: `<p>${'é'.repeat(60_000)}</p>` }), articleView('2')];
  const compiled = await compiler.compile(editionInput({ articles }));
  expect(composeVariant(compiled, ['1']).warnings).toEqual([expect.stringContaining('Gmail clips')]);
  expect(composeVariant(compiled, ['1', '2']).warnings).toEqual([]);
});
