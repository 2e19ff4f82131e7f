import type { CalendarEntry } from '../api/types';
import { EntryRow } from './entry-row';

/** Entries of the calendar, in their order. @param isPlain to be looked at only */
export function Entries({ entries, isPlain = false }: { entries: CalendarEntry[]; isPlain?: boolean }) {
  return (
    <ul className="rows">
      {entries.map((entry) => (
        <EntryRow key={`${entry.digestId} ${entry.at} ${entry.editionId}`} entry={entry} isPlain={isPlain} />
      ))}
    </ul>
  );
}
