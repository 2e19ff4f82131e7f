import { z } from 'zod';
import { DomainError, type FieldError } from '#kernel/errors/errors.js';
import { validate } from '#kernel/input/validate.js';
import { attributesField, localeField, recorded, senderField, timeZoneField, webUrlField } from './fields.js';
import { publicationPatch } from './publication.schema.js';
import { signUpInput } from '../reader/sign-up.service.js';

function errorsOf(schema: z.ZodType, value: unknown): FieldError[] {
  try {
    validate(schema, value);
    return [];
  } catch (error) {
    return (error as DomainError).errors ?? [];
  }
}

const good = { email: 'Reader@Example.org', terms: 'accepted' };

describe('a sign-up', () => {
  it.each([
    ['the least', good, { email: { normalised: 'reader@example.org' }, terms: 'accepted' }],
    ['a ticked box', { ...good, terms: 'on' }, { terms: 'accepted' }],
    ['true', { ...good, terms: true }, { terms: 'accepted' }],
    ['one topic from a form', { ...good, topics: 'harbour' }, { topics: ['harbour'] }],
    ['a field nobody asked for', { ...good, captcha: 'x' }, { terms: 'accepted' }],
    ['a locale in the old spelling', { ...good, locale: 'de_at' }, { locale: 'de-AT' }],
  ])('takes %s', (_, input, expected) => {
    expect(validate(signUpInput, input)).toMatchObject(expected);
  });

  it('takes blank fields of a form as absent', () => {
    const blank = { name: '', topics: '', digests: '', cadence: '', locale: '', timeZone: '', pageUrl: '' };
    const read = validate<Record<string, unknown>>(signUpInput, { ...good, ...blank });
    for (const key of Object.keys(blank)) expect(read[key]).toBeUndefined();
  });

  it.each([
    ['no address', { terms: 'accepted' }, 'email', 'required'],
    ['a blank address', { ...good, email: ' ' }, 'email', 'required'],
    [
      'a line break in the address',
      { ...good, email: 'a@example.org\r\nBcc: b@example.org' },
      'email',
      'control_characters',
    ],
    ['a long address', { ...good, email: `${'a'.repeat(60)}@${'b.'.repeat(100)}org` }, 'email', 'too_long'],
    ['no address at all', { ...good, email: 'nobody' }, 'email', 'invalid'],
    ['no terms', { email: 'a@example.org' }, 'terms', 'required'],
    ['terms refused', { ...good, terms: 'no' }, 'terms', 'required'],
    ['terms false', { ...good, terms: false }, 'terms', 'invalid_type'],
    ['a line break in the name', { ...good, name: 'A\nBcc: x' }, 'name', 'control_characters'],
    ['a null in the name', { ...good, name: 'A\0' }, 'name', 'control_characters'],
    ['a long name', { ...good, name: 'x'.repeat(201) }, 'name', 'too_big'],
    ['a script URL', { ...good, pageUrl: 'javascript:alert(1)' }, 'pageUrl', 'invalid_url'],
    ['no such zone', { ...good, timeZone: 'Mars/Olympus' }, 'timeZone', 'invalid_time_zone'],
    ['no such locale', { ...good, locale: '!!' }, 'locale', 'invalid_locale'],
    ['no such cadence', { ...good, cadence: 'hourly' }, 'cadence', 'invalid_value'],
  ])('refuses %s', (_, input, field, code) => {
    expect(errorsOf(signUpInput, input)).toEqual([expect.objectContaining({ field, code })]);
  });
});

describe('a change of the publication', () => {
  it.each([
    ['senderEmail', 'news@localhost'],
    ['senderEmail', 'news@example.org'],
    ['wording', { agreement: 'I agree to the [terms].' }],
    ['theme', { accentColor: '#AABBCC' }],
    ['postalAddress', '1 Quay Street\nHarbour Town'],
  ])('takes %s: %j', (field, value) => {
    expect(errorsOf(publicationPatch, { [field]: value })).toEqual([]);
  });

  it.each([
    ['senderEmail', 'nobody', 'senderEmail', 'invalid'],
    ['senderName', 'A\r\nBcc: x', 'senderName', 'control_characters'],
    ['baseUrl', 'ftp://example.org', 'baseUrl', 'invalid_url'],
    ['timeZone', '+02:00', 'timeZone', 'invalid_time_zone'],
    ['wording', { agreement: 'I agree.' }, 'wording.agreement', 'terms_marker'],
    ['wording', { agreement: '[terms] and [terms]' }, 'wording.agreement', 'terms_marker'],
    ['theme', { accentColor: 'red' }, 'theme.accentColor', 'invalid_format'],
    ['colour', 'red', 'colour', 'unknown_field'],
  ])('refuses %s: %j', (key, value, field, code) => {
    expect(errorsOf(publicationPatch, { [key]: value })).toEqual([expect.objectContaining({ field, code })]);
  });
});

it('describes every input for OpenAPI', () => {
  for (const schema of [signUpInput, publicationPatch]) {
    const { $defs, ...inPlace } = z.toJSONSchema(schema, { io: 'input' });
    expect($defs?.[schema.meta()?.id ?? ''] ?? inPlace).toMatchObject({ type: 'object' });
  }
  for (const field of [localeField, timeZoneField, webUrlField, senderField]) {
    expect(z.toJSONSchema(field, { io: 'input' })).toMatchObject({ type: 'string' });
  }
});

it('refuses attributes that the database cannot hold', () => {
  expect(attributesField.safeParse({ a: '\0' }).success).toBe(false);
  expect(attributesField.safeParse({ a: 'x'.repeat(20_000) }).success).toBe(false);
  const deep: unknown = JSON.parse(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
  expect(attributesField.safeParse(deep).error?.issues).toHaveLength(1);
  expect(attributesField.safeParse({ a: { b: [1, null] } }).success).toBe(true);
});

it('cleans what is only recorded', () => {
  expect(recorded('a\r\n\0b')).toBe('a   b');
  expect(recorded('x'.repeat(600))).toHaveLength(500);
  expect(recorded('')).toBeNull();
});
