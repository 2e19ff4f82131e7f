import { CADENCES } from '#database/schema/index.js';
import { textOf, type FormFields } from '../../http/form-body.js';

/** Hours as the reader's clock shows them. */
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  name: `${String(hour).padStart(2, '0')}:00`,
}));

/** ISO 8601 weekdays, Monday first, as the language calls them. */
function weekdays(locale: string) {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, index) => ({
    value: String(index + 1),
    name: format.format(Date.UTC(2024, 0, index + 1)), // 1 January 2024 was a Monday
  }));
}

/** What `templates/pages/choice-fields.liquid` offers. */
export function choiceLists(locale: string) {
  return { cadences: [...CADENCES], weekdays: weekdays(locale), hours: HOURS };
}

/**
 * How often and when, as the fields of `choice-fields.liquid` post it. The list of weekdays is always posted, as it is
 * without JavaScript, so it counts only with the cadence it belongs to.
 * @param suffix of the fields' names
 */
export function timesOf(fields: FormFields, suffix = '') {
  const cadence = textOf(fields, `cadence${suffix}`);
  return {
    cadence,
    weekday: cadence === 'weekly' ? textOf(fields, `weekday${suffix}`) : undefined,
    hour: textOf(fields, `hour${suffix}`),
    alerts: textOf(fields, `alerts${suffix}`),
  };
}
