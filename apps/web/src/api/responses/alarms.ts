import { z } from 'zod';
import { ALARM_CAUSES } from '#database/schema/index.js';
import { ALARM_STATES } from '#feedback/alarms/alarm.repository.js';
import { id, instant, orNull } from './common.js';

export const alarmView = z
  .object({
    id,
    cause: z.enum(ALARM_CAUSES),
    subject: z
      .string()
      .describe(
        'What it is about: the id of an edition, feed, transport or publication; a domain; a way in.',
      ),
    state: z.enum(ALARM_STATES).describe('`open` until somebody has `seen` it; `gone` when its cause is.'),
    since: instant,
    until: orNull(instant).describe('When it was gone.'),
    seenAt: orNull(instant),
    seenBy: orNull(z.string()).describe('The name of the operator or of the key.'),
    detail: z
      .record(z.string(), z.unknown())
      .describe(
        'By cause. `name` of the subject; `reason`, in somebody’s words; `level` (`warning`, `severe`), `count`, `of` and `rate` of rates.',
      ),
  })
  .meta({ id: 'Alarm' });
