import { z } from 'zod';
import { MEASURES } from '#database/schema/index.js';
import { PERMISSIONS, ROLES } from '#operators/rights/permissions.js';
import { fieldError, id, instant, orNull } from './common.js';

export const publicationView = z
  .object({
    id,
    name: z.string(),
    baseUrl: z.string(),
    senderName: z.string(),
    senderEmail: z.string(),
    replyTo: orNull(z.string()),
    postalAddress: z.string(),
    locale: z.string(),
    timeZone: z.string(),
    theme: z.object({ accentColor: z.string(), logoUrl: orNull(z.string()).optional() }),
    wording: z.record(z.string(), orNull(z.string())),
    measure: z.enum(MEASURES).describe('Whether clicks in mails are counted, and how.'),
    utm: orNull(
      z.object({ source: z.string(), medium: z.string(), campaign: orNull(z.string()).optional() }),
    ).describe('Added to the links of editions; null: nothing is.'),
    warnings: z.array(fieldError).describe('What would keep mail from being lawful or from arriving.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Publication' });

export const termsView = z
  .object({
    id,
    version: z.int(),
    locale: z.string(),
    text: z.string(),
    sha256: z.string(),
    createdAt: instant,
  })
  .meta({ id: 'Terms' });

export const topicView = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    description: orNull(z.string()),
    createdAt: instant,
  })
  .meta({ id: 'Topic' });

export const apiKeyView = z
  .object({
    id,
    name: z.string(),
    prefix: z.string(),
    role: orNull(z.enum(ROLES)).describe('Null: it may what its scopes say.'),
    scopes: orNull(z.array(z.enum(PERMISSIONS))),
    networks: orNull(z.array(z.string())).describe('Where it may be used; null: anywhere.'),
    perMinute: orNull(z.int()).describe('Requests a minute; null: no limit.'),
    expiresAt: orNull(instant),
    createdAt: instant,
    lastUsedAt: orNull(instant),
  })
  .meta({ id: 'ApiKey' });

export const madeApiKeyView = apiKeyView
  .extend({
    key: z
      .string()
      .optional()
      .describe('Its text, shown this once: a repeat of the request does not tell it.'),
  })
  .meta({ id: 'MadeApiKey' });
