import { Injectable } from '@nestjs/common';
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import { isPublic } from '#content/articles/article.repository.js';
import type { Standing } from '#content/articles/article-state.js';
import { replaceStories, type StoryPlace } from '#content/articles/edition-articles.js';
import { freeSlug, slugStem } from '#kernel/input/slug.js';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import {
  article,
  edition,
  editionArticle,
  editionWave,
  type EditionStatus,
  type Forecast,
  type Section,
} from '#database/schema/index.js';
import { DomainError } from '#kernel/errors/errors.js';
import { COMMITTED, type EditionEvent } from './edition-state.js';
import { moveEdition, moveEditions } from './edition-states.js';

export type EditionRow = typeof edition.$inferSelect;
export type NewEdition = typeof edition.$inferInsert;
/** Readers with the same send time, as operators see them. */
export type EditionWave = Omit<typeof editionWave.$inferSelect, 'editionId' | 'articleIds'>;

/** An article in an edition, and what its state follows from. */
export interface EditionStory extends StoryPlace {
  title: string;
  standing: Standing;
}

/** When an edition will be finished, and what that was reckoned from. */
export interface ExpectedFinish {
  /** null: nobody can say. */
  finishAt: Date | null;
  /** It will miss its deadline. */
  late: boolean;
  forecast: Forecast;
}

/** Which editions a list shows. */
export interface EditionPage {
  digestId?: string | undefined;
  status?: EditionStatus | undefined;
  limit: number;
  /** The id of the last edition of the page before. */
  before?: string | undefined;
}

/** What an event may change besides the state. */
export type EditionChanges = Partial<Omit<NewEdition, 'id' | 'status'>>;

/** Every recipient in exactly one state; `deferred` are queued ones that were tried. Sums to `recipients`. */
export interface DeliveryCounts {
  recipients: number;
  queued: number;
  claimed: number;
  accepted: number;
  deferred: number;
  failed: number;
  suppressed: number;
  expired: number;
  uncertain: number;
}

export const NO_DELIVERIES: Readonly<DeliveryCounts> = {
  recipients: 0,
  queued: 0,
  claimed: 0,
  accepted: 0,
  deferred: 0,
  failed: 0,
  suppressed: 0,
  expired: 0,
  uncertain: 0,
};

/** How often a slug is tried again when others take it at the same moment. */
const SLUG_TRIES = 20;

const STATES = [
  'queued',
  'claimed',
  'accepted',
  'deferred',
  'failed',
  'suppressed',
  'expired',
  'uncertain',
] as const;

/** Editions in the database. State changes are conditional updates: the condition is the lock. */
@Injectable()
export class EditionRepository {
  /** @returns false when the slug is taken; the transaction goes on */
  private async insertUnlessTaken(tx: Executor, row: NewEdition): Promise<boolean> {
    const rows = await tx.insert(edition).values(row).onConflictDoNothing().returning({ id: edition.id });
    return rows.length === 1;
  }

  /**
   * Inserts an edition with its articles, under the slug it has or, where that is taken, one with a number after it.
   * @throws DomainError `unavailable` when too many are being made at once, or the row is one too many of its kind
   */
  async insertWithFreeSlug(
    tx: Executor,
    row: NewEdition,
    stories: readonly StoryPlace[] = [],
  ): Promise<EditionRow> {
    for (let tries = 0; tries < SLUG_TRIES; tries++) {
      const taken = await this.slugsBeginningWith(tx, row.publicationId, slugStem(row.slug));
      // Another transaction may take it between the look and the insert; the insert then waits for it and returns false.
      const slug = freeSlug(row.slug, taken);
      if (await this.insertUnlessTaken(tx, { ...row, slug })) {
        if (stories.length > 0) await replaceStories(tx, row.id, stories);
        return (await this.findById(tx, row.id)) as EditionRow;
      }
    }
    throw new DomainError('unavailable', 'Too many editions are being made at once; try again.');
  }

  async findById(db: Executor, id: string): Promise<EditionRow | undefined> {
    const [row] = await db.select().from(edition).where(eq(edition.id, id));
    return row;
  }

  /** Locks the edition until the transaction ends. */
  async lockById(tx: Executor, id: string): Promise<EditionRow | undefined> {
    const [row] = await tx.select().from(edition).where(eq(edition.id, id)).for('update');
    return row;
  }

  async slugsBeginningWith(db: Executor, publicationId: string, stem: string): Promise<string[]> {
    const rows = await db
      .select({ slug: edition.slug })
      .from(edition)
      .where(and(eq(edition.publicationId, publicationId), like(edition.slug, `${stem}%`)));
    return rows.map((row) => row.slug);
  }

  /** Newest first by id. */
  async page(
    db: Executor,
    publicationId: string,
    { digestId, status, limit, before }: EditionPage,
  ): Promise<EditionRow[]> {
    return db
      .select()
      .from(edition)
      .where(
        and(
          eq(edition.publicationId, publicationId),
          digestId ? eq(edition.digestId, digestId) : undefined,
          status ? eq(edition.status, status) : undefined,
          before ? lt(edition.id, before) : undefined,
        ),
      )
      .orderBy(desc(edition.id))
      .limit(limit);
  }

  async waves(db: Executor, editionId: string): Promise<EditionWave[]> {
    const { editionId: _editionId, articleIds: _articleIds, ...columns } = getTableColumns(editionWave);
    return db
      .select(columns)
      .from(editionWave)
      .where(eq(editionWave.editionId, editionId))
      .orderBy(asc(editionWave.wave));
  }

  async update(tx: Executor, id: string, changes: EditionChanges): Promise<void> {
    await tx.update(edition).set(changes).where(eq(edition.id, id));
  }

  /** Lets an event happen to an edition: see `moveEdition`. */
  transition(
    tx: Executor,
    id: string,
    event: EditionEvent,
    changes: EditionChanges & { updatedAt: Date },
    only?: SQL,
  ): Promise<EditionRow | undefined> {
    return moveEdition(tx, id, event, changes, only);
  }

  /**
   * Notes when an edition is expected to be finished. Lent to delivery, which knows how fast it goes.
   * @returns whether that it will miss its deadline is news
   */
  async foretell(
    db: Executor,
    id: string,
    { finishAt, late, forecast }: ExpectedFinish,
    now: Date,
  ): Promise<boolean> {
    const result = await db.execute(sql`
      UPDATE edition e SET predicted_finish_at = ${finishAt?.toISOString() ?? null}::timestamptz,
        forecast = ${JSON.stringify(forecast)}::jsonb,
        late_since = CASE WHEN ${late}::boolean THEN coalesce(e.late_since, ${now.toISOString()}::timestamptz) END
      FROM (SELECT id, late_since FROM edition WHERE id = ${id} FOR UPDATE) before
      WHERE e.id = before.id RETURNING before.late_since AS "lateSince"`);
    const [row] = rowsOf<{ lateSince: string | null }>(result);
    return late && row !== undefined && row.lateSince === null;
  }

  /** Editions to which somebody gave a time in [from, to), and which wait for it or have begun; ascending. */
  async byHandBetween(
    db: Executor,
    publicationId: string,
    range: { from: Date; to: Date; digestId?: string | undefined; limit: number },
  ): Promise<{ id: string; digestId: string; status: EditionStatus; sendAt: Date }[]> {
    const rows = await db
      .select({
        id: edition.id,
        digestId: edition.digestId,
        status: edition.status,
        sendAt: edition.sendAt,
      })
      .from(edition)
      .where(
        and(
          eq(edition.publicationId, publicationId),
          isNull(edition.slotId),
          gte(edition.sendAt, range.from),
          lt(edition.sendAt, range.to),
          inArray(edition.status, [...COMMITTED]),
          range.digestId ? eq(edition.digestId, range.digestId) : undefined,
        ),
      )
      .orderBy(asc(edition.sendAt), asc(edition.id))
      .limit(range.limit);
    return rows.flatMap(({ sendAt, ...row }) => (sendAt ? [{ ...row, sendAt }] : []));
  }

  /** Scheduled editions whose time has come, now preparing. Two clocks never get the same one. */
  async startDue(db: Executor, now: Date): Promise<string[]> {
    const isDue = and(eq(edition.status, 'scheduled'), lte(edition.sendAt, now), isNull(edition.heldUntil));
    const rows = await moveEditions(db, 'send', { startedAt: now, updatedAt: now }, isDue);
    return rows.map((row) => row.id);
  }

  /** Editions that were sent, and can be taken back no more, the oldest first. */
  async heldUntil(db: Executor, now: Date): Promise<string[]> {
    const rows = await db
      .select({ id: edition.id })
      .from(edition)
      .where(and(eq(edition.status, 'scheduled'), lte(edition.heldUntil, now)))
      .orderBy(asc(edition.id));
    return rows.map((row) => row.id);
  }

  /**
   * Editions of which a wave is to be frozen now, oldest first.
   * @param lookAgain those too that wait for a later wave: somebody may have signed up in a zone whose time comes before it
   */
  async preparing(db: Executor, now: Date, lookAgain: boolean): Promise<Pick<EditionRow, 'id' | 'kind'>[]> {
    const waits = lookAgain ? isNotNull(edition.nextWaveAt) : lte(edition.nextWaveAt, now);
    return db
      .select({ id: edition.id, kind: edition.kind })
      .from(edition)
      .where(
        or(
          eq(edition.status, 'preparing'),
          and(eq(edition.status, 'sending'), waits),
          and(eq(edition.status, 'scheduled'), isNotNull(edition.slotId), isNull(edition.heldUntil), waits),
        ),
      )
      .orderBy(asc(edition.id));
  }

  /** The articles of each edition in their order. */
  async articleIdsOf(db: Executor, editionIds: readonly string[]): Promise<Map<string, string[]>> {
    const found = await this.storiesOf(db, editionIds);
    return new Map([...found].map(([id, stories]) => [id, stories.map(({ articleId }) => articleId)]));
  }

  /** The same with the section that each is in, and where it stands. */
  async storiesOf(db: Executor, editionIds: readonly string[]): Promise<Map<string, EditionStory[]>> {
    const found = new Map<string, EditionStory[]>(editionIds.map((id) => [id, []]));
    if (editionIds.length === 0) return found;
    const { draft, publishedAt, embargoUntil, retractedAt, title } = article;
    const rows = await db
      .select({
        editionId: editionArticle.editionId,
        place: { articleId: editionArticle.articleId, section: editionArticle.section, title },
        standing: { draft, publishedAt, embargoUntil, retractedAt },
      })
      .from(editionArticle)
      .innerJoin(article, eq(article.id, editionArticle.articleId))
      .where(inArray(editionArticle.editionId, [...editionIds]))
      .orderBy(asc(editionArticle.position));
    for (const { editionId, place, standing } of rows) found.get(editionId)?.push({ ...place, standing });
    return found;
  }

  /** In which section of an edition each of its articles is; those of an edition that is not divided are left out. */
  async sectionsOf(db: Executor, editionId: string): Promise<Map<string, Section>> {
    const rows = await db
      .select({ articleId: editionArticle.articleId, section: editionArticle.section })
      .from(editionArticle)
      .where(and(eq(editionArticle.editionId, editionId), isNotNull(editionArticle.section)));
    return new Map(rows.flatMap(({ articleId, section }) => (section ? [[articleId, section]] : [])));
  }

  /** Those of an edition's articles that may be sent at an instant, in their order. */
  async publicArticleIdsOf(db: Executor, editionId: string, at: Date): Promise<string[]> {
    const rows = await db
      .select({ id: article.id })
      .from(editionArticle)
      .innerJoin(article, eq(article.id, editionArticle.articleId))
      .where(and(eq(editionArticle.editionId, editionId), isPublic(at)))
      .orderBy(asc(editionArticle.position));
    return rows.map((row) => row.id);
  }

  /** Which of the ids are articles of the publication, and whether they were retracted. Locks them against deletion. */
  async lockArticles(
    tx: Executor,
    publicationId: string,
    ids: readonly string[],
  ): Promise<{ id: string; retractedAt: Date | null; draft: boolean }[]> {
    if (ids.length === 0) return [];
    return tx
      .select({ id: article.id, retractedAt: article.retractedAt, draft: article.draft })
      .from(article)
      .where(and(eq(article.publicationId, publicationId), inArray(article.id, [...ids])))
      .for('key share');
  }

  /** Which of the ids are articles of the publication that were not retracted. */
  async usableArticles(db: Executor, publicationId: string, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const isUsable = and(
      eq(article.publicationId, publicationId),
      isNull(article.retractedAt),
      inArray(article.id, [...ids]),
    );
    const rows = await db.select({ id: article.id }).from(article).where(isUsable);
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * The counts of each edition that has recipients, all in one query: as the database keeps them while deliveries move (the triggers
   * `delivery_counted_…`), with what the tick has not folded yet.
   */
  async countsOf(db: Executor, editionIds: readonly string[]): Promise<Map<string, DeliveryCounts>> {
    if (editionIds.length === 0) return new Map();
    const ids = sql`(SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(editionIds)}::jsonb))`;
    const each = (write: (state: SQL) => SQL) =>
      sql.join(
        STATES.map((state) => write(sql.raw(state))),
        sql`, `,
      );
    const rows = await db.execute(sql`
      SELECT edition_id AS "editionId", ${each((state) => sql`sum(${state})::int AS ${state}`)} FROM (
        SELECT edition_id, ${each((state) => state)} FROM edition_count WHERE edition_id IN ${ids}
        UNION ALL
        SELECT edition_id, ${each((state) => state)} FROM edition_count_delta WHERE edition_id IN ${ids}) c
      GROUP BY edition_id`);
    return new Map(
      rowsOf<Omit<DeliveryCounts, 'recipients'> & { editionId: string }>(rows).map(
        ({ editionId, ...counts }) => [
          editionId,
          { recipients: STATES.reduce((sum, state) => sum + counts[state], 0), ...counts },
        ],
      ),
    );
  }
}
