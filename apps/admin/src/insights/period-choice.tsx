import { Group, TextInput } from '@mantine/core';
import { addDays, dayIn, isDay } from '../numbers/days';
import { setQueryParams } from '../router/router';
import type { Period } from './period';

const USUAL: [days: number, label: string][] = [
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days'],
  [365, 'a year'],
];

/** From when until when; it is in the address, so that a link shows the same. */
export function PeriodChoice({ period }: { period: Period }) {
  const today = dayIn(period.timeZone, new Date());
  const set = (name: 'from' | 'to') => (event: { currentTarget: HTMLInputElement }) => {
    const { value } = event.currentTarget;
    if (value === '' || isDay(value)) setQueryParams({ [name]: value });
  };
  const last = (days: number) => setQueryParams({ from: addDays(today, 1 - days), to: today });
  return (
    <Group mb="md" align="flex-end" gap="md">
      <TextInput
        type="date"
        label="From"
        name="from"
        value={period.from}
        onChange={set('from')}
        error={period.from > period.to && 'This is after the last day.'}
      />
      <TextInput type="date" label="To" name="to" value={period.to} onChange={set('to')} />
      <span className="small">
        The last{' '}
        {USUAL.map(([days, label], at) => (
          <span key={days}>
            {at > 0 && ' · '}
            <button type="button" className="linklike" onClick={() => last(days)}>
              {label}
            </button>
          </span>
        ))}
      </span>
    </Group>
  );
}
