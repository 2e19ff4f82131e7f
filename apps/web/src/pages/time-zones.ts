let known: string[] | undefined;

/** Every IANA time zone this machine knows, UTC first. */
export function timeZones(): string[] {
  known ??= ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
  return known;
}

/** The time zone a browser gave, if this machine knows it. */
export function zoneOrNone(name: string | undefined): string | undefined {
  try {
    if (name) new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return undefined; // RangeError: no such zone
  }
}
