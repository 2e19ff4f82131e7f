/** Hours from UTC: RFC 822's names, and those that feeds use. `IST` and `CST` are of several places; the larger counts. */
const ZONES: Record<string, number> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 1,
  bst: 1,
  ist: 5.5,
  cet: 1,
  met: 1,
  mez: 1,
  mewt: 1,
  cest: 2,
  mest: 2,
  mesz: 2,
  sast: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  msd: 4,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  ast: -4,
  adt: -3,
  nst: -3.5,
  ndt: -2.5,
  akst: -9,
  akdt: -8,
  hst: -10,
  brt: -3,
  brst: -2,
  art: -3,
  pkt: 5,
  wib: 7,
  ict: 7,
  hkt: 8,
  sgt: 8,
  awst: 8,
  pht: 8,
  jst: 9,
  kst: 9,
  acst: 9.5,
  acdt: 10.5,
  aest: 10,
  aedt: 11,
  nzst: 12,
  nzdt: 13,
};
const OFFSET = /^(?:gmt|utc|ut|z)?\s*([+-])(\d{1,2})(?::?(\d\d))?(?::?00|:0)?z?(?:\s+[a-z]{1,5})?$/;

/**
 * The zone at the end of a date.
 * @returns minutes east of UTC; 0 without a zone, and for a name that nobody knows; null: that is no zone
 */
export function minutesEastOf(text: string): number | null {
  const name = text
    .replace(/\(.*\)?|\[[\w/+-]*\]$/, '')
    .replace(/^\s*Uhr\b/, '')
    .replace(/−/g, '-')
    .trim();
  const zone = name.toLowerCase();
  if (zone === '') return 0;
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? [];
  if (sign) {
    // `+2` and `+02` are hours.
    const east = Number(hours) * 60 + Number(minutes ?? 0);
    return east <= 24 * 60 ? (sign === '-' ? -east : east) : null;
  }
  if (Object.hasOwn(ZONES, zone)) return (ZONES[zone] as number) * 60;
  return /^[A-Z]{1,5}$/.test(name) ? 0 : null;
}
