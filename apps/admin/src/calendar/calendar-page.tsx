import { Group, NativeSelect } from '@mantine/core';
import { z } from 'zod/mini';
import { useCalendar, useDigests } from '../api/queries';
import type { CalendarEntry } from '../api/types';
import { oneOf, useFilters, words } from '../router/use-filters';
import { HeldSlots } from '../slots/held-slots';
import { showDay } from '../ui/format';
import { PageHead, Section } from '../ui/page-head';
import { Empty, Loaded } from '../ui/states';
import { Entries } from './entries';

const SPANS = { '1': 'the next 24 hours', '7': 'the next 7 days', '31': 'the next 31 days' } as const;
const filters = z.object({ days: oneOf(['1', '7', '31']), digest: words });

/** Everything that will go out, by a schedule or by hand, and what can be done about it. */
export function CalendarPage() {
  const [{ days = '7', digest }, set] = useFilters(filters);
  const { data: digests } = useDigests();
  const calendar = useCalendar(Number(days), digest);
  const choices = [
    { value: '', label: 'every digest' },
    ...(digests ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <>
      <PageHead title="Calendar" />
      <Group mb="md">
        <NativeSelect
          label="Show"
          data={Object.entries(SPANS).map(([value, label]) => ({ value, label }))}
          value={days}
          onChange={({ currentTarget }) => set({ days: currentTarget.value })}
        />
        <NativeSelect
          label="Of"
          data={choices}
          value={digest ?? ''}
          onChange={({ currentTarget }) => set({ digest: currentTarget.value })}
        />
      </Group>
      <HeldSlots digestId={digest} />
      <Loaded of={calendar}>
        {({ data, truncated }) => (
          <>
            {data.length === 0 && <Empty>Nothing is to go out in {SPANS[days]}.</Empty>}
            {byDay(data).map(([day, entries]) => (
              <Section key={day} title={day}>
                <Entries entries={entries} />
              </Section>
            ))}
            {truncated && <p className="quiet small">There is more to come than fits here.</p>}
          </>
        )}
      </Loaded>
    </>
  );
}

/** By the day of whoever looks. */
function byDay(entries: CalendarEntry[]): [day: string, entries: CalendarEntry[]][] {
  const days = new Map<string, CalendarEntry[]>();
  for (const entry of entries) {
    const day = showDay(entry.at);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
