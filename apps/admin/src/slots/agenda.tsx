import { useCalendar, useDigests } from '../api/queries';
import type { CalendarEntry } from '../api/types';
import { Link } from '../router/router';
import { counted, OWN_TIME_ZONE, showClock, showDay } from '../ui/format';
import { Empty, Loaded } from '../ui/states';
import { StatusBadge } from '../ui/status-badge';

/** So many times a day a digest is named by itself. */
const SINGLY = 4;

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
      {({ data: entries, truncated }) =>
        entries.length > 0 ? (
          <>
            <Days entries={entries.slice(0, most)} digestId={digestId} />
            {truncated && most === undefined && (
              <p className="quiet small">
                There is more to come than fits here; the pages of the digests have it.
              </p>
            )}
          </>
        ) : (
          <Empty>Nothing is to go out in the next {days} days.</Empty>
        )
      }
    </Loaded>
  );
}

function Days({ entries, digestId }: { entries: CalendarEntry[]; digestId: string | undefined }) {
  return (
    <>
      <dl className="agenda">
        {[...groupedBy(entries, ({ at }) => showDay(at))].map(([day, its]) => (
          <div key={day}>
            <dt>{day}</dt>
            {shortened(its).map(({ entry, more }) => (
              <Entry
                key={`${entry.digestId} ${entry.at} ${entry.editionId}`}
                entry={entry}
                more={more}
                isNamed={digestId === undefined}
              />
            ))}
          </div>
        ))}
      </dl>
      <p className="quiet small">
        Times and days are those of {OWN_TIME_ZONE}, unless they are the readers’ own.
      </p>
    </>
  );
}

function groupedBy(
  entries: CalendarEntry[],
  keyOf: (entry: CalendarEntry) => string,
): Map<string, CalendarEntry[]> {
  const groups = new Map<string, CalendarEntry[]>();
  for (const entry of entries) groups.set(keyOf(entry), [...(groups.get(keyOf(entry)) ?? []), entry]);
  return groups;
}

/** A digest of every hour would bury the others: of its day only the first is shown, and how many follow. */
function shortened(entries: CalendarEntry[]): { entry: CalendarEntry; more: number }[] {
  const often = groupedBy(
    entries.filter(({ status }) => status === 'planned'),
    ({ digestId }) => digestId,
  );
  return entries.flatMap((entry) => {
    const its = often.get(entry.digestId) ?? [];
    if (entry.status !== 'planned' || its.length <= SINGLY) return [{ entry, more: 0 }];
    return its[0] === entry ? [{ entry, more: its.length - 1 }] : [];
  });
}

interface EntryProps {
  entry: CalendarEntry;
  /** So many times more on that day. */
  more: number;
  isNamed: boolean;
}

function Entry({ entry, more, isNamed }: EntryProps) {
  const { data: digests } = useDigests();
  const { digestId, editionId, status } = entry;
  const name = isNamed ? (digests?.find(({ id }) => id === digestId)?.name ?? 'a digest') : undefined;
  const to = editionId ? `/editions/${editionId}` : name && `/digests/${digestId}`;
  return (
    <dd>
      <span className="agenda-time">{showClock(entry.at, entry.local)}</span>
      <span className="agenda-what">
        {to && <Link to={to}>{name ?? 'The edition'}</Link>}
        {entry.local && <span className="quiet small"> at each reader’s own time</span>}
        {more > 0 && <span className="quiet small"> and {counted(more, 'more time')} that day</span>}
      </span>
      {status !== 'planned' && <StatusBadge status={status} />}
    </dd>
  );
}
