import {
  DAYS,
  HOURS,
  MINUTE,
  NOON,
  PUBLICATION_ZONE,
  type ArticleOf,
  type PastOf,
  type ReaderOf,
  type Scene,
  type Sent,
} from './selection.harness.js';

/** Minutes east of London in January. */
const EAST: Record<string, number> = {
  UTC: 0,
  'Europe/Berlin': 60,
  'Asia/Kolkata': 330,
  'Asia/Kathmandu': 345,
  'America/Los_Angeles': -480,
  'Pacific/Kiritimati': 840,
};
export const ZONES = Object.keys(EAST);

const REACHED = ['accepted', 'uncertain', 'queued', 'claimed'];
const NOON_TO_EPOCH = NOON / MINUTE;

/**
 * Who gets which articles in the wave that is due, by the rules as they are written for people. It knows nothing of the code that is tested.
 * @returns `nothing to send` when the articles of a list are all gone
 */
export function whoGetsWhat(scene: Scene): Map<number, Sent> | 'nothing to send' {
  const candidates = candidatesOf(scene);
  const isList = scene.edition.selection === 'list';
  // Of editions by the clock; one that somebody made by hand is for those who get something of it.
  const sendsText = scene.digest.whenEmpty === 'send' && (!isList || scene.edition.slot !== null);
  if (isList && candidates.length === 0 && !sendsText) return 'nothing to send';
  const sent = new Map<number, Sent>();
  scene.readers.forEach((reader, index) => {
    if (reader.status !== 'active' || reader.suppressed || !reader.subscribed) return;
    if (scene.past.some((past) => past.same && past.got.some((one) => one.reader === index))) return;
    if (!isDue(scene, reader, index)) return;
    const wanted = candidates.filter((n) => isWanted(scene, reader, index, n));
    const { minArticles, maxArticles } = scene.digest;
    const cut = isList ? wanted : wanted.slice(0, maxArticles);
    const mail = { articles: cut, more: cut.length < wanted.length };
    if (wanted.length === 0 ? sendsText : isList || wanted.length >= minArticles) sent.set(index, mail);
  });
  return sent;
}

function candidatesOf(scene: Scene): number[] {
  const { digest, edition, now } = scene;
  const story = (n: number) => scene.articles[n] as ArticleOf;
  const isPublic = (n: number) => {
    const { publishedAt, embargoUntil, retracted, draft } = story(n);
    return publishedAt <= now && (embargoUntil === null || embargoUntil <= now) && !retracted && !draft;
  };
  if (edition.selection === 'list') return edition.articles.filter(isPublic);
  const all = scene.articles.map((_, n) => n).filter(isPublic);
  const fitting = all.filter((n) => {
    const { publishedAt, embargoUntil, topics } = story(n);
    const age = now - Math.max(publishedAt, embargoUntil ?? publishedAt);
    if (age >= digest.lookbackDays * DAYS || digest.excluded.includes(n)) return false;
    return digest.topics === null || topics.some((topic) => digest.topics?.includes(topic));
  });
  const keys = {
    pin: pinKey,
    priority: (n: number) => -story(n).priority,
    recency: (n: number) => -story(n).publishedAt,
  };
  function pinKey(n: number): number {
    const place = digest.pinned.indexOf(n);
    return place < 0 ? 1_000 : place;
  }
  return fitting.sort((a, b) => {
    for (const rule of digest.orderBy)
      if (keys[rule](a) !== keys[rule](b)) return keys[rule](a) - keys[rule](b);
    return b - a; // what was made later
  });
}

function isWanted(scene: Scene, reader: ReaderOf, index: number, n: number): boolean {
  const { topics, publishedAt, releasedAt, embargoUntil } = scene.articles[n] as ArticleOf;
  if (reader.topics && !topics.some((topic) => reader.topics?.includes(topic))) return false;
  const { repeatAfterDays } = scene.digest;
  const reached = scene.past.filter((past) => gotBy(past, index) !== undefined);
  const had = reached.some((past) => {
    const counts = repeatAfterDays === null || past.cutoff >= scene.now - repeatAfterDays * DAYS;
    return repeatAfterDays !== 0 && counts && gotBy(past, index)?.articles.includes(n);
  });
  if (had) return false;
  if (scene.edition.selection === 'list') return true;
  const newsAt = Math.max(releasedAt, publishedAt, embargoUntil ?? publishedAt);
  // What an edition that chose by itself did not consider, because it was excluded or tagged otherwise then, is new all the same.
  return reached
    .filter((past) => past.own && past.kind === 'regular')
    .every((past) => newsAt > past.cutoff || !past.articles.includes(n));
}

const gotBy = (past: PastOf, index: number) =>
  past.got.find(({ reader, status }) => reader === index && REACHED.includes(status));

/** After a standstill a wave takes those who are due in order, but not past the midnight of any of them. */
export function endOfWave(scene: Scene): number {
  const { slot, lastWaveAt } = scene.edition;
  if (!slot) return scene.now;
  const waiting = scene.readers
    .filter(({ status, suppressed, subscribed }) => status === 'active' && !suppressed && subscribed)
    .map((reader) => ({ at: nominalOf(scene, reader), east: eastOf(reader) }))
    .filter(({ at }) => at <= scene.now && (lastWaveAt === null || at > lastWaveAt));
  const date = (at: number, east: number) => Math.floor((NOON_TO_EPOCH + at + east) / DAYS);
  const fits = (time: number) =>
    waiting.every(({ at, east }) => at > time || date(time, east) === date(at, east));
  return Math.max(-Infinity, ...waiting.map(({ at }) => at).filter(fits));
}

const eastOf = ({ zone }: ReaderOf) => EAST[zone ?? PUBLICATION_ZONE] ?? EAST[PUBLICATION_ZONE]!;

/** When it is meant to reach a reader. */
export function nominalOf({ edition: { slot }, now }: Scene, reader: ReaderOf): number {
  return slot ? timeFor(reader, slot.at, slot.local, eastOf(reader)) : now;
}

function isDue(scene: Scene, reader: ReaderOf, index: number): boolean {
  const { edition, now } = scene;
  const east = eastOf(reader);
  const day = (at: number) => Math.floor((NOON_TO_EPOCH + at + east) / DAYS);
  const nominal = nominalOf(scene, reader);
  if (
    nominal > now ||
    nominal > endOfWave(scene) ||
    (edition.lastWaveAt !== null && edition.slot && nominal <= edition.lastWaveAt)
  )
    return false;
  const date = new Date(day(nominal) * DAYS * MINUTE).toISOString().slice(0, 10);
  if (reader.pausedUntil !== null && reader.pausedUntil > date) return false;
  if (edition.kind === 'alert') return reader.alerts || reader.cadence === 'breaking';
  const editions = scene.past
    .filter((past) => past.own && past.kind === 'regular' && gotBy(past, index))
    .map(({ at }) => at);
  const isFirstToday = editions.every((at) => day(at) < day(nominal));
  switch (reader.cadence) {
    case 'every':
      return true;
    case 'daily':
      return isFirstToday;
    case 'breaking':
      return false;
    case 'weekly':
      if (!edition.slot || reader.weekday === null) return editions.every((at) => at < nominal - 6.5 * DAYS);
      return isFirstToday && covers(reader, edition.slot, east).includes(reader.weekday);
  }
}

/** ISO weekdays of the reader's dates since the slot before. */
function covers(reader: ReaderOf, slot: NonNullable<Scene['edition']['slot']>, east: number): number[] {
  const every = [1, 2, 3, 4, 5, 6, 7];
  if (slot.previousAt === null) return every;
  const dayOf = (at: number) =>
    Math.floor((NOON_TO_EPOCH + (slot.local ? at : timeFor(reader, at, false, east) + east)) / DAYS);
  const [first, last] = [dayOf(slot.previousAt) + 1, dayOf(slot.at)];
  const days: number[] = [];
  for (let day = first; day <= last && days.length < 7; day++) days.push(((day + 3) % 7) + 1);
  return days;
}

function timeFor({ hour }: ReaderOf, at: number, local: boolean, east: number): number {
  const midnight = (wall: number) => Math.floor((NOON_TO_EPOCH + wall) / DAYS) * DAYS - NOON_TO_EPOCH;
  if (local) return (hour === null ? at : midnight(at) + hour * HOURS) - east;
  if (hour === null) return at;
  const today = midnight(at + east) + hour * HOURS - east;
  return today >= at ? today : today + DAYS;
}
