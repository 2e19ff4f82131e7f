import { eq, sql } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { Database } from '#database/database.js';
import {
  article,
  articleTopic,
  delivery,
  digest,
  edition,
  editionArticle,
  editionWave,
  publication,
  slot,
  subscriber,
  subscription,
  suppression,
  topic,
  variant,
  type Cadence,
  type DeliveryStatus,
  type EditionKind,
  type OrderRule,
  type Selection,
  type SkipOrSend,
  type SubscriberStatus,
} from '#database/schema/index.js';
import { FreezeRepository } from '#delivery/editions/freeze.repository.js';
import { rowsOf } from '#database/rows.js';
import { chosenBy, maskOf } from '#digest/model/bit-mask.js';
import { FrozenWaves } from '#digest/selection/frozen-waves.js';
import { WaveService } from '#digest/selection/wave.service.js';
import { newId } from '#kernel/ids.js';
import { Newsroom } from './digest.harness.js';

/** A Wednesday, at noon in London. All times of a scene are minutes from here. */
export const NOON = Date.parse('2027-01-13T12:00:00.000Z');
export const MINUTE = 60_000;
export const HOURS = 60;
export const DAYS = 24 * 60;

/** The zone of readers who have none. */
export const PUBLICATION_ZONE = 'Europe/Berlin';

export interface ReaderOf {
  status: SubscriberStatus;
  suppressed: boolean;
  subscribed: boolean;
  locale: string;
  zone: string | null;
  topics: number[] | null;
  cadence: Cadence;
  weekday: number | null;
  hour: number | null;
  alerts: boolean;
  pausedUntil: string | null;
}

export interface ArticleOf {
  publishedAt: number;
  releasedAt: number;
  embargoUntil: number | null;
  retracted: boolean;
  draft: boolean;
  priority: number;
  topics: number[];
}

/** A wave that was frozen before, and what readers got of it. */
export interface PastOf {
  /** Of the digest of the scene; else of another. */
  own: boolean;
  /** A wave of the very edition that is to be chosen now. */
  same: boolean;
  kind: EditionKind;
  selection: Selection;
  at: number;
  cutoff: number;
  articles: number[];
  got: { reader: number; articles: number[]; status: DeliveryStatus }[];
}

export interface Scene {
  now: number;
  digest: {
    minArticles: number;
    maxArticles: number;
    orderBy: OrderRule[];
    pinned: number[];
    excluded: number[];
    topics: number[] | null;
    lookbackDays: number;
    repeatAfterDays: number | null;
    whenEmpty: SkipOrSend;
    subject: string | null;
  };
  edition: {
    kind: Exclude<EditionKind, 'correction'>;
    selection: Selection;
    /** Of `list`. */
    articles: number[];
    /** A local one is the wall clock, written as if it were London's. */
    slot: { at: number; previousAt: number | null; local: boolean } | null;
    /** When the wave before was due; null: there was none. */
    lastWaveAt: number | null;
  };
  readers: ReaderOf[];
  articles: ArticleOf[];
  past: PastOf[];
}

/** What a reader is sent: indexes of articles, in the order of the mail. */
export interface Sent {
  articles: number[];
  more: boolean;
}

export const aReader = (overrides: Partial<ReaderOf> = {}): ReaderOf => ({
  status: 'active',
  suppressed: false,
  subscribed: true,
  locale: 'en',
  zone: null,
  topics: null,
  cadence: 'every',
  weekday: null,
  hour: null,
  alerts: false,
  pausedUntil: null,
  ...overrides,
});

/** An article of `at`, unless its times are given one by one. */
export const anArticle = (at: number, overrides: Partial<ArticleOf> = {}): ArticleOf => ({
  publishedAt: at,
  releasedAt: at,
  embargoUntil: null,
  retracted: false,
  draft: false,
  priority: 0,
  topics: [],
  ...overrides,
});

export const aPast = (at: number, overrides: Partial<PastOf> = {}): PastOf => ({
  own: true,
  same: false,
  kind: 'regular',
  selection: 'auto',
  at,
  cutoff: at,
  articles: [],
  got: [],
  ...overrides,
});

export const aScene = (
  parts: Partial<Omit<Scene, 'digest' | 'edition'>> & {
    digest?: Partial<Scene['digest']>;
    edition?: Partial<Scene['edition']>;
  },
): Scene => ({
  now: parts.now ?? 0,
  digest: {
    minArticles: 1,
    maxArticles: 20,
    orderBy: ['pin', 'priority', 'recency'],
    pinned: [],
    excluded: [],
    topics: null,
    lookbackDays: 14,
    repeatAfterDays: null,
    whenEmpty: 'skip',
    subject: null,
    ...parts.digest,
  },
  edition: {
    kind: 'regular',
    selection: 'auto',
    articles: [],
    slot: null,
    lastWaveAt: null,
    ...parts.edition,
  },
  readers: parts.readers ?? [aReader()],
  articles: parts.articles ?? [],
  past: parts.past ?? [],
});

const instantOf = (minutes: number) => new Date(NOON + minutes * MINUTE);
const maybe = (minutes: number | null) => (minutes === null ? null : instantOf(minutes));

/** Where a scene stands in the database. */
export interface Staged {
  digestId: string;
  editionId: string;
  readers: string[];
  articles: string[];
  topics: string[];
}

/** What a scene puts rows in: first what refers to others. */
const STAGED = [
  'delivery',
  'variant',
  'edition_wave',
  'edition_content',
  'edition_article',
  'slot',
  'edition',
  'subscription',
  'suppression',
  'subscriber',
  'article_topic',
  'article',
  'topic',
  'digest',
];

/** Puts scenes on the stage and plays them, one after another, on one database. */
export class Theatre {
  private constructor(readonly room: Newsroom) {}

  static async open(database: Database): Promise<Theatre> {
    const room = await Newsroom.open(database);
    await database.db.update(publication).set({ timeZone: PUBLICATION_ZONE });
    return new Theatre(room);
  }

  /** Takes everything down and puts up a scene. */
  async stage(scene: Scene): Promise<Staged> {
    const { db } = this.room.database;
    const { publicationId } = this.room;
    // Of so few rows a DELETE is much faster than a TRUNCATE, which makes new files.
    for (const table of STAGED) await db.execute(sql`DELETE FROM ${sql.identifier(table)}`);
    this.room.clock.set(instantOf(scene.now));
    const ids = (many: number) => Array.from({ length: many }, () => newId());
    const [topics, articles, readers] = [ids(4), ids(scene.articles.length), ids(scene.readers.length)];
    const at = <T>(list: readonly T[], indexes: readonly number[]) => indexes.map((index) => list[index]!);
    await db
      .insert(topic)
      .values(topics.map((id, n) => ({ id, publicationId, slug: `t${n}`, name: `Topic ${n}` })));
    if (articles.length > 0) await this.insertArticles(scene, articles, topics);
    const { pinned, excluded, topics: own, ...settings } = scene.digest;
    const [digestId, otherId] = [newId(), newId()];
    const names = { name: 'The Brief', slug: 'the-brief', publicationId };
    await db.insert(digest).values([
      {
        id: digestId,
        ...names,
        ...settings,
        topics: own && at(topics, own),
        pinned: at(articles, pinned),
        excluded: at(articles, excluded),
      },
      { id: otherId, publicationId, name: 'The Other', slug: 'the-other' },
    ]);
    await this.insertReaders(scene, readers, topics, digestId);
    const editionId = await this.insertEdition(scene, articles, digestId);
    for (const [n, past] of scene.past.entries()) {
      const given = past.same ? editionId : newId();
      if (!past.same) {
        await db.insert(edition).values({
          id: given,
          publicationId,
          digestId: past.own ? digestId : otherId,
          slug: `past-${n}`,
          status: 'sent',
          kind: past.kind,
          selection: past.selection,
          waves: 1,
        });
      }
      await this.insertWave(past, given, articles, readers);
    }
    return { digestId, editionId, readers, articles, topics };
  }

  /** Chooses and freezes the wave that is due. @returns who gets what, by index; null: none is due */
  async play({ editionId, readers, articles }: Staged): Promise<Map<number, Sent> | null> {
    const waves = this.room.get(WaveService);
    const current = await this.room.get(PublicationService).current();
    return this.room.database.transaction(async (tx) => {
      const chosen = await waves.choose(tx, current, editionId);
      if (!chosen) return null;
      const rows = rowsOf<{ subscriber_id: string; mask: string; more: boolean }>(
        await tx.execute(sql`SELECT subscriber_id, mask::text AS mask, more FROM wave_choice`),
      );
      const now = this.room.clock.now();
      const frozen = await new FreezeRepository().freeze(tx, { editionId, wave: chosen.wave, now });
      expect(frozen.recipients).toBe(rows.length);
      await this.room.get(FrozenWaves).note(tx, chosen, frozen);
      const [wave] = await tx
        .select({ ids: editionWave.articleIds, wave: editionWave.wave })
        .from(editionWave)
        .where(eq(editionWave.editionId, editionId))
        .orderBy(sql`wave DESC`)
        .limit(1);
      return new Map(
        rows.map(({ subscriber_id, mask, more }) => [
          readers.indexOf(subscriber_id),
          { articles: chosenBy(mask, wave!.ids).map((id) => articles.indexOf(id)), more },
        ]),
      );
    });
  }

  private async insertArticles(scene: Scene, ids: string[], topics: string[]): Promise<void> {
    const { db } = this.room.database;
    const rows = scene.articles.map((one, n) => {
      // An article is made before it is in anything.
      const held = scene.past.filter(({ articles }) => articles.includes(n)).map(({ cutoff }) => cutoff);
      return {
        id: ids[n]!,
        publicationId: this.room.publicationId,
        slug: `a${n}`,
        title: `Article ${n}`,
        source: 'x',
        format: 'text' as const,
        html: '<p>x</p>',
        text: 'x',
        summary: `About ${n}`,
        publishedAt: instantOf(one.publishedAt),
        releasedAt: instantOf(one.releasedAt),
        embargoUntil: maybe(one.embargoUntil),
        draft: one.draft,
        priority: one.priority,
        retractedAt: one.retracted ? instantOf(scene.now - 1) : null,
        createdAt: instantOf(Math.min(one.releasedAt, ...held)),
      };
    });
    await db.insert(article).values(rows);
    const tagged = scene.articles.flatMap((one, n) =>
      one.topics.map((index) => ({ articleId: ids[n]!, topicId: topics[index]! })),
    );
    if (tagged.length > 0) await db.insert(articleTopic).values(tagged);
  }

  private async insertReaders(scene: Scene, ids: string[], topics: string[], digestId: string) {
    if (ids.length === 0) return;
    const { db } = this.room.database;
    const { publicationId } = this.room;
    const hmac = (n: number) => Buffer.from(`hmac of ${n}`);
    const createdAt = instantOf(-100 * DAYS);
    await db.insert(subscriber).values(
      scene.readers.map(({ status, locale, zone }, n) => ({
        id: ids[n]!,
        publicationId,
        status,
        locale,
        timeZone: zone,
        addressHmac: hmac(n),
        createdAt,
        email: `r${n}@example.org`,
        emailNormalised: `r${n}@example.org`,
        followsDefaults: false,
      })),
    );
    const subscribed = scene.readers.flatMap((one, n) => {
      const { cadence, weekday, hour, alerts, pausedUntil } = one;
      const chosen = one.topics?.map((index) => topics[index]!) ?? null;
      const row = { subscriberId: ids[n]!, digestId, topics: chosen, createdAt };
      return one.subscribed ? [{ ...row, cadence, weekday, hour, alerts, pausedUntil }] : [];
    });
    if (subscribed.length > 0) await db.insert(subscription).values(subscribed);
    const suppressed = scene.readers.flatMap((one, n) => (one.suppressed ? [n] : []));
    for (const n of suppressed) {
      const row = { id: newId(), publicationId, addressHmac: hmac(n), createdAt };
      await db.insert(suppression).values({ ...row, reason: 'operator' });
    }
  }

  private async insertEdition(scene: Scene, articles: string[], digestId: string): Promise<string> {
    const { db } = this.room.database;
    const { kind, selection, slot: given, lastWaveAt, articles: listed } = scene.edition;
    const [id, slotId] = [newId(), given ? newId() : null];
    if (given && slotId) {
      const row = { id: slotId, digestId, local: given.local, status: 'fired' as const, editionId: id };
      await db.insert(slot).values({ ...row, at: instantOf(given.at), previousAt: maybe(given.previousAt) });
    }
    await db.insert(edition).values({
      id,
      publicationId: this.room.publicationId,
      digestId,
      slug: 'this',
      kind,
      selection,
      slotId,
      ...(lastWaveAt === null
        ? { status: 'preparing' }
        : { status: 'sending', nextWaveAt: instantOf(scene.now) }),
      articleId: kind === 'alert' ? (articles[listed[0] ?? 0] ?? null) : null,
      waves: lastWaveAt === null ? 0 : 1,
      lastWaveAt: maybe(lastWaveAt),
      createdAt: instantOf(scene.now),
    });
    if (selection === 'list' && listed.length > 0) {
      const rows = listed.map((index, position) => ({
        editionId: id,
        articleId: articles[index]!,
        position,
      }));
      await db.insert(editionArticle).values(rows);
    }
    return id;
  }

  private async insertWave(past: PastOf, editionId: string, articles: string[], readers: string[]) {
    const { db } = this.room.database;
    const cutoff = instantOf(past.cutoff);
    const articleIds = past.articles.map((index) => articles[index]!);
    const times = { at: instantOf(past.at), cutoff, frozenAt: cutoff };
    await db.insert(editionWave).values({ editionId, wave: 0, articleIds, ...times });
    for (const { reader, articles: got, status } of past.got) {
      const mask = maskOf(past.articles.length, (place) => got.includes(past.articles[place]!));
      const variantId = newId();
      await db
        .insert(variant)
        .values({ id: variantId, editionId, wave: 0, contentId: newId(), locale: 'en', mask });
      const row = { editionId, subscriberId: readers[reader]!, variantId, wave: 0, batch: 0, status };
      const acceptedAt = status === 'accepted' ? cutoff : null;
      const lease = status === 'claimed' ? { leaseToken: newId(), leaseUntil: cutoff } : {};
      await db.insert(delivery).values({ ...row, ...lease, dueAt: cutoff, updatedAt: cutoff, acceptedAt });
    }
  }
}
