import { Badge, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { refresh, useList } from '../api/queries';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Alarm } from '../api/types';
import { showTime } from '../ui/format';
import { Row } from '../ui/rows';
import { wordsOf } from './alarm-words';

const POLL_MS = 10_000;
const LOOKED_AT = 50;

/** Alarms that nobody has seen. */
export function useOpenAlarms(): Alarm[] {
  return useList('/alarms', { state: 'open' }, { limit: LOOKED_AT, everyMs: POLL_MS }).rows ?? [];
}

/** An alarm, what can be done about it, and a button that says that it was seen. */
export function AlarmRow({ alarm }: { alarm: Alarm }) {
  const mayWrite = useMay('alarms:write');
  const { title, happened, reason, remedy } = wordsOf(alarm);
  const seen = useMutation({
    mutationFn: () => api.POST('/alarms/{id}/seen', at(alarm.id)),
    onSettled: () => refresh('/alarms'),
  });
  return (
    <Row
      title={title}
      {...(remedy ? { to: remedy } : {})}
      meta={
        <>
          {happened} Since {showTime(alarm.since)}.
          {reason && <span className="failure anywhere"> {reason}</span>}
        </>
      }
    >
      <Badge color="accent" variant="light">
        alarm
      </Badge>
      {mayWrite && (
        <Button size="xs" variant="default" loading={seen.isPending} onClick={() => seen.mutate()}>
          Seen
        </Button>
      )}
    </Row>
  );
}

/** How many alarms are open, beside the word of the navigation; nothing when there is none. */
export function AlarmCount() {
  return useMay('numbers:read') ? <Count /> : null;
}

function Count() {
  const open = useOpenAlarms().length;
  if (open === 0) return null;
  return (
    <Badge ms={6} size="sm" color="accent" aria-label={`${open} open alarms`}>
      {open === LOOKED_AT ? `${open}+` : open}
    </Badge>
  );
}
