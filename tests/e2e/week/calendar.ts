/**
 * What clocks show, by asking each quarter of an hour: nothing is calculated, so nothing is taken from the product. Every
 * offset of the zones here is a multiple of a quarter.
 */
export const MINUTE = 60_000;
export const QUARTER = 15 * MINUTE;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The whole week takes minutes of its own: `npm run test:week`. Otherwise it is its weekend, with all that happens. */
export const IS_WHOLE = process.env.WEEK === 'long';
/** A Tuesday morning, or a Friday evening; Europe's clocks go back on Sunday the 25th. */
export const WEEK_FROM = IS_WHOLE ? Date.UTC(2026, 9, 20, 9) : Date.UTC(2026, 9, 23, 21);
export const WEEK_UNTIL = IS_WHOLE ? Date.UTC(2026, 9, 27, 12) : Date.UTC(2026, 9, 26, 6);
const TABLE_FROM = WEEK_FROM - 3 * DAY;
const QUARTERS = (WEEK_UNTIL + 3 * DAY - TABLE_FROM) / QUARTER;

export const OWN_ZONE = 'Europe/Berlin';
/** Twelve: the far ends, half and three quarters of an hour, and three whose clocks go back. */
export const ZONES = [
  'Pacific/Kiritimati',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Europe/Berlin',
  'Europe/London',
  'Atlantic/Azores',
  'America/St_Johns',
  'America/Los_Angeles',
  'Pacific/Pago_Pago',
];

/** Zone → what its clocks show in each quarter, as `2026-10-25T02:00`. */
const shown = new Map<string, string[]>();
const found = new Map<string, number>();

function tableOf(zone: string): string[] {
  const known = shown.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const table = Array.from({ length: QUARTERS }, (_, at) =>
    format.format(TABLE_FROM + at * QUARTER).replace(' ', 'T'),
  );
  shown.set(zone, table);
  return table;
}

/** What a zone's clocks show at a quarter: `2026-10-25T02:00`. */
export function wallAt(zone: string, quarter: number): string {
  return tableOf(zone)[(quarter - TABLE_FROM) / QUARTER] as string;
}

/** The first quarter in which a zone's clocks show this or later. */
export function firstShowing(zone: string, wall: string): number {
  const key = `${zone} ${wall}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const at = TABLE_FROM + tableOf(zone).findIndex((one) => one >= wall) * QUARTER;
  found.set(key, at);
  return at;
}

/** `02:00`. */
export function oClock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** ISO 8601: 1 is Monday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T12:00Z`).getUTCDay() || 7;
}

/** The quarters after one instant up to another. */
export function quartersIn(after: number, until: number): number[] {
  const quarters: number[] = [];
  for (let at = (Math.floor(after / QUARTER) + 1) * QUARTER; at <= until; at += QUARTER) quarters.push(at);
  return quarters;
}
