import { NativeSelect } from '@mantine/core';
import { useList } from '../api/queries';
import type { Alarm } from '../api/types';
import { setQueryParams, useQueryParams } from '../router/router';
import { PageHead } from '../ui/page-head';
import { List } from '../ui/rows';
import { AlarmRow } from './open-alarms';

const STATES: { value: Alarm['state'] | ''; label: string; empty: string }[] = [
  { value: '', label: 'all', empty: 'There has been no alarm yet.' },
  { value: 'open', label: 'open', empty: 'There is nothing that nobody has seen.' },
  { value: 'seen', label: 'seen, not gone', empty: 'Nothing was seen that is not gone.' },
  { value: 'gone', label: 'gone', empty: 'No alarm is gone.' },
];

/** Everything that operators were to look at, newest first, with what is to be done about it. */
export function AlarmsPage() {
  const asked = useQueryParams().get('state') ?? '';
  const state = STATES.find(({ value }) => value === asked) ?? STATES[0];
  const alarms = useList('/alarms', { state: state?.value || undefined });
  return (
    <>
      <PageHead title="Alarms" />
      <NativeSelect
        label="Show alarms"
        w={200}
        mb="md"
        data={STATES.map(({ value, label }) => ({ value, label }))}
        value={state?.value}
        onChange={(event) => setQueryParams({ state: event.currentTarget.value })}
      />
      <List of={alarms} empty={state?.empty}>
        {(alarm) => <AlarmRow key={alarm.id} alarm={alarm} isWhole />}
      </List>
    </>
  );
}
