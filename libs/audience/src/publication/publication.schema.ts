import { z } from 'zod';
import { MEASURES, type publication } from '#database/schema/index.js';
import type { FieldError } from '#kernel/errors/errors.js';
import { line, localeField, paragraphs, senderField, timeZoneField, webUrlField } from './fields.js';

export type Publication = typeof publication.$inferSelect;

/** Stands where the operator has not yet said it; every mail must carry a real one (CAN-SPAM, 16 CFR 316). */
export const POSTAL_ADDRESS_PLACEHOLDER = 'Postal address not set';

const TERMS_MARKER = '[terms]';

const agreement = line(500).refine((text) => text.split(TERMS_MARKER).length === 2, {
  error: `Write ${TERMS_MARKER} once, where the link to the terms belongs.`,
  params: { code: 'terms_marker' },
});
const theme = z
  .strictObject({
    accentColor: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'Give a colour as #rrggbb.')
      .transform((colour) => colour.toLowerCase()),
    logoUrl: webUrlField.nullable(),
  })
  .partial();
const wording = z
  .strictObject({
    invitation: line(500).nullable(),
    agreement: agreement.nullable(),
    button: line(60).nullable(),
  })
  .partial();

/** Values that a link's query may carry as they are: letters, digits and a few marks, so that none has to be escaped twice. */
const utmValue = (pattern: RegExp, example: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(pattern, `Give letters, digits and . _ ~ - only, such as ${example}.`);
const utm = z.strictObject({
  source: utmValue(/^[\p{L}\p{N}._~-]+$/u, 'harbour-post').describe('`utm_source`'),
  medium: utmValue(/^[\p{L}\p{N}._~-]+$/u, 'email').describe('`utm_medium`'),
  campaign: utmValue(/^(?:[\p{L}\p{N}._~-]|\{digest\}|\{edition\})+$/u, '{digest}-{edition}')
    .nullable()
    .optional()
    .describe('`utm_campaign`; `{digest}` and `{edition}` become the slugs of both.'),
});

/** What an operator may change of the publication. Members of `theme` and `wording` not given stay as they are. */
export const publicationPatch = z
  .strictObject({
    name: line(200),
    baseUrl: webUrlField.transform((url) => url.replace(/\/+$/, '')),
    senderName: line(200),
    senderEmail: senderField,
    replyTo: senderField.nullable(),
    postalAddress: paragraphs(500),
    locale: localeField,
    timeZone: timeZoneField,
    theme,
    wording,
    measure: z
      .enum(MEASURES)
      .describe(
        'Whether clicks in mails are counted: not at all, in numbers that name nobody, or also by reader where they agreed.',
      ),
    utm: utm.nullable().describe('Added to the links of editions; null: nothing is.'),
  })
  .partial()
  .meta({ id: 'PublicationPatch' });
export type PublicationPatch = z.output<typeof publicationPatch>;

/** What would keep mail of this publication from being lawful or from arriving. Empty: nothing. */
export function publicationWarnings(row: Publication): FieldError[] {
  const warnings: FieldError[] = [];
  if (row.postalAddress === POSTAL_ADDRESS_PLACEHOLDER) {
    warnings.push({
      field: 'postalAddress',
      code: 'placeholder',
      message: 'Set the postal address: the law of many countries wants it in every mail.',
    });
  }
  if (row.senderEmail.endsWith('@localhost')) {
    warnings.push({
      field: 'senderEmail',
      code: 'placeholder',
      message: 'Set a sender address of your own domain before you mail real readers.',
    });
  }
  if (!row.baseUrl.startsWith('https:')) {
    warnings.push({
      field: 'baseUrl',
      code: 'not_https',
      message: 'One-click unsubscribe needs an https address (RFC 8058).',
    });
  }
  return warnings;
}
