import { invalidInput, type FieldError } from '#kernel/errors/errors.js';

/** The longest pause; a reader who wants a longer one can unsubscribe. */
const MAX_YEARS = 2;

/** Today in a time zone, as `YYYY-MM-DD`. @param timeZone IANA */
export function localDay(now: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (type: string) => parts.find((item) => item.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The last day that a pause may be set to. @param today as {@link localDay} gives it */
export function lastPauseDay(today: string): string {
  const day = today.slice(4) === '-02-29' ? '-02-28' : today.slice(4);
  return `${Number(today.slice(0, 4)) + MAX_YEARS}${day}`;
}

/** A pause, or null when it is over. */
export function openPause(pausedUntil: string | null, today: string): string | null {
  return pausedUntil !== null && pausedUntil > today ? pausedUntil : null;
}

/** What is wrong with the day that a pause is to end on. @param field how the input calls it */
export function pauseProblem(
  pausedUntil: string | null | undefined,
  today: string,
  field: string,
): FieldError | undefined {
  if (!pausedUntil) return undefined;
  if (pausedUntil < today) {
    return {
      field,
      code: 'past',
      message: 'This day is past; give the first day on which mail is to come again.',
    };
  }
  const last = lastPauseDay(today);
  if (pausedUntil <= last) return undefined;
  return { field, code: 'too_far', message: `A pause ends within two years: by ${last}.` };
}

/**
 * Refuses pauses that end in the past or too far ahead.
 * @param field what the input calls the list
 * @throws DomainError `invalid_input` naming `subscriptions.0.pausedUntil` …
 */
export function refusePauses(
  wishes: readonly { pausedUntil?: string | null | undefined }[] | undefined,
  today: string,
  field: string,
): void {
  const errors = (wishes ?? []).flatMap(
    ({ pausedUntil }, index) => pauseProblem(pausedUntil, today, `${field}.${index}.pausedUntil`) ?? [],
  );
  if (errors.length > 0) throw invalidInput(errors);
}
