import { z } from 'zod';
import { DomainError } from '#kernel/errors/errors.js';
import { validate } from '#kernel/input/validate.js';
import { articleInput, articlePatch, correctionInput, MAX_BODY_BYTES } from './article.schemas.js';

const valid = { title: 'The ferry stays', body: 'It will run.', format: 'text' };

function fieldsAtFault(input: unknown): string[] {
  try {
    validate(articleInput, input);
    return [];
  } catch (error) {
    return ((error as DomainError).errors ?? []).map(({ field, code }) => `${field} ${code}`);
  }
}

it.each<[string, object, string[]]>([
  ['the least', {}, []],
  ['no title', { title: undefined }, ['title required']],
  ['a title of white space', { title: ' \n ' }, ['title too_small']],
  ['a long title', { title: 'x'.repeat(301) }, ['title too_big']],
  ['no body', { body: '' }, ['body too_small']],
  ['a body of 1 MB', { body: 'x'.repeat(MAX_BODY_BYTES) }, []],
  ['a body beyond, in bytes', { body: 'é'.repeat(MAX_BODY_BYTES / 2 + 1) }, ['body too_big']],
  ['a format there is not', { format: 'docx' }, ['format invalid_value']],
  ['javascript:', { url: 'javascript:alert(1)' }, ['url invalid']],
  ['a relative URL', { url: '/x' }, ['url invalid']],
  ['localhost', { url: 'http://localhost:8080/x' }, []],
  ['a picture by data:', { imageUrl: 'data:image/png,x' }, ['imageUrl invalid']],
  ['a day that there is not', { publishedAt: '2027-02-30T00:00:00Z' }, ['publishedAt invalid_format']],
  ['a time without a zone', { embargoUntil: '2027-02-03T00:00:00' }, ['embargoUntil invalid_format']],
  ['an unknown field', { titel: 'x' }, ['titel unknown_field']],
  ['the least priority', { priority: -100 }, []],
  ['more than the most', { priority: 101 }, ['priority too_big']],
  ['half a priority', { priority: 0.5 }, ['priority invalid_type']],
  ['a word for breaking', { breaking: 'yes' }, ['breaking invalid_type']],
  ['nulls', { url: null, summary: null, author: null, imageUrl: null, embargoUntil: null }, []],
])('%s', (_name, overrides, expected) => {
  expect(fieldsAtFault({ ...valid, ...overrides })).toEqual(expected);
});

it('normalises: one line of title, no fragment, real dates; and takes its own output', () => {
  const once = articleInput.parse({
    ...valid,
    title: ' The ferry\r\nstays\u00a0on ',
    url: ' HTTPS://Example.org/story#comments ',
    publishedAt: '2027-03-01T06:00:00+02:00',
  });
  expect(once).toMatchObject({
    title: 'The ferry stays\u00a0on',
    url: 'https://example.org/story',
    publishedAt: new Date('2027-03-01T04:00:00Z'),
  });
  expect(articleInput.parse(once)).toEqual(once);
});

it('a patch may be empty, and says what is wrong', () => {
  expect(articlePatch.parse({})).toEqual({});
  expect(articlePatch.safeParse({ title: '' }).success).toBe(false);
  expect(articlePatch.safeParse({ slug: 'x' }).success).toBe(false);
});

it('can be shown as JSON Schema', () => {
  const schema = z.toJSONSchema(articleInput, { io: 'input' }).$defs?.['NewArticle'];
  expect(schema?.required).toEqual(['title', 'body', 'format']);
  expect(schema?.properties?.['publishedAt']).toMatchObject({ type: 'string', format: 'date-time' });
});

it('takes a correction of several lines, as plain text', () => {
  const note = ' The ferry\r\nleaves at <9>,\u0007 not 8. \n\n\n\nSorry.\n';
  expect(correctionInput.parse({ note })).toEqual({
    note: 'The ferry\nleaves at <9>,  not 8.\n\nSorry.',
  });
  expect(correctionInput.parse({ note: 'The ferry \t\u00a0\nleaves.' })).toEqual({
    note: 'The ferry\nleaves.',
  });
  const start = performance.now();
  expect(
    correctionInput.safeParse({ note: `${' '.repeat(2_000_000)}x${' '.repeat(2_000_000)}y` }).success,
  ).toBe(false);
  expect(performance.now() - start).toBeLessThan(1_000);
  for (const wrong of ['', ' \n ', 'x'.repeat(2_001), null]) {
    expect(correctionInput.safeParse({ note: wrong }).success).toBe(false);
  }
});
