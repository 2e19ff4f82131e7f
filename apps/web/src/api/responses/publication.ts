import { z } from 'zod';
import { ROLES } from '#operators/keys/api-key.service.js';
import { id, instant, orNull } from './common.js';

const fieldError = z.object({ field: z.string(), code: z.string(), message: z.string() });

export const publicationView = z.object({
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
  warnings: z.array(fieldError).describe('What would keep mail from being lawful or from arriving.'),
  createdAt: instant,
  updatedAt: instant,
});

export const termsView = z.object({
  id,
  version: z.int(),
  locale: z.string(),
  text: z.string(),
  sha256: z.string(),
  createdAt: instant,
});

export const topicView = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  description: orNull(z.string()),
  createdAt: instant,
});

export const apiKeyView = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  role: z.enum(ROLES),
  createdAt: instant,
  lastUsedAt: orNull(instant),
});
