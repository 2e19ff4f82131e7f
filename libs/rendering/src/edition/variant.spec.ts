import fc from 'fast-check';
import { DomainError } from '#kernel/errors/errors.js';
import type { CompiledEdition, ShellPart } from './compiled-edition.js';
import { EditionCompiler } from './edition-compiler.js';
import { encodeEdition } from '../wire/encoded-edition.js';
import { articleView, editionInput, LISTING, plateHere } from '../fixtures.js';
import { plateHeaders } from '../wire/plate-headers.js';
import type { Variant } from './join-variant.js';
import { composeVariant } from './variant.js';
import type { ArticleView } from '../template/views.js';

const compiler = new EditionCompiler();
const sender = {
  from: { name: 'The Harbour Post', address: 'news@example.org' },
  replyTo: null,
  listId: null,
  list: true,
  date: new Date('2026-11-23T07:00:00Z'),
};

/** Nonces differ from compile to compile; where there are no articles, so does the white space around their places. */
function normalised({ subject, html, text, warnings }: Variant, isEmpty: boolean): Variant {
  const even = (value: string) => {
    const same = value.replace(/Xq[0-9a-z]{24}X/g, 'XqX');
    return isEmpty ? same.replace(/\s+/g, ' ') : same;
  };
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
      fc.constantFrom('digest', 'digest', 'letter', 'alert', 'correction', LISTING),
      fc.record({ more: fc.boolean() }),
      async (drawn, locale, template, options) => {
        const articles = drawn.map(([article], index) => articleView(String(index), article));
        const subset = articles.filter((_, index) => drawn[index]?.[1]);
        const ids = subset.map(({ id }) => id);
        const all = await compiler.compile(editionInput({ template, articles, locale }));
        const alone = await compiler.compile(editionInput({ template, articles: subset, locale }));
        const [ours, theirs] = [all, alone].map((edition) => composeVariant(edition, ids, options));
        const isEmpty = ids.length === 0;
        expect(normalised(ours!, isEmpty)).toEqual(normalised(theirs!, isEmpty));
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

test('a list of the articles has those of the mail, and the count is theirs', async () => {
  const compiled = await compiler.compile(editionInput({ template: LISTING }));
  const listOf = (ids: string[]) => {
    const { html } = composeVariant(compiled, ids);
    return [/Today: (\d+)/.exec(html)?.[1], ...[...html.matchAll(/<li>(.*?)<\/li>/g)].map(([, its]) => its)];
  };
  expect(listOf(['1', '2', '3'])).toEqual(['3', 'Story 1 (first)', 'Story 2 (next)', 'Story 3 (next)']);
  expect(listOf(['3', '1'])).toEqual(['2', 'Story 3 (first)', 'Story 1 (next)']);
  expect(listOf(['2'])).toEqual(['1']);
  expect(listOf([])).toEqual(['0']);
});

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

const preheaderOf = (html: string) => /max-height:0px[^>]*>(.*?)&#847;/.exec(html)?.[1];

describe('without articles', () => {
  test('it says so', async () => {
    const subject = 'With {{ articles[0].title }}';
    const variant = composeVariant(await compiler.compile(editionInput({ subject })), []);
    expect(variant.subject).toBe('The Morning Brief');
    expect(variant.html).toContain('There is nothing new');
    expect(variant.text).toContain('There is nothing new');
    expect(preheaderOf(variant.html)).toMatch(/^There is nothing new/);
  });

  test.each(['digest', 'letter'])('the %s says what the operator wants it to', async (template) => {
    const emptyText = '\r\nQuiet <b>today</b> & {{ x }}.\r\nReally.\r\n \r\n\r\nBack on Monday.\n';
    const compiled = await compiler.compile(editionInput({ template, emptyText, preheader: 'p' }));
    const { html, text } = composeVariant(compiled, []);
    expect(html).toMatch(/>Quiet &lt;b&gt;today&lt;\/b&gt; &amp; {{ x }}\.<br ?\/>\s*Really\.</);
    expect(html).toContain('>Back on Monday.<');
    expect(text).toContain('\nQuiet <b>today</b> & {{ x }}.\nReally.\n\nBack on Monday.\n');
    expect(html + text).not.toContain('nothing new');
    expect(/max-height:0px[^>]*>([^<]*)/.exec(html)?.[1]).toMatch(/^Quiet &lt;b.* Really\. Back on Monday\./);
    expect(composeVariant(compiled, ['1']).html).not.toContain('Quiet');
  });

  test('a blank text of the operator is none', async () => {
    const compiled = await compiler.compile(editionInput({ emptyText: ' \n\n ' }));
    expect(composeVariant(compiled, []).text).toContain('There is nothing new');
  });
});

describe('more on the site', () => {
  test.each(['digest', 'letter'])('stands in the %s only when the variant was cut', async (template) => {
    const compiled = await compiler.compile(editionInput({ template, locale: 'de' }));
    const [cut, whole] = [true, false].map((more) => composeVariant(compiled, ['2', '1'], { more }));
    for (const part of ['html', 'text'] as const) {
      expect(cut![part].split('Mehr Artikel auf der Website')).toHaveLength(2);
      expect(cut![part].lastIndexOf('Story 1')).toBeLessThan(cut![part].indexOf('Mehr Artikel'));
      expect(cut![part].indexOf('Mehr Artikel')).toBeLessThan(cut![part].indexOf('Abmelden'));
      expect(whole![part]).not.toContain('Mehr Artikel');
    }
    expect(composeVariant(compiled, ['2', '1'])).toEqual(whole);
  });

  test('an edition that was stored before there was such a link has none', async () => {
    const { more: _, ...rest } = await compiler.compile(editionInput());
    const isMore = (part: ShellPart) => typeof part !== 'string' && part.hole === 'more';
    const html = rest.shell.html.filter((part) => !isMore(part));
    const old: CompiledEdition = { ...rest, shell: { ...rest.shell, html } };
    expect(composeVariant(old, ['1'], { more: true }).text).not.toContain('More stories');
    const plate = plateHere(encodeEdition(old), ['1'], plateHeaders(sender), { more: true });
    expect(plate.size).toBe(plateHere(encodeEdition(old), ['1'], plateHeaders(sender)).size);
  });

  test.each([
    ['twice', '{{ mark.more }}a{{ mark.end }}{{ mark.more }}b{{ mark.end }}', 'one place only'],
    ['in the empty part', '{{ mark.empty }}{{ mark.more }}b{{ mark.end }}', 'inside another part'],
  ])('can not stand %s', async (_, marks, problem) => {
    const articles = '{% for article in articles %}{{ article.begin }}x{{ mark.end }}{% endfor %}';
    const template = `<mjml><mj-body><mj-raw>${marks}${articles}</mj-raw></mj-body></mjml>`;
    await expect(compiler.compile(editionInput({ template }))).rejects.toMatchObject({
      errors: [{ field: 'template', message: expect.stringContaining(problem) as string }],
    });
  });
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
    ['{% if false %}x{% endif %}', 'Story 2'],
    ['{{ " " }}\u2028', 'Story 2'],
    ['a\r\nBcc: x@y.z', 'a Bcc: x@y.z'],
  ])('%j: %s', async (subject, expected) => {
    const variant = composeVariant(await compiler.compile(editionInput({ subject })), ['2', '3']);
    expect(variant.subject).toBe(expected);
    expect(variant.html).toContain(`<title>${expected.replace('<b>', '&lt;b&gt;')}</title>`);
  });
});

test('a subject that comes out empty is the first title, and without one the name of the digest', async () => {
  const articles = [articleView('1', { title: ' ' }), articleView('2')];
  for (const subject of [null, '{{ articles[0].title }}']) {
    const compiled = await compiler.compile(editionInput({ subject, articles }));
    expect(composeVariant(compiled, ['1', '2']).subject).toBe('The Morning Brief');
    expect(composeVariant(compiled, ['2', '1']).subject).toBe('Story 2');
  }
});

test('the preheader: given, or the summary, or the other headlines', async () => {
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
