import type { Alarm, AlarmCause } from '../api/types';
import { showNumber, showShare, showTime } from '../ui/format';

/** What of an alarm's detail is said; which cause has what is in docs/alarms.md. */
interface Detail {
  name?: string;
  reason?: string | null;
  scope?: 'publication' | 'edition';
  level?: 'warning' | 'severe';
  phase?: 'start' | 'finish';
  due?: string;
  predictedFinishAt?: string | null;
  restingUntil?: string | null;
  count?: number;
  of?: number;
  rate?: number;
}

/** What happened, without the subject's name. */
const HAPPENED: Record<AlarmCause, (detail: Detail) => string> = {
  edition_paused: () => 'An edition was paused by the service.',
  edition_late: ({ phase, due, predictedFinishAt }) =>
    phase === 'start'
      ? `An edition was due on ${showTime(due)} and has not begun.`
      : `An edition should be finished by ${showTime(due)}, ${predictedFinishAt ? `probably done on ${showTime(predictedFinishAt)}` : 'no end in sight'}.`,
  edition_failed: () => 'An edition could not be prepared; nobody has got it.',
  provider_blocking: ({ restingUntil }) =>
    `It refuses our mail for policy and is left alone${restingUntil ? ` until ${showTime(restingUntil)}` : ''}.`,
  complaint_rate: (detail) =>
    `${ratio(detail)} accepted messages were reported as spam${detail.level === 'severe' ? ': from 0.3 % on mail is refused' : ''}.`,
  bounce_rate: (detail) => `${ratio(detail)} addresses do not exist.`,
  feed_broken: () => 'The feed cannot be read.',
  transport_resting: ({ restingUntil }) => `The transport fails and rests until ${showTime(restingUntil)}.`,
  mailbox_unreachable: () => 'Returned mail cannot be received by this way.',
  returned_mail_unread: () => 'A mail that came back could not be read and was put into a folder of its own.',
  records_changed: () => 'What is published in DNS is not what it was.',
};

/** Where it is mended. */
const REMEDIES: Record<AlarmCause, (alarm: Alarm) => string> = {
  edition_paused: ofEdition,
  edition_late: ofEdition,
  edition_failed: ofEdition,
  provider_blocking: () => '/deliverability',
  complaint_rate: (alarm) =>
    detailOf(alarm).scope === 'edition' ? ofEdition(alarm) : '/bounces?kind=complaint',
  bounce_rate: ofEdition,
  feed_broken: ({ subject }) => `/feeds/${subject}`,
  transport_resting: ({ subject }) => `/transports/${subject}`,
  mailbox_unreachable: () => '/bounces',
  returned_mail_unread: () => '/bounces',
  records_changed: () => '/deliverability',
};

/** What is to be done there. */
const ADVICE: Record<AlarmCause, string> = {
  edition_paused: 'Read the reason, mend what it names, and resume the edition.',
  edition_late:
    'Does a worker run, does a transport rest, are its limits too low? Or give the edition a later deadline.',
  edition_failed: 'Mend what the reason names, most often the template or the subject, and draft it again.',
  provider_blocking:
    'Read its words; see whether SPF, DKIM and DMARC are in order and whether a block list has you.',
  complaint_rate:
    'Look at who complained and how they had signed up. Send less often; drop the sources whose readers complain.',
  bounce_rate:
    'These addresses are mailed no more. Find out how they came in: an old import, a form without confirmation.',
  feed_broken: 'Open its address in a browser, and change it if it has moved.',
  transport_resting: 'Try it on its page: the password, the limits of the account, the words of the server.',
  mailbox_unreachable:
    'Check its address, password and certificate, and whether its server is up. What waits there is read afterwards.',
  returned_mail_unread:
    'Look at it in that folder of the mailbox. Moved back into the inbox it is tried again.',
  records_changed: 'If it was not you, publish again what the deliverability check says.',
};

function ofEdition({ subject }: Alarm): string {
  return `/editions/${subject}`;
}

function ratio({ count = 0, of = 0, rate = 0 }: Detail): string {
  return `${showNumber(count)} of ${showNumber(of)} (${showShare(rate)})`;
}

/** The shape of each cause's detail is the server's; what is missing is not said. */
function detailOf({ detail }: Alarm): Detail {
  return detail;
}

/** What an alarm says: what it is about, what happened, in whose words, and where it is mended. */
export function wordsOf(alarm: Alarm) {
  const detail = detailOf(alarm);
  return {
    title: detail.name ?? alarm.subject,
    happened: HAPPENED[alarm.cause](detail),
    reason: detail.reason ?? undefined,
    remedy: REMEDIES[alarm.cause](alarm),
    advice: ADVICE[alarm.cause],
  };
}
