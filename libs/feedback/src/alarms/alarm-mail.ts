import type { AlarmCause } from '#database/schema/index.js';
import type { AlarmNotice } from '#digest/clock/alarm-notice.js';
import { scrub } from '#kernel/observing/scrub.js';
import { levelOf, type Finding } from './finding.js';

/** Where operators mend it, below `/admin/`; '' is the overview. */
const PATHS: Record<AlarmCause, (its: Finding) => string> = {
  edition_paused: ofEdition,
  edition_late: ofEdition,
  edition_failed: ofEdition,
  provider_blocking: () => '',
  complaint_rate: (its) => (its.detail['scope'] === 'edition' ? ofEdition(its) : 'subscribers'),
  bounce_rate: ofEdition,
  feed_broken: ({ subject }) => `feeds/${subject}`,
  transport_resting: ({ subject }) => `transports/${subject}`,
  mailbox_unreachable: () => '',
  returned_mail_unread: () => '',
  records_changed: () => '',
};

function ofEdition({ subject }: Finding): string {
  return `editions/${subject}`;
}

/** Which words of the locales say it. */
function keyOf({ cause, detail }: Finding): string {
  if (cause === 'edition_late' && detail['phase'] === 'start') return 'edition_not_started';
  if (cause === 'complaint_rate' && levelOf(detail) === 'severe') return 'complaint_rate_severe';
  return cause;
}

/** What the mail of an alarm says. @param since when it began */
export function noticeOf(finding: Finding, since: Date): AlarmNotice {
  const { cause, subject, detail } = finding;
  const { name, reason, count, of, due } = detail;
  return {
    key: keyOf(finding),
    name: typeof name === 'string' ? scrub(name) : subject,
    since: since.toISOString(),
    path: PATHS[cause](finding),
    ...(typeof reason === 'string' && reason ? { reason: scrub(reason) } : {}),
    ...(typeof count === 'number' && typeof of === 'number' ? { rate: { count, of } } : {}),
    ...(typeof due === 'string' ? { due } : {}),
  };
}
