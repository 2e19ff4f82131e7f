import { guardCell, NO_DIGESTS } from './csv-cell.js';
import type { Offer } from '../choices/offer.js';
import { openPause } from '../choices/pause.js';
import type { Subscriber } from '../subscribers/reader.repository.js';
import type { SubscriptionView } from '../subscribers/subscription.repository.js';
import { PLAIN, type DigestPreferences } from '../choices/digest-preferences.js';

/** The columns of an export. An import ignores the times. New columns go to the end. */
export const EXPORT_COLUMNS = [
  'email',
  'name',
  'locale',
  'time_zone',
  'topics',
  'digests',
  'status',
  'attributes',
  'created_at',
  'confirmed_at',
  'unsubscribed_at',
  'cadence',
  'weekday',
  'hour',
  'alerts',
  'paused_until',
  'subscriptions',
] as const;

/** The cells of a subscriber, in the order of {@link EXPORT_COLUMNS}. @param today where the reader is */
export function exportRow(
  row: Subscriber,
  chosen: SubscriptionView[],
  offer: Offer,
  today: string,
): string[] {
  const topicIds = new Set(chosen.flatMap((item) => item.topics ?? []));
  // A digest with all topics: the column says all, whatever the others have.
  const all = chosen.some((item) => item.topics === null);
  const first = chosen.length === 0 && row.firstWish ? { ...PLAIN, ...row.firstWish } : undefined;
  const digests = chosen.map((item) => item.digestSlug).join(';') || NO_DIGESTS;
  const ofEach = chosen.map((item) => preferencesOf(item, offer, today));
  const isUniform = ofEach.every((its) => JSON.stringify(its) === JSON.stringify(ofEach[0]));
  const shared = first ? preferencesOf(first, offer, today) : isUniform ? ofEach[0] : undefined;
  return [
    row.email,
    row.name ?? '',
    row.locale,
    row.timeZone ?? '',
    (first ? (shared?.topics ?? []) : all ? [] : slugsOf([...topicIds], offer)).join(';'),
    row.followsDefaults ? '' : digests,
    row.status,
    Object.keys(row.attributes).length > 0 ? JSON.stringify(row.attributes) : '',
    row.createdAt.toISOString(),
    row.confirmedAt?.toISOString() ?? '',
    row.unsubscribedAt?.toISOString() ?? '',
    shared?.cadence ?? '',
    String(shared?.weekday ?? ''),
    String(shared?.hour ?? ''),
    String(shared?.alerts ?? ''),
    shared?.pausedUntil ?? '',
    // Only what the columns before cannot say: digests that differ.
    isUniform
      ? ''
      : JSON.stringify(
          ofEach.map((preferences, index) => ({ digest: chosen[index]?.digestSlug, ...preferences })),
        ),
  ].map(guardCell);
}

/** Preferences as a file has them: topics by slug, and no pause that is over. */
function preferencesOf(
  { topics, cadence, weekday, hour, alerts, pausedUntil }: DigestPreferences,
  offer: Offer,
  today: string,
): DigestPreferences {
  return {
    topics: topics && slugsOf(topics, offer),
    cadence,
    weekday,
    hour,
    alerts,
    pausedUntil: openPause(pausedUntil, today),
  };
}

function slugsOf(topicIds: readonly string[], offer: Offer): string[] {
  return offer.topics.filter(({ id }) => topicIds.includes(id)).map(({ slug }) => slug);
}
