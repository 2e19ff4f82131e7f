import { timeZoneField } from '#audience/publication/fields.js';

let known: string[] | undefined;

/** Every IANA time zone this machine knows, UTC first. */
export function timeZones(): string[] {
  known ??= ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
  return known;
}

/** The time zone a browser gave, if a sign-up takes it. */
export function zoneOrNone(name: string | undefined): string | undefined {
  return timeZoneField.safeParse(name).data;
}
