import { useCalendar, useDigests } from '../api/queries';
import type { CalendarEntry } from '../api/types';
import { Link } from '../router/router';
import { OWN_TIME_ZONE, showClock, showDay } from '../ui/format';
import { Empty, Loaded } from '../ui/states';
import { StatusBadge } from '../ui/status-badge';

interface AgendaProps {
  days: number;
  /** No more entries than these. */
  most?: number;
  /** None: of every digest. */
  digestId?: string;
}

/** What goes out in the coming days, day by day. */
export function Agenda({ days, most, digestId }: AgendaProps) {
  const calendar = useCalendar(days, digestId);
  return (
    <Loaded of={calendar}>
      {(entries) =>
        entries.length > 0 ? (
          <Days entries={entries.slice(0, most)} digestId={digestId} />
        ) : (
          <Empty>Nothing goes out by itself in the next {days} days.</Empty>
        )
      }
    </Loaded>
  );
}

function Days({ entries, digestId }: { entries: CalendarEntry[]; digestId: string | undefined }) {
  const days = byDay(entries);
  return (
    <>
      <dl className="agenda">
        {[...days].map(([day, its]) => (
          <div key={day}>
            <dt>{day}</dt>
            {its.map((entry) => (
              <Entry key={`${entry.digestId} ${entry.at}`} entry={entry} isNamed={digestId === undefined} />
            ))}
          </div>
        ))}
      </dl>
      <p className="quiet small">Times are those of {OWN_TIME_ZONE}, unless they are the readers’ own.</p>
    </>
  );
}

function byDay(entries: CalendarEntry[]): Map<string, CalendarEntry[]> {
  const days = new Map<string, CalendarEntry[]>();
  for (const entry of entries) {
    const day = showDay(entry.at);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return days;
}

function Entry({ entry, isNamed }: { entry: CalendarEntry; isNamed: boolean }) {
  const { data: digests } = useDigests();
  const { digestId, editionId, status } = entry;
  const name = isNamed ? (digests?.find(({ id }) => id === digestId)?.name ?? 'a digest') : undefined;
  const to = editionId ? `/editions/${editionId}` : name && `/digests/${digestId}`;
  return (
    <dd>
      <span className="agenda-time">{showClock(entry.at)}</span>
      <span className="agenda-what">
        {to && <Link to={to}>{name ?? 'The edition'}</Link>}
        {entry.local && <span className="quiet small"> at each reader’s own time</span>}
      </span>
      {status !== 'planned' && <StatusBadge status={status} />}
    </dd>
  );
}
