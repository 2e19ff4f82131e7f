const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 3339, also without the time, the seconds or the zone, and with a space for the T. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*(.*)$/i;
/** RFC 822 and its many near misses: `Wed, 02 Oct 2002 13:00:00 GMT`. */
const RFC822 =
  /^(?:[a-z]+\.?,?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+(\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?)?\s*(.*)$/i;
/** Hours from UTC. RFC 822's names, and those of Europe that feeds use. */
const ZONES: Record<string, number> = {
  ...{
    '': 0,
    z: 0,
    ut: 0,
    utc: 0,
    gmt: 0,
    wet: 0,
    bst: 1,
    cet: 1,
    mez: 1,
    cest: 2,
    mesz: 2,
    eet: 2,
    eest: 3,
  },
  ...{ msk: 3, est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 },
};
const EARLIEST = Date.UTC(1990, 0, 1);

/**
 * Reads the date of an entry, as feeds write it. A time without a zone is UTC.
 * @returns null for what is no date, and for dates before the web
 */
export function entryDate(text: string | undefined): Date | null {
  const clean = text?.trim().slice(0, 100) ?? '';
  const iso = ISO.exec(clean);
  if (iso) return instantOf(iso[1], Number(iso[2]) - 1, iso[3], iso.slice(4, 7), iso[7]);
  const mail = RFC822.exec(clean);
  if (!mail) return null;
  const year = Number(mail[3]) + (mail[3]?.length === 2 ? (Number(mail[3]) < 70 ? 2000 : 1900) : 0);
  return instantOf(year, MONTHS.indexOf(mail[2]?.toLowerCase() ?? ''), mail[1], mail.slice(4, 7), mail[7]);
}

function instantOf(
  year: string | number | undefined,
  month: number,
  day: string | undefined,
  time: (string | undefined)[],
  zone = '',
): Date | null {
  const [hour = 0, minute = 0, second = 0] = time.map((part) => Number(part ?? 0));
  const minutesEast = zoneOf(zone);
  if (month < 0 || month > 11 || hour > 24 || minute > 59 || second > 60 || minutesEast === null) return null;
  const date = new Date(Date.UTC(Number(year), month, Number(day)));
  if (date.getUTCDate() !== Number(day)) return null; // 31 February
  const at = date.getTime() + ((hour * 60 + minute - minutesEast) * 60 + second) * 1000;
  return at >= EARLIEST ? new Date(at) : null;
}

/** @returns minutes east of UTC; null: that is no zone */
function zoneOf(text: string): number | null {
  const zone = text
    .replace(/\(.*\)/, '')
    .trim()
    .toLowerCase();
  const [, sign, hours, minutes] = /^(?:gmt|utc)?([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  if (sign) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return Object.hasOwn(ZONES, zone) ? (ZONES[zone] as number) * 60 : null;
}
