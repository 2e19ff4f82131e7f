/** An instant for people who want it to the second: `22 Nov 2026, 16:31:07`. */
export function formatTime(locale: string, at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone,
  }).format(at);
}
