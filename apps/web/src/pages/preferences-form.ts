import type { Preferences } from '#audience/preferences.schemas.js';
import { CADENCES } from '#database/schema/index.js';
import { languageNames } from './page-locale.js';
import { listOf, textOf, type FormFields } from './form-body.js';
import { timeZones } from './time-zones.js';

/** Hours as the reader's clock shows them. */
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  name: `${String(hour).padStart(2, '0')}:00`,
}));

/**
 * What the form of the preferences page posts, as the service takes it. Each digest has its own fields, named with
 * its id: `topics.ID`, `cadence.ID`, `hour.ID`.
 */
export function preferencesOf(fields: FormFields) {
  return {
    name: textOf(fields, 'name'),
    locale: textOf(fields, 'locale'),
    timeZone: textOf(fields, 'timeZone'),
    digests: listOf(fields, 'digests').map((digest) => ({
      digest,
      topics: listOf(fields, `topics.${digest}`),
      cadence: textOf(fields, `cadence.${digest}`),
      hour: textOf(fields, `hour.${digest}`),
    })),
  };
}

/** Everything the form shows. */
export function preferencesView(preferences: Preferences) {
  const { email, name, locale, timeZone, status, digests, topics } = preferences;
  const languages = languageNames();
  const isListed = languages.some((language) => language.locale === locale);
  const zones = timeZones();
  return {
    email,
    name: name ?? '',
    timeZone: timeZone ?? '',
    isPending: status === 'pending',
    hasEnded: status !== 'pending' && status !== 'active',
    // A reader may have a language that pages lack (`de-AT`); saving must not take it away.
    languages: (isListed ? languages : [{ locale, name: locale }, ...languages]).map((language) => ({
      ...language,
      isChosen: language.locale === locale,
    })),
    timeZones: !timeZone || zones.includes(timeZone) ? zones : [timeZone, ...zones],
    cadences: CADENCES,
    hours: HOURS,
    digests: digests.map((digest) => ({
      ...digest,
      hour: digest.hour === null ? '' : String(digest.hour),
      topics: topics.map((topic) => ({ ...topic, isChosen: digest.topics?.includes(topic.id) ?? false })),
    })),
  };
}
