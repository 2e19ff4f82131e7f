const HOUR_MS = 3_600_000;

/** The full hour, UTC, in which an instant lies: as RFC 3339. */
export function fullHour(instant: Date): string {
  return new Date(Math.floor(instant.getTime() / HOUR_MS) * HOUR_MS).toISOString();
}
