import type { AlarmCause } from '#database/schema/index.js';
import { noticeOf } from './alarm-mail.js';

const since = new Date('2027-01-05T09:00:00Z');
const notice = (cause: AlarmCause, detail: Record<string, unknown> = {}) =>
  noticeOf({ publicationId: 'p', cause, subject: 's1', detail }, since);

it.each<[AlarmCause, Record<string, unknown>, key: string, path: string]>([
  ['edition_late', { phase: 'finish' }, 'edition_late', 'editions/s1'],
  ['edition_late', { phase: 'start' }, 'edition_not_started', 'editions/s1'],
  ['edition_failed', {}, 'edition_failed', 'editions/s1'],
  ['complaint_rate', { scope: 'edition', level: 'warning' }, 'complaint_rate', 'editions/s1'],
  ['complaint_rate', { scope: 'publication', level: 'severe' }, 'complaint_rate_severe', 'subscribers'],
  ['bounce_rate', {}, 'bounce_rate', 'editions/s1'],
  ['feed_broken', {}, 'feed_broken', 'feeds/s1'],
  ['transport_resting', {}, 'transport_resting', 'transports/s1'],
  ['mailbox_unreachable', {}, 'mailbox_unreachable', ''],
  ['returned_mail_unread', {}, 'returned_mail_unread', ''],
  ['records_changed', {}, 'records_changed', ''],
])('%s %j is told as %s, and mended at "%s"', (cause, detail, key, path) => {
  expect(notice(cause, detail)).toEqual({ key, path, name: 's1', since: '2027-01-05T09:00:00.000Z' });
});

it('tells numbers, times and words, and nobody’s address', () => {
  const detail = {
    name: 'The Brief',
    count: 3,
    of: 1_000,
    due: '2027-01-05T07:00:00.000Z',
    reason: 'no such user ann@example.org',
  };
  expect(notice('complaint_rate', detail)).toMatchObject({
    name: 'The Brief',
    rate: { count: 3, of: 1_000 },
    due: '2027-01-05T07:00:00.000Z',
    reason: 'no such user [address]',
  });
});
