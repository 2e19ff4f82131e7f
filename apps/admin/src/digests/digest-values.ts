import type { Schemas } from '#contract/paths.js';
import type { Digest, SkipOrSend } from '../api/types';
import { wanted, type Amount } from '../ui/use-api-form';
import { cronOf, rhythmOf, type Rhythm } from './cron-presets';

/** The form of a digest. Its names are the fields of the API, but for the parts that a field is made of. */
export interface DigestValues {
  name: string;
  subject: string;
  topics: string[];
  isDefault: boolean | undefined;
  rhythm: Rhythm;
  weekday: string;
  time: string;
  schedule: { cron: string; timeZone: string; readerLocal: boolean };
  lateLimitMinutes: Amount;
  needsApproval: boolean;
  approval: { minutes: Amount; otherwise: SkipOrSend };
  minArticles: Amount;
  maxArticles: Amount;
  orderBy: Digest['orderBy'];
  lookbackDays: Amount;
  repeats: boolean;
  repeatAfterDays: Amount;
  pinned: string[];
  excluded: string[];
  whenEmpty: SkipOrSend;
  emptyText: string;
  template: string;
  alertTemplate: string;
}

/** What the form shows. @param digest none: a new one */
export function valuesOf(digest?: Digest): DigestValues {
  const { cron, ...rhythm } = rhythmOf(digest?.schedule?.cron);
  return {
    name: digest?.name ?? '',
    subject: digest?.subject ?? '',
    topics: digest?.topics ?? [],
    isDefault: digest?.isDefault,
    ...rhythm,
    schedule: {
      cron,
      timeZone: digest?.schedule?.timeZone ?? '',
      readerLocal: digest?.schedule?.readerLocal ?? false,
    },
    lateLimitMinutes: digest?.lateLimitMinutes ?? 360,
    needsApproval: Boolean(digest?.approval),
    approval: { minutes: digest?.approval?.minutes ?? 60, otherwise: digest?.approval?.otherwise ?? 'skip' },
    minArticles: digest?.minArticles ?? 1,
    maxArticles: digest?.maxArticles ?? 20,
    orderBy: digest?.orderBy ?? ['pin', 'priority', 'recency'],
    lookbackDays: digest?.lookbackDays ?? 14,
    repeats: digest?.repeatAfterDays != null,
    repeatAfterDays: digest?.repeatAfterDays ?? 30,
    pinned: digest?.pinned ?? [],
    excluded: digest?.excluded ?? [],
    whenEmpty: digest?.whenEmpty ?? 'skip',
    emptyText: digest?.emptyText ?? '',
    template: digest?.template ?? 'digest',
    alertTemplate: digest?.alertTemplate ?? 'alert',
  };
}

/** What the API is sent. */
export function bodyOf(values: DigestValues): Schemas['NewDigest'] {
  const { subject, topics, emptyText, needsApproval, approval, repeats, repeatAfterDays } = values;
  const { name, isDefault, whenEmpty, template, alertTemplate, orderBy, pinned, excluded } = values;
  return {
    name,
    isDefault,
    whenEmpty,
    template,
    alertTemplate,
    orderBy,
    pinned,
    excluded,
    subject: subject || null,
    topics: topics.length > 0 ? topics : null,
    schedule: scheduleOf(values),
    lateLimitMinutes: orLeftOut(values.lateLimitMinutes),
    approval: needsApproval ? { ...approval, minutes: wanted(approval.minutes) } : null,
    minArticles: orLeftOut(values.minArticles),
    maxArticles: orLeftOut(values.maxArticles),
    lookbackDays: orLeftOut(values.lookbackDays),
    repeatAfterDays: repeats ? orLeftOut(repeatAfterDays) : null,
    emptyText: emptyText || null,
  };
}

function scheduleOf({ rhythm, weekday, time, schedule }: DigestValues): Schemas['NewDigest']['schedule'] {
  const { timeZone, readerLocal } = schedule;
  const cron = cronOf({ rhythm, weekday, time, cron: schedule.cron });
  return cron === null ? null : { cron, timeZone: timeZone || null, readerLocal };
}

const orLeftOut = (amount: Amount) => (amount === '' ? undefined : amount);
