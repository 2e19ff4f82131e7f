/**
 * The day on a wall calendar at a place: `2027-03-01`.
 * @param timeZone IANA name
 */
export function calendarDay(timeZone: string, date: Date): string {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(date);
}
