import type { AlarmWords } from '#rendering/mail/operator-mail.js';

/** What a mail of an alarm says: written with the mail, since what it is about may be another by the time it goes. */
export interface AlarmNotice {
  /** Which words: `mail.alarm.KEY.…` of the locales. */
  key: string;
  /** Of what it is about, for people: a digest, feed, transport, domain. */
  name: string;
  /** RFC 3339. */
  since: string;
  /** Where it is mended, below `/admin/`. */
  path: string;
  /** The server's or the service's words, without addresses. */
  reason?: string;
  /** Of a rate: `count` of `of`. */
  rate?: { count: number; of: number };
  /** By when something should have begun or ended. RFC 3339. */
  due?: string;
}

/** Numbers and times of a notice, as people of a locale write them. @param spoken a time in words */
export function wordsOfAlarm(
  { key, rate, due }: AlarmNotice,
  locale: string,
  spoken: (at: string) => string,
): AlarmWords {
  const whole = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  return {
    key,
    vars: {
      ...(rate
        ? {
            count: whole.format(rate.count),
            of: whole.format(rate.of),
            percent: percent.format(rate.count / rate.of),
          }
        : {}),
      ...(due ? { due: spoken(due) } : {}),
    },
  };
}
