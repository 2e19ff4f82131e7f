import { usePublication } from '../../api/queries';
import { OWN_TIME_ZONE } from '../format';

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;

interface MomentProps {
  /** RFC 3339 in UTC. */
  at: string;
  /** The zone it was meant in; none: the publication's. */
  zone?: string | null;
  /** With the day: `Mon 23 Nov, 18:00 Lisbon`. */
  withDay?: boolean;
}

/** A time where a mistake of zones would matter, by both clocks: *18:00 Lisbon · 13:00 yours*. Once, when they show the same. */
export function Moment({ at, zone, withDay = false }: MomentProps) {
  const publication = usePublication();
  const theirs = zone ?? publication.data?.timeZone ?? OWN_TIME_ZONE;
  return (
    <time dateTime={at} className="unbroken">
      {momentText(at, theirs, OWN_TIME_ZONE, withDay)}
    </time>
  );
}

/**
 * @param theirs the zone it was meant in
 * @param own of whoever reads it
 */
export function momentText(at: string, theirs: string, own: string, withDay: boolean): string {
  const [there, here] = [said(at, theirs, withDay), said(at, own, withDay)];
  const first = `${there.text} ${cityOf(theirs)}`;
  if (there.text === here.text && there.day === here.day) return first;
  // Without its day a time of another day would be read as today's.
  const day = !withDay && there.day !== here.day ? `${here.day}, ` : '';
  return `${first} · ${day}${here.text} yours`;
}

function said(at: string, timeZone: string, withDay: boolean) {
  const instant = new Date(at);
  const day = new Intl.DateTimeFormat('en-GB', { ...DAY, timeZone }).format(instant);
  const clock = new Intl.DateTimeFormat('en-GB', { ...CLOCK, timeZone }).format(instant);
  return { day, text: withDay ? `${day}, ${clock}` : clock };
}

/** `America/Argentina/Buenos_Aires`: `Buenos Aires`. */
function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}
