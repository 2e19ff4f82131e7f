import { z } from 'zod';

/** Shorter secrets can be guessed. Characters. */
const MIN_SECRET = 16;
const MAX_SECRET = 500;

/** A setting that is stored sealed and never given out again: JSON Schema's `writeOnly`. */
export function secretSetting(description: string, minimum = MIN_SECRET) {
  return z
    .string()
    .trim()
    .min(minimum, `must be at least ${minimum} characters`)
    .max(MAX_SECRET, `must be at most ${MAX_SECRET} characters`)
    .regex(/^[\x21-\x7e]+$/, 'must be one word of printable ASCII')
    .meta({ description, writeOnly: true, format: 'password' });
}

/** The names of the settings that are secrets. */
export function secretSettings(settings: z.ZodObject): string[] {
  return Object.entries(settings.shape)
    .filter(([, field]) => z.globalRegistry.get(field)?.['writeOnly'] === true)
    .map(([name]) => name);
}

/** Topics whose messages are believed; anybody can make a topic of his own and have it signed as well. */
export const topicsSetting = z
  .array(z.string().trim().min(1).max(300))
  .min(1, 'must name a topic')
  .max(20, 'must be at most 20 topics')
  .describe('The ARNs of the topics whose messages are believed.');
