import { z } from 'zod';
import type { SubscriberStatus } from '#database/schema/index.js';
import { instant } from '#kernel/input/instant.js';
import { subscriptionsInput } from '../choices/choice-fields.js';
import type { Choice } from '../choices/choices.js';
import {
  attributesField,
  emailField,
  line,
  localeField,
  reference,
  timeZoneField,
} from '../publication/fields.js';
import { purposesField } from '../measurement/purposes.js';

/** The operator's statement that consent was given, and how. */
export const consentStatement = z
  .strictObject({
    /** How and where, in words: kept as proof. */
    source: line(500),
    terms: z.literal('accepted', { error: 'State that the terms were accepted: "accepted".' }),
    /** When; absent: now. */
    at: instant.optional(),
  })
  .meta({ id: 'ConsentStatement' });

export type ConsentStatement = z.output<typeof consentStatement>;

/** What `POST /subscribers` takes. */
export const subscriberInput = z
  .strictObject({
    email: emailField,
    name: line(200).nullable().optional(),
    locale: localeField.optional(),
    timeZone: timeZoneField.nullable().optional(),
    /** Ids or slugs; none: all topics. */
    topics: z.array(reference).max(100).optional(),
    /** Ids or slugs; none: the publication's default digests. */
    digests: z.array(reference).max(100).optional(),
    /** Instead of both: each digest by itself. */
    subscriptions: subscriptionsInput.optional(),
    attributes: attributesField.optional(),
    /** `active` needs `consent`; `pending` sends the confirmation mail. */
    status: z.enum(['pending', 'active']).default('pending'),
    consent: consentStatement.optional(),
    purposes: purposesField.describe(
      'What `consent` was given for. With `measurement` the reader may be measured; `newsletter` goes without saying.',
    ),
  })
  .meta({ id: 'NewSubscriber' });

export type SubscriberInput = z.output<typeof subscriberInput>;

/** What `PATCH /subscribers/:id` takes. */
export const subscriberPatch = z
  .strictObject({
    name: line(200).nullable(),
    locale: localeField,
    timeZone: timeZoneField.nullable(),
    topics: z.array(reference).max(100),
    digests: z.array(reference).max(100),
    /** Instead of both: all the digests there are to be; what an entry leaves out stays as it was. */
    subscriptions: subscriptionsInput,
    attributes: attributesField,
    /** `active` from pending, with `consent`; `unsubscribed` from any state that is mailed. */
    status: z.enum(['active', 'unsubscribed']),
    consent: consentStatement,
    purposes: purposesField.describe(
      'What the reader agrees to from now on. `measurement` is new only with `consent`, and ends where it is left out.',
    ),
  })
  .partial()
  .meta({ id: 'SubscriberPatch' });

export type SubscriberPatch = z.output<typeof subscriberPatch>;

/** A subscriber as the API shows it. */
export interface SubscriberView {
  id: string;
  email: string;
  name: string | null;
  locale: string;
  timeZone: string | null;
  status: SubscriberStatus;
  /** The address is on the suppression list: nothing is sent, whatever the status. */
  suppressed: boolean;
  attributes: Record<string, unknown>;
  /** Gets the default digests, also those that become default later. */
  followsDefaults: boolean;
  digests: (Choice & { slug: string; name: string })[];
  /** Since when they agree to be measured. */
  measuredSince: Date | null;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}
