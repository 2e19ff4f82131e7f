import type { CalendarEntry } from '../api/types';
import { EntryRow } from './entry-row';

/** Entries of the calendar, in their order. */
export function Entries({ entries }: { entries: CalendarEntry[] }) {
  return (
    <ul className="rows">
      {entries.map((entry) => (
        <EntryRow key={`${entry.digestId} ${entry.at} ${entry.editionId}`} entry={entry} />
      ))}
    </ul>
  );
}
