import { DAY, HOUR, firstShowing, oClock, quartersIn, wallAt, weekdayOf } from './calendar.js';
import { DAILY_HOUR, DIGESTS, FIRST_DAILY_DATE, RULES, WEEKLY_SLOTS, type DigestName } from './digests.js';
import type { Served } from './feed-site.js';
import { clockOf, type Choice, type Reader } from './readers.js';
import type { Story } from './stories.js';

/** A mail that somebody is to get. */
export interface ExpectedMail {
  email: string;
  kind: 'regular' | 'alert';
  digest: DigestName;
  /** Titles in their order; each begins with its story's code. */
  titles: string[];
}

/** A story as readers may get it. */
interface Article {
  story: Story;
  /** In the order in which they were made. */
  number: number;
  title: string;
  publishedAt: number;
  /** When it came to us. */
  releasedAt: number;
  embargoUntil: number | null;
  retracted: boolean;
  priority: number;
  /** An operator has changed it: the feed's changes are not taken over any more. */
  edited: boolean;
  /** Some reader has it. */
  used: boolean;
}

/** What a reader has had. */
interface Had {
  stories: Set<Article>;
  /** By digest: its last edition's time, and when what was new by then was looked at. */
  last: Partial<Record<DigestName, { at: number; cutoff: number }>>;
  /** Occurrences they got, of either digest. */
  occurrences: Set<string>;
}

/** A time at which a digest is due for a reader. */
interface Due {
  digest: DigestName;
  occurrence: string;
  /** Their hour. */
  at: number;
}

/** What is to be sent to one reader at one time, in one of the orders in which it may be chosen. */
export interface Outcome {
  mails: ExpectedMail[];
  /** To be called for the one that came true. */
  accept: () => void;
}

const WEEK = 6.5 * DAY; // how long weekly readers without a weekday are left alone

/**
 * Says what every reader is to get, from what was published and what they chose: written from the description of the product
 * (docs/schedules.md, docs/readers.md, docs/feeds.md), with plain loops over everything.
 */
export class Oracle {
  readonly readers = new Map<string, Reader>();
  readonly articles = new Map<string, Article>();
  private readonly had = new Map<string, Had>();
  private readonly pinned: Record<DigestName, string[]> = { daily: [], weekly: [] };
  private alerts: Article[] = [];

  joins(reader: Reader): void {
    this.readers.set(reader.email, structuredClone(reader));
    if (!this.had.has(reader.email)) {
      this.had.set(reader.email, { stories: new Set(), last: {}, occurrences: new Set() });
    }
  }

  leaves(email: string): void {
    this.readers.delete(email);
  }

  /** A feed was polled. What was in it when it was added is history. */
  polled({ at, entries }: Served, added: number): void {
    for (const { story, title } of [...entries].reverse()) {
      const known = this.articles.get(story.code);
      if (known) {
        if (!known.used && !known.edited && !known.retracted) known.title = title;
      } else if (story.appears > added && story.damage !== 'old-date') this.comes(story, title, at);
    }
  }

  private comes(story: Story, title: string, at: number): void {
    const isDateless =
      story.damage === 'bad-date' || story.damage === 'no-date' || story.damage === 'far-off-date';
    this.articles.set(story.code, {
      story,
      title,
      number: this.articles.size,
      publishedAt: isDateless ? at : story.dated,
      releasedAt: at,
      embargoUntil: null,
      retracted: false,
      priority: 0,
      edited: false,
      used: false,
    });
  }

  changes(code: string, changes: Partial<Pick<Article, 'embargoUntil' | 'retracted' | 'priority'>>): void {
    Object.assign(this.articles.get(code)!, changes, { edited: true });
  }

  breaks(code: string): void {
    const article = this.articles.get(code)!;
    article.edited = article.used = true;
    this.alerts.push(article);
  }

  pins(digest: DigestName, codes: string[]): void {
    this.pinned[digest] = codes;
  }

  /** What is to be sent by what happened and came due after one instant up to another. */
  *outcomes(after: number, now: number): Generator<Outcome[]> {
    const quarters = quartersIn(after, now);
    const alerts = this.alerts.splice(0);
    for (const reader of this.readers.values()) {
      const due = quarters.flatMap((quarter) => this.dueAt(reader, quarter));
      if (due.length === 0 && alerts.length === 0) continue;
      const outcomes = [
        ...this.alertsOf(reader, alerts, now),
        ...ordersOf(due).map((order) => this.outcomeOf(reader, order, now)),
      ].filter(({ mails }) => mails.length > 0);
      if (outcomes.length > 0) yield outcomes;
    }
  }

  /** Which digests are due for a reader at a quarter. */
  private dueAt(reader: Reader, quarter: number): Due[] {
    const zone = clockOf(reader);
    const wall = wallAt(zone, quarter);
    const due: Due[] = [];
    for (const digest of DIGESTS) {
      const choice = reader.choices[digest];
      if (!choice) continue;
      if (digest === 'daily') {
        const date = wall.slice(0, 10);
        const at = firstShowing(zone, `${date}T${oClock(choice.hour ?? DAILY_HOUR)}`);
        if (at === quarter && date >= FIRST_DAILY_DATE) due.push({ digest, occurrence: date, at });
      } else {
        for (const slot of WEEKLY_SLOTS) {
          const at = choice.hour === null ? slot : nextOClock(zone, choice.hour, slot);
          if (at === quarter) due.push({ digest, occurrence: `from ${slot}`, at });
        }
      }
    }
    return due.filter((one) => this.isWanted(reader, reader.choices[one.digest]!, one, wall.slice(0, 10)));
  }

  private isWanted(reader: Reader, choice: Choice, { digest, occurrence, at }: Due, date: string): boolean {
    const had = this.had.get(reader.email)!;
    if (had.occurrences.has(`${digest} ${occurrence}`)) return false;
    if (choice.pausedUntil !== null && choice.pausedUntil > date) return false;
    const last = had.last[digest]?.at ?? -Infinity;
    const isFirstToday = last < firstShowing(clockOf(reader), `${date}T00:00`);
    switch (choice.cadence) {
      case 'every':
        return true;
      case 'daily':
        return isFirstToday;
      case 'weekly':
        if (choice.weekday === null) return last < at - WEEK;
        // The weekly digest serves every weekday: between it and the one before lies a week.
        return isFirstToday && (digest === 'weekly' || weekdayOf(date) === choice.weekday);
      case 'breaking':
        return false;
    }
  }

  private outcomeOf(reader: Reader, due: readonly Due[], now: number): Outcome {
    const had = this.had.get(reader.email)!;
    const taken = new Set<Article>();
    const mails: ExpectedMail[] = [];
    const accepted: (() => void)[] = [];
    for (const { digest, occurrence, at } of due) {
      const chosen = this.chosenFor(reader, digest, taken, now);
      if (chosen.length === 0) continue;
      for (const article of chosen) taken.add(article);
      mails.push(mailOf(reader, 'regular', digest, chosen));
      accepted.push(() => {
        had.last[digest] = { at, cutoff: now };
        had.occurrences.add(`${digest} ${occurrence}`);
        for (const article of chosen) this.gets(had, article);
      });
    }
    return { mails, accept: () => accepted.forEach((accept) => accept()) };
  }

  /** The articles of a digest that a reader is to get now, in their order; none when there are too few. */
  private chosenFor(reader: Reader, digest: DigestName, taken: ReadonlySet<Article>, now: number): Article[] {
    const { topics, least, most, lookbackDays } = RULES[digest];
    const wanted = reader.choices[digest]!.topics;
    const had = this.had.get(reader.email)!;
    const since = had.last[digest]?.cutoff ?? -Infinity;
    const chosen = [...this.articles.values()].filter(
      (one) =>
        isPublic(one, now) &&
        Math.max(one.publishedAt, one.embargoUntil ?? 0) > now - lookbackDays * DAY &&
        Math.max(one.releasedAt, one.publishedAt, one.embargoUntil ?? 0) > since &&
        isOn(one, topics) &&
        isOn(one, wanted) &&
        !had.stories.has(one) &&
        !taken.has(one),
    );
    if (chosen.length < least) return [];
    const pinned = this.pinned[digest];
    const place = ({ story }: Article) =>
      pinned.includes(story.code) ? pinned.indexOf(story.code) : pinned.length;
    return chosen
      .sort(
        (a, b) =>
          place(a) - place(b) ||
          b.priority - a.priority ||
          b.publishedAt - a.publishedAt ||
          b.number - a.number,
      )
      .slice(0, most);
  }

  /** Breaking news goes at once, on whichever digest's topics it is, to those who asked for it there: once. */
  private alertsOf(reader: Reader, alerts: readonly Article[], now: number): Outcome[] {
    const had = this.had.get(reader.email)!;
    return alerts.flatMap((article) =>
      DIGESTS.flatMap((digest) => {
        const choice = reader.choices[digest];
        if (!choice || !(choice.alerts || choice.cadence === 'breaking')) return [];
        const today = wallAt(clockOf(reader), now - (now % (HOUR / 4))).slice(0, 10);
        if (choice.pausedUntil !== null && choice.pausedUntil > today) return [];
        if (!isPublic(article, now) || !isOn(article, RULES[digest].topics) || !isOn(article, choice.topics))
          return [];
        if (had.stories.has(article)) return [];
        const mails = [mailOf(reader, 'alert', digest, [article])];
        return [{ mails, accept: () => this.gets(had, article) }];
      }),
    );
  }

  private gets(had: Had, article: Article): void {
    if (had.stories.has(article)) throw new Error(`The oracle itself sends ${article.story.code} twice.`);
    had.stories.add(article);
    article.used = true;
  }
}

function isPublic(article: Article, now: number): boolean {
  return !article.retracted && article.publishedAt <= now && (article.embargoUntil ?? 0) <= now;
}

/** @param topics null: no matter which, nor whether it has one */
function isOn({ story }: Article, topics: readonly string[] | null): boolean {
  return topics === null || story.topics.some((topic) => topics.includes(topic));
}

/** The first time at or after an instant at which a zone's clocks show a full hour. */
function nextOClock(zone: string, hour: number, from: number): number {
  const [today, tomorrow] = [from, from + DAY].map((at) => wallAt(zone, at).slice(0, 10));
  const first = firstShowing(zone, `${today}T${oClock(hour)}`);
  return first >= from ? first : firstShowing(zone, `${tomorrow}T${oClock(hour)}`);
}

/** Two digests at once may be chosen one way round or the other. */
function ordersOf(due: Due[]): Due[][] {
  return due.length === 2 ? [due, [due[1]!, due[0]!]] : due.length === 0 ? [] : [due];
}

function mailOf(
  { email }: Reader,
  kind: ExpectedMail['kind'],
  digest: DigestName,
  articles: readonly Article[],
): ExpectedMail {
  return { email, kind, digest, titles: articles.map(({ title }) => title) };
}
