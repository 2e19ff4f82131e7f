import { z } from 'zod';
import { CADENCES } from '#database/schema/index.js';
import { blankable, listField, reference } from '../publication/fields.js';

/** A calendar day. */
const dayField = z.iso.date({ error: 'Give a day such as 2027-01-31.' });
const whole = (min: number, max: number, error: string) =>
  z.int({ error }).min(min, { error }).max(max, { error });
const weekday = whole(1, 7, 'Give a weekday from 1 (Monday) to 7 (Sunday).');
const hour = whole(0, 23, 'Give a full hour from 0 to 23.');

/** One entry of `subscriptions` in the operator API. What is left out stays as it is; null is the default. */
export const subscriptionInput = z
  .strictObject({
    digest: reference.describe('Id or slug.'),
    topics: z.array(reference).max(100).nullable().optional().describe('Ids or slugs; null or empty: all.'),
    cadence: z.enum(CADENCES).optional(),
    weekday: weekday.nullable().optional().describe('With `weekly`: 1 Monday to 7 Sunday; null: any.'),
    hour: hour.nullable().optional().describe("The reader's local hour; null: the digest's time."),
    alerts: z.boolean().optional().describe('Breaking articles too, at once.'),
    pausedUntil: dayField.nullable().optional().describe('The first day with mail again; null: no pause.'),
  })
  .meta({ id: 'SubscriptionChoice' });
export const subscriptionsInput = z.array(subscriptionInput).max(100);

/** A number as a form or a file writes it. */
const written = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value),
    schema,
  );

const WRITTEN_FLAGS: Record<string, boolean> = {
  on: true,
  true: true,
  yes: true,
  1: true,
  false: false,
  no: false,
  0: false,
};
const flag = z.preprocess(
  (value) => (typeof value === 'string' ? (WRITTEN_FLAGS[value.trim().toLowerCase()] ?? value) : value),
  z.boolean({ error: 'Write true or false.' }),
);

/** The members of a choice as forms and files write them; blank counts as not given. */
export const preferencesFields = {
  cadence: blankable(z.enum(CADENCES)),
  weekday: blankable(written(weekday)),
  hour: blankable(written(hour)),
  alerts: blankable(flag),
};
export const pausedUntilField = blankable(dayField);

/** What a reader wants of one digest, as the preferences page posts it. */
export const digestChoice = z.strictObject({
  /** Id or slug. */
  digest: reference,
  /** Ids or slugs; none: all topics. */
  topics: listField(reference),
  ...preferencesFields,
  pausedUntil: pausedUntilField,
});
