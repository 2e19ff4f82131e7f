import { z } from 'zod';
import { CADENCES, type Cadence, type SubscriberStatus } from '#database/schema/index.js';
import { blankable, line, listField, localeField, reference, timeZoneField } from './fields.js';

/** What a reader wants of one digest. */
const digestChoice = z.strictObject({
  /** Id or slug. */
  digest: reference,
  /** Ids or slugs; none: all topics. */
  topics: listField(reference),
  cadence: blankable(z.enum(CADENCES)),
  /** Reader's local hour; none: the digest's. */
  hour: blankable(z.coerce.number().int().min(0).max(23)),
});

/** What a reader may change of themselves. A member that is not given stays as it is. */
export const preferencesInput = z.object({
  /** Blank: no name. */
  name: z.union([z.literal('').transform(() => null), line(200), z.null()]).optional(),
  locale: blankable(localeField),
  /** Blank: the publication's. */
  timeZone: z.union([z.literal('').transform(() => null), timeZoneField, z.null()]).optional(),
  /** All the digests the reader wants from now on. */
  digests: z.array(digestChoice).max(100).optional(),
});
export type PreferencesInput = z.output<typeof preferencesInput>;

/** What the preferences page shows. */
export interface Preferences {
  id: string;
  email: string;
  name: string | null;
  locale: string;
  timeZone: string | null;
  status: SubscriberStatus;
  digests: {
    id: string;
    slug: string;
    name: string;
    subscribed: boolean;
    /** Topic ids; null: all. */
    topics: string[] | null;
    cadence: Cadence;
    hour: number | null;
  }[];
  /** The topics there are. */
  topics: { id: string; slug: string; name: string }[];
}
