import { guardCell, NO_DIGESTS } from './csv-cell.js';
import type { Menu } from '../choices/menu.js';
import { openPause } from '../choices/pause.js';
import type { Subscriber } from '../subscribers/reader.repository.js';
import type { SubscriptionView } from '../subscribers/subscription.repository.js';
import { PLAIN, type Taste } from '../choices/taste.js';

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
export function exportRow(row: Subscriber, chosen: SubscriptionView[], menu: Menu, today: string): string[] {
  const topicIds = new Set(chosen.flatMap((item) => item.topics ?? []));
  // One digest with all topics: then all topics it is.
  const all = chosen.some((item) => item.topics === null);
  const first = chosen.length === 0 && row.firstWish ? { ...PLAIN, ...row.firstWish } : undefined;
  const digests = chosen.map((item) => item.digestSlug).join(';') || NO_DIGESTS;
  const tastes = chosen.map((item) => tasteOf(item, menu, today));
  const isUniform = tastes.every((taste) => JSON.stringify(taste) === JSON.stringify(tastes[0]));
  const shared = first ? tasteOf(first, menu, today) : isUniform ? tastes[0] : undefined;
  return [
    row.email,
    row.name ?? '',
    row.locale,
    row.timeZone ?? '',
    (first ? (shared?.topics ?? []) : all ? [] : slugsOf([...topicIds], menu)).join(';'),
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
      : JSON.stringify(tastes.map((taste, index) => ({ digest: chosen[index]?.digestSlug, ...taste }))),
  ].map(guardCell);
}

/** A taste as a file has it: topics by slug, and no pause that is over. */
function tasteOf(
  { topics, cadence, weekday, hour, alerts, pausedUntil }: Taste,
  menu: Menu,
  today: string,
): Taste {
  return {
    topics: topics && slugsOf(topics, menu),
    cadence,
    weekday,
    hour,
    alerts,
    pausedUntil: openPause(pausedUntil, today),
  };
}

function slugsOf(topicIds: readonly string[], menu: Menu): string[] {
  return menu.topics.filter(({ id }) => topicIds.includes(id)).map(({ slug }) => slug);
}
