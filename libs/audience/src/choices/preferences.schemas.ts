import { z } from 'zod';
import type { SubscriberStatus } from '#database/schema/index.js';
import { digestChoice } from './choice-fields.js';
import { blankable, line, localeField, timeZoneField } from '../publication/fields.js';
import type { DigestPreferences } from './digest-preferences.js';

/** What a reader may change of themselves. A member that is not given stays as it is. */
export const preferencesInput = z.object({
  /** Blank: no name. */
  name: z.union([z.literal('').transform(() => null), line(200), z.null()]).optional(),
  locale: blankable(localeField),
  /** Blank: the publication's. */
  timeZone: z.union([z.literal('').transform(() => null), timeZoneField, z.null()]).optional(),
  /** All the digests the reader wants from now on. */
  digests: z.array(digestChoice).max(100).optional(),
  /** Whether they agree to be measured. */
  measurement: z.boolean().optional(),
});
export type PreferencesInput = z.output<typeof preferencesInput>;

/** What the preferences page shows. */
export interface Preferences {
  id: string;
  email: string;
  name: string | null;
  locale: string;
  timeZone: string | null;
  /** The zone that hours and days are meant in: the reader's, else the publication's. */
  clock: string;
  /** Today, in that zone. */
  today: string;
  status: SubscriberStatus;
  digests: (DigestPreferences & { id: string; slug: string; name: string; subscribed: boolean })[];
  /** The topics there are. */
  topics: { id: string; slug: string; name: string }[];
  /** Null: nothing is asked. */
  measurement: { agreed: boolean } | null;
}
