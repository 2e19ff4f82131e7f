import { lastPauseDay } from '#audience/choices/pause.js';
import type { Preferences } from '#audience/choices/preferences.schemas.js';
import type { FieldError } from '#kernel/errors/errors.js';
import { MEASUREMENT } from '#audience/measurement/purposes.js';
import { formatDate } from '#rendering/template/locales.js';
import { choiceLists, timesOf } from '../page/choice-lists.js';
import { fieldMessages } from '../page/field-messages.js';
import { languageNames } from '../page/page-locale.js';
import { listOf, textOf, type FormFields } from '../../http/form-body.js';
import { timeZones } from '../page/time-zones.js';

/**
 * What the form of the preferences page posts, as the service takes it. Each digest has its own fields, named with
 * its id: `topics.ID`, `cadence.ID`, `weekday.ID`, `hour.ID`, `alerts.ID`, `pausedUntil.ID`; `resume` is the id of the
 * digest whose pause is to end. A page that showed no digest (`shown`) says nothing of digests, and one that did not ask (`asked`) nothing of
 * being measured.
 */
export function preferencesOf(fields: FormFields) {
  const hasDigests = listOf(fields, 'shown').length > 0 || listOf(fields, 'digests').length > 0;
  const isResumed = (digest: string) => textOf(fields, 'resume') === digest;
  return {
    name: textOf(fields, 'name'),
    locale: textOf(fields, 'locale'),
    timeZone: textOf(fields, 'timeZone'),
    measurement:
      textOf(fields, 'asked') === MEASUREMENT ? listOf(fields, 'purposes').includes(MEASUREMENT) : undefined,
    digests: !hasDigests
      ? undefined
      : listOf(fields, 'digests').map((digest) => ({
          digest,
          topics: listOf(fields, `topics.${digest}`),
          ...timesOf(fields, `.${digest}`),
          pausedUntil: isResumed(digest) ? '' : textOf(fields, `pausedUntil.${digest}`),
        })),
  };
}

/** Where on the page an error is shown: at the digest's own field, which is called `FIELD-ID`. */
function placesOf(
  errors: readonly FieldError[],
  shown: Preferences['digests'],
  posted: FormFields,
): FieldError[] {
  const posts = listOf(posted, 'digests');
  return errors.map((error) => {
    const [list, index, member = 'digest'] = error.field.split('.');
    const digest = list === 'digests' ? shown.find(({ id }) => id === posts[Number(index)]) : undefined;
    return digest && member !== 'digest' ? { ...error, field: `${member}-${digest.id}` } : error;
  });
}

/** What was posted of a digest, over what is stored: nothing that was typed is lost to an error. */
function typed(digest: Preferences['digests'][number], posted: FormFields | undefined) {
  const texts = {
    cadence: digest.cadence as string,
    weekday: String(digest.weekday ?? ''),
    hour: String(digest.hour ?? ''),
    alerts: digest.alerts,
    pausedUntil: digest.pausedUntil ?? '',
  };
  if (!posted) return { ...digest, ...texts };
  const { id } = digest;
  const topics = listOf(posted, `topics.${id}`);
  return {
    ...digest,
    subscribed: listOf(posted, 'digests').includes(id),
    topics: topics.length > 0 ? topics : null,
    cadence: textOf(posted, `cadence.${id}`) ?? texts.cadence,
    weekday: textOf(posted, `weekday.${id}`) ?? '',
    hour: textOf(posted, `hour.${id}`) ?? '',
    alerts: textOf(posted, `alerts.${id}`) !== undefined,
    pausedUntil: textOf(posted, `pausedUntil.${id}`) ?? '',
  };
}

/**
 * Everything the form shows.
 * @param posted what was typed, when it has to be mended
 */
export function preferencesView(
  preferences: Preferences,
  pageLocale: string,
  { posted, errors = [] }: { posted?: FormFields | undefined; errors?: readonly FieldError[] } = {},
) {
  const { email, clock, today, status, digests, topics, measurement } = preferences;
  const name = (posted && textOf(posted, 'name')) ?? preferences.name ?? '';
  const locale = (posted && textOf(posted, 'locale')) ?? preferences.locale;
  const timeZone = (posted && textOf(posted, 'timeZone')) ?? preferences.timeZone ?? '';
  const languages = languageNames();
  const isListed = languages.some((language) => language.locale === locale);
  const zones = timeZones();
  const messages = fieldMessages(pageLocale, placesOf(errors, digests, posted ?? {}));
  return {
    email,
    name,
    timeZone,
    clock: clock.replaceAll('_', ' '),
    isPending: status === 'pending',
    hasEnded: status !== 'pending' && status !== 'active',
    errors: messages,
    messages: Object.fromEntries(messages.map(({ field, message }) => [field, message])),
    // A reader may have a language that pages lack (`de-AT`); saving must not take it away.
    languages: (isListed ? languages : [{ locale, name: locale }, ...languages]).map((language) => ({
      ...language,
      isChosen: language.locale === locale,
    })),
    timeZones: !timeZone || zones.includes(timeZone) ? zones : [timeZone, ...zones],
    lists: choiceLists(pageLocale),
    measurement: measurement && {
      agreed: posted ? listOf(posted, 'purposes').includes(MEASUREMENT) : measurement.agreed,
    },
    today,
    lastPauseDay: lastPauseDay(today),
    digests: digests.map((stored) => {
      const digest = typed(stored, posted);
      return {
        ...digest,
        topicsAreGone: stored.topics?.length === 0,
        pausedUntilText: stored.pausedUntil && dayText(pageLocale, stored.pausedUntil),
        topics: topics.map((topic) => ({ ...topic, isChosen: digest.topics?.includes(topic.id) ?? false })),
      };
    }),
  };
}

function dayText(locale: string, day: string): string {
  return formatDate(locale, new Date(`${day}T12:00:00Z`), 'UTC');
}
