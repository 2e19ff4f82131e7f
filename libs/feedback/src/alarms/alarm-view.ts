import { z } from 'zod';
import { ALARM_CAUSES, type AlarmCause } from '#database/schema/index.js';
import { pageQuery } from '#kernel/input/page.js';
import { ALARM_STATES, type AlarmRow, type AlarmState } from './alarm.repository.js';

/** `GET /alarms`. */
export const alarmQuery = pageQuery.extend({
  state: z.enum(ALARM_STATES).optional().describe('Only those in this state.'),
  cause: z.enum(ALARM_CAUSES).optional().describe('Only those of this cause.'),
});
export type AlarmQuery = z.output<typeof alarmQuery>;

/** An alarm as operators see it. */
export interface Alarm {
  id: string;
  cause: AlarmCause;
  subject: string;
  state: AlarmState;
  since: Date;
  until: Date | null;
  seenAt: Date | null;
  seenBy: string | null;
  detail: Record<string, unknown>;
}

export function alarmView(row: AlarmRow): Alarm {
  const { id, cause, subject, state, since, until, seenAt, seenBy, detail } = row;
  return { id, cause, subject, state, since, until, seenAt, seenBy, detail };
}
