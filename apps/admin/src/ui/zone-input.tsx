import { Autocomplete, type AutocompleteProps } from '@mantine/core';

const TIME_ZONES = Intl.supportedValuesOf('timeZone');
/** Of the drop-down: more are found by typing. */
const ZONES_SHOWN = 20;

/** An IANA time zone. */
export function ZoneInput(props: AutocompleteProps) {
  return <Autocomplete label="Time zone" {...props} data={TIME_ZONES} limit={ZONES_SHOWN} />;
}
