import { z } from 'zod';
import { ADDRESS_PROBLEMS, parseAddress } from '#kernel/input/address.js';
import { isNestedDeeper, MAX_NESTING } from '#kernel/input/nesting.js';
import { readUrl } from '#kernel/input/read-url.js';

/** Characters that may never be in a one-line text: they break headers, logs and PostgreSQL's text type. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** The same, without the line breaks and tabs a longer text needs. */
const CONTROL_IN_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const refused = {
  error: 'Line breaks and control characters are not allowed here.',
  params: { code: 'control_characters' },
};

/** A text of one line. */
export const line = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((text) => !CONTROL.test(text), refused);

/** A text of several lines. */
export const paragraphs = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !CONTROL_IN_TEXT.test(text), refused);

/** A person's e-mail address; the output is a MailAddress. */
export const emailField = z.string().transform((text, context) => {
  const address = parseAddress(text);
  if (typeof address !== 'string') return address;
  context.addIssue({ code: 'custom', message: ADDRESS_PROBLEMS[address], params: { code: address } });
  return z.NEVER;
});

/** A sender's address. Unlike a reader's it may be at localhost, for trying things out. */
export const senderField = z.string().transform((text, context) => {
  const trimmed = text.trim();
  if (/^[A-Za-z0-9._+-]{1,64}@localhost$/.test(trimmed)) return trimmed;
  const address = parseAddress(trimmed);
  if (typeof address !== 'string') return address.address;
  context.addIssue({ code: 'custom', message: ADDRESS_PROBLEMS[address], params: { code: address } });
  return z.NEVER;
});

function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined; // RangeError: not a language tag
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // Offsets such as +02:00 are no zones: they know no summer time.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false; // RangeError: no such zone
  }
}

/** A language tag (BCP 47), turned to its canonical form. */
export const localeField = z
  .string()
  .max(35) // RFC 5646 §4.4.1
  .transform((text, context) => {
    const locale = canonicalLocale(text.trim().replaceAll('_', '-'));
    if (locale) return locale;
    context.addIssue({
      code: 'custom',
      message: 'Give a language tag such as en or de-AT.',
      params: { code: 'invalid_locale' },
    });
    return z.NEVER;
  });

/** A time zone by its IANA name. */
export const timeZoneField = z
  .string()
  .max(64)
  .refine(isTimeZone, {
    error: 'Give an IANA time zone such as Europe/Berlin.',
    params: { code: 'invalid_time_zone' },
  });

/** An absolute http or https URL (localhost too), without user name and password. */
export const webUrlField = z
  .string()
  .max(2000)
  .refine(
    (text) => {
      const url = readUrl(text);
      if (!url || CONTROL.test(text)) return false;
      return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    },
    { error: 'Give a URL that starts with http:// or https://.', params: { code: 'invalid_url' } },
  );

/** An id or a slug of a topic or digest. */
export const reference = line(200);

const blankAsAbsent = (value: unknown) => (value === '' || value === null ? undefined : value);

/** A field of a form that may be left blank. */
export const blankable = <T extends z.ZodType>(schema: T) =>
  z.preprocess(blankAsAbsent, schema.optional()).optional();

/** A list from JSON, or from a form where one box ticked is a single text. */
export const listField = <T extends z.ZodType>(item: T, max = 100) =>
  z
    .preprocess((value) => {
      const given = blankAsAbsent(value);
      return given === undefined || Array.isArray(given) ? given : [given];
    }, z.array(item).max(max).optional())
    .optional();

/** The box of the terms: `accepted`, or what a ticked box sends. */
export const termsField = z
  .preprocess((value) => (value === true || value === 'on' ? 'accepted' : (value ?? '')), z.string())
  .transform((value, context): 'accepted' => {
    if (value === 'accepted') return value;
    context.addIssue({
      code: 'custom',
      message: 'Please agree to the terms: without that we may not write to you.',
      params: { code: 'required' },
    });
    return z.NEVER;
  });

/** Free attributes of a subscriber: a flat or nested JSON object of at most 16 KB. */
export const attributesField = z
  // It is parsed JSON. Its depth is checked first: what comes after reads it recursively.
  .record(z.string().min(1).max(100), z.unknown())
  .refine((value) => !isNestedDeeper(value), {
    error: `Attributes are at most ${MAX_NESTING} levels deep.`,
    params: { code: 'too_deep' },
    abort: true,
  })
  .refine((value) => JSON.stringify(value).length <= 16_384, {
    error: 'Attributes are at most 16 KB of JSON.',
    params: { code: 'too_long' },
  })
  // PostgreSQL's jsonb cannot hold U+0000.
  .refine((value) => !JSON.stringify(value).includes('\\u0000'), refused);

/** A text we record but did not ask for (a user agent, an IP): cut and cleaned, never refused. */
export function recorded(text: string | null | undefined, max = 500): string | null {
  return text ? text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').slice(0, max) : null;
}
