import fc from 'fast-check';
import {
  composeWithNodemailer,
  evenBreaks,
  readMail,
  wireFaults,
} from '../../../../tests/support/mail-parsers.js';
import type { CompiledEdition, Fragment, ShellPart } from '../edition/compiled-edition.js';
import { EditionCompiler } from '../edition/edition-compiler.js';
import { encodeEdition } from './encoded-edition.js';
import { articleView, editionInput, plateHere } from '../fixtures.js';
import { buildPlate, wireChunks, type BodyForm, type PlateInput, type Stamp } from './plate.js';
import { plateHeaders } from './plate-headers.js';
import { newNonce } from '../template/sentinel.js';
import { placeholderSentinels, type PlaceholderValues } from '../template/placeholders.js';
import type { VariantOptions } from '../edition/join-variant.js';
import { composeVariant } from '../edition/variant.js';

const slot = placeholderSentinels(newNonce());
const FORMS: BodyForm[] = ['7bit', '8bit'];

const sender = {
  from: { name: 'The Harbour Post', address: 'news@example.org' },
  replyTo: { name: 'Desk', address: 'desk@example.org' },
  listId: { name: 'The Morning Brief', id: 'morning.news.example.org' },
  list: true,
  date: new Date('2026-11-23T07:00:00Z'),
};
const headers = plateHeaders(sender);

function stampFor(
  values: Partial<PlaceholderValues> = {},
  to = { name: 'Anna', address: 'anna@example.com' },
): Stamp {
  return {
    to,
    messageId: 'delivery.1@example.org',
    values: {
      greeting: 'Hello Anna,',
      unsubscribeUrl: `https://news.example.org/unsubscribe/${'A'.repeat(77)}?x=1&y=2`,
      preferencesUrl: 'https://news.example.org/preferences/abc',
      address: 'anna@example.com',
      ...values,
    },
  };
}

function fragment(articleId: string, [title = '', ...forms]: string[]): Fragment {
  const [lead = '', brief = '', full = '', ...text] = forms;
  return {
    articleId,
    title,
    facts: { url: '', summary: title, author: null, topics: [] },
    html: { lead, brief, full },
    text: { lead: text[0] ?? '', brief: text[1] ?? '', full: text[2] ?? '' },
    ...(forms.length % 2 === 1 && {
      section: (['lead', 'main', 'brief'] as const)[title.length % 3]!,
      heading: { html: text[1] ?? '', text: text[0] ?? '' },
    }),
    ...(text.length > 3 && {
      entry: {
        html: { lead: text[3] ?? '', brief: text[4] ?? '', full: text[5] ?? '' },
        text: { lead: text[5] ?? '', brief: text[6] ?? '', full: text[3] ?? '' },
      },
    }),
    warnings: [],
  };
}

function compiledOf(html: ShellPart[], text: ShellPart[], fragments: Fragment[]): CompiledEdition {
  return {
    version: 1,
    locale: 'en',
    dir: 'ltr',
    shell: { html, text },
    empty: { html: '<p>nothing</p>', text: ' nothing\n' },
    more: { html: '\n<p>more</p> ', text: '\n\n more \n' },
    fragments,
    subjectTemplate: '{{ articles.size }}: {{ articles | map: "title" | join: "; " }}',
    preheaderTemplate: null,
    facts: { digest: { name: 'D' }, publication: { name: 'P', baseUrl: 'https://x.org' }, date: '1 May' },
    warnings: [],
  };
}

/** The plate's message and nodemailer's of the same variant, as two parsers read them. */
async function bothReadings(
  compiled: CompiledEdition,
  ids: string[],
  stamp: Stamp,
  form: BodyForm,
  options: VariantOptions = {},
) {
  const stamped = plateHere(encodeEdition(compiled), ids, headers, options).stamp(stamp, form);
  const message = Buffer.concat(wireChunks(stamped));
  expect(message).toHaveLength(stamped.size);
  expect(wireFaults(message, stamped.eightBit)).toEqual([]);
  const input: PlateInput = { ...sender, ...composeVariant(compiled, ids, options) };
  const theirs = await composeWithNodemailer(input, stamp);
  return [await readMail(message), await readMail(theirs), input, stamped] as const;
}

const anyUnit = fc.constantFrom(
  ' ',
  '\t',
  '\n',
  '\n\n\n',
  '\r\n',
  '\u00a0',
  '.',
  '..',
  'From ',
  '=',
  '<b>',
  '&amp;',
  'x',
  'word ',
  'é',
  'Ночь',
  'مرحبًا',
  '港の新聞',
  '👩‍🚀',
  '\u0301',
  'x'.repeat(80),
  'да '.repeat(400),
  slot.greeting,
  slot.address,
  slot.unsubscribeUrl,
);
const anyText = fc.string({ unit: anyUnit, maxLength: 12 });
const anyShell = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: anyText },
    fc.constantFrom<ShellPart>(
      ...(['articles', 'entries', 'count', 'more', 'subject', 'preheader'] as const).map((hole) => ({
        hole,
      })),
    ),
  ),
  { minLength: 1, maxLength: 6 },
);
const anyFragments = fc
  .array(fc.array(anyText, { minLength: 7, maxLength: 11 }), { maxLength: 5 })
  .map((drawn) =>
    drawn.map((texts, at) =>
      // A subject is text, and placeholders don't belong in it.
      fragment(String(at), [texts[0]!.replace(/Xq\w+?X\w+?Xq|[\p{Cc}\u2028]/gu, ''), ...texts.slice(1)]),
    ),
  );
const anyValue = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom('', '.', '.x', 'From me', 'я'.repeat(400)),
  )
  .map((value) => value.replace(/[\p{Cc}\s]+/gu, ' '));

describe('a composed plate reads like the one message that nodemailer composes', () => {
  test('whatever the pieces are, whichever articles, in any order, with any values', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...([anyShell, anyShell, anyFragments, fc.infiniteStream(fc.nat()), anyValue, anyValue] as const),
        fc.constantFrom(...FORMS),
        fc.record({ more: fc.boolean() }),
        async (html, text, fragments, dice, greeting, address, form, options) => {
          const ids = fragments.map(({ articleId }) => articleId);
          const chosen = ids.filter(() => dice.next().value! % 2 === 0);
          chosen.sort(() => (dice.next().value! % 3) - 1);
          const stamp = stampFor({ greeting, address });
          const compiled = compiledOf(html, text, fragments);
          const [ours, theirs] = await bothReadings(compiled, chosen, stamp, form, options);
          expect(ours.postal).toEqual(theirs.postal);
          expect(ours.parsed).toEqual(theirs.parsed);
        },
      ),
      { numRuns: 200 },
    );
  }, 120_000);

  test('names and subjects in any script', async () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
      .map((value) => `a${value.replace(/[\p{C}\p{Z}\s]+/gu, ' ').replaceAll('=?', '')}z`);
    await fc.assert(
      fc.asyncProperty(line, line, async (title, name) => {
        const compiled = compiledOf([{ hole: 'articles' }], ['x'], [fragment('1', [title, 'a', 'b', 'c'])]);
        const stamp = stampFor({}, { name, address: 'reader@example.com' });
        const [ours] = await bothReadings(compiled, ['1'], stamp, '8bit');
        expect(ours.postal.subject).toBe(`1: ${title}`);
        expect(ours.postal.to).toEqual([{ name, address: 'reader@example.com' }]);
      }),
    );
  });

  test.each(['en', 'ar'])('a digest made with the real template, in %s', async (locale) => {
    const articles = Array.from({ length: 12 }, (_, at) =>
      articleView(String(at), {
        title: locale === 'ar' ? `العبّارة ${at}` : `Überschrift №${at} 🗞`,
        summary: 'العبّارة ستعمل طوال الشتاء. '.repeat(at),
        html: `<p>.${'Long '.repeat(200 * at)}</p><pre>\n.\n</pre>`,
      }),
    );
    const compiled = await new EditionCompiler().compile(editionInput({ articles, locale }));
    for (const ids of [[], ['5'], ['11', '2'], articles.map(({ id }) => id).reverse()]) {
      for (const form of FORMS) {
        const [ours, theirs, input] = await bothReadings(compiled, ids, stampFor(), form, {
          more: ids.length > 1,
        });
        expect(ours).toEqual(theirs);
        expect(ours.postal.text).not.toMatch(/Xq[0-9a-z]{24}/);
        expect(evenBreaks(input.text).endsWith('\n')).toBe(true);
      }
    }
  });
});

describe('cost', () => {
  test('a digest in another script is a fifth shorter where the server takes 8 bits', async () => {
    const summary = 'العبّارة ستعمل طوال الشتاء. '.repeat(12);
    const articles = Array.from({ length: 20 }, (_, at) => articleView(String(at), { summary }));
    const compiled = await new EditionCompiler().compile(editionInput({ articles, locale: 'ar' }));
    const plate = plateHere(
      encodeEdition(compiled),
      articles.map(({ id }) => id),
      headers,
    );
    const [seven, eight] = [plate.stamp(stampFor(), '7bit'), plate.stamp(stampFor(), '8bit')];
    expect(Buffer.concat(eight.body).toString()).not.toContain('quoted-printable');
    expect([seven.eightBit, eight.eightBit]).toEqual([false, true]);
    expect(eight.size).toBeLessThan(0.8 * seven.size);
    // A value that would begin a line with a dot, or is too long for one, sends its reader the other form.
    for (const greeting of ['.a', 'x'.repeat(301), '']) {
      const stamped = plate.stamp(stampFor({ greeting }), '8bit');
      expect(stamped.eightBit).toBe(false);
      expect(wireFaults(Buffer.concat(wireChunks(stamped)))).toEqual([]);
    }
  });

  const edition = async (articles = 30) =>
    encodeEdition(
      await new EditionCompiler().compile(
        editionInput({
          subject: '{{ articles[0].title }}',
          articles: Array.from({ length: articles }, (_, at) =>
            articleView(String(at), {
              summary: `Über ${'lange Worte '.repeat(60)}`,
              html: 'Text '.repeat(500),
            }),
          ),
        }),
      ),
    );

  test('a thousand variants hold the bytes of one edition', async () => {
    const encoded = await edition();
    const ids = encoded.compiled.fragments.map(({ articleId }) => articleId);
    const buffers = new Set<Buffer>();
    let ofMessages = 0;
    for (let at = 0; at < 1_000; at++) {
      const chosen = ids.filter((_, index) => (at >> (index % 10)) % 2 === 0);
      const { body, size } = plateHere(encoded, chosen, headers).stamp(stampFor());
      for (const chunk of body) if (chunk.length > 300) buffers.add(chunk);
      ofMessages += size;
    }
    const held = [...buffers].reduce((sum, buffer) => sum + buffer.length, 0);
    // Encoding adds a little to what was compiled, which is the edition in every form.
    expect(held).toBeLessThan(1.1 * JSON.stringify(encoded.compiled).length);
    expect(ofMessages).toBeGreaterThan(50 * held);
  });

  test('a plate used again and again merges its buffers, and stays the same', async () => {
    const plate = plateHere(await edition(), ['3', '5', '8'], headers);
    const stamps = Array.from({ length: 6 }, () => plate.stamp(stampFor()));
    const [first, last] = [stamps[0]!, stamps[5]!];
    expect(Buffer.concat(last.body)).toEqual(Buffer.concat(first.body));
    expect(last.body.length).toBeLessThan(first.body.length);
  });

  test('what is the same in both forms is the same buffers', async () => {
    const plate = plateHere(await edition(), ['3', '5'], headers);
    const [seven, eight] = [plate.stamp(stampFor(), '7bit'), plate.stamp(stampFor(), '8bit')];
    expect(eight.eightBit).toBe(false);
    const constants = seven.body.filter((chunk) => chunk.length > 300);
    expect(constants.every((chunk) => eight.body.includes(chunk))).toBe(true);
  });
});

test.each([{}, { more: true }])(
  'it is what buildPlate makes of the composed variant: %j',
  async (options) => {
    const compiled = await new EditionCompiler().compile(editionInput());
    const decoded = (message: Buffer) =>
      message
        .toString()
        .replaceAll('=\r\n', '')
        .replace(/=_\w{36}/g, '');
    const whole = buildPlate({ ...sender, ...composeVariant(compiled, ['3', '1'], options) });
    const joined = plateHere(encodeEdition(compiled), ['3', '1'], headers, options);
    const bytes = [whole, joined].map((plate) => decoded(Buffer.concat(plate.stamp(stampFor()).body)));
    expect(bytes[1]).toBe(bytes[0]);
    expect(joined.subject).toBe('Story 3');
  },
);
