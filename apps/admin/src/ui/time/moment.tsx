import { usePublication } from '../../api/queries';
import { OWN_TIME_ZONE } from '../format';
import { momentText } from './spoken';

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
