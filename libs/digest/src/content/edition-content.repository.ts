import { Injectable } from '@nestjs/common';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import {
  delivery,
  draftContent,
  edition,
  editionContent,
  editionWave,
  variant,
} from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import { chosenBy } from '../model/bit-mask.js';

/** What one group of readers gets. */
export interface ReaderVariant {
  id: string;
  contentId: string;
  locale: string;
  /** In the order of the mail. */
  articleIds: string[];
  more: boolean;
  /** When its wave was. */
  frozenAt: Date;
}

/** A compiled edition in one language. */
export interface NewContent {
  editionId: string;
  locale: string;
  fingerprint: string;
  content: CompiledEdition;
  createdAt: Date;
}

/** Contents of editions, frozen ones and those of drafts, and variants. */
@Injectable()
export class EditionContentRepository {
  async find(db: Executor, contentId: string): Promise<CompiledEdition | undefined> {
    const [row] = await db
      .select({ content: editionContent.content })
      .from(editionContent)
      .where(eq(editionContent.id, contentId));
    return row?.content as CompiledEdition | undefined;
  }

  /** The content of an edition that was frozen last. @param locale null: in any language */
  async latest(db: Executor, editionId: string, locale: string | null): Promise<CompiledEdition | undefined> {
    const [row] = await db
      .select({ content: editionContent.content })
      .from(editionContent)
      .where(
        and(
          eq(editionContent.editionId, editionId),
          locale === null ? undefined : eq(editionContent.locale, locale),
        ),
      )
      .orderBy(desc(editionContent.id))
      .limit(1);
    return row?.content as CompiledEdition | undefined;
  }

  /** The frozen contents of an edition, the last one first, without what is in them. */
  async idsOf(db: Executor, editionId: string): Promise<{ id: string; locale: string }[]> {
    return db
      .select({ id: editionContent.id, locale: editionContent.locale })
      .from(editionContent)
      .where(eq(editionContent.editionId, editionId))
      .orderBy(desc(editionContent.id));
  }

  /** The content that was compiled from the same facts, if there is one. */
  async same(
    db: Executor,
    editionId: string,
    locale: string,
    fingerprint: string,
  ): Promise<{ id: string; compiled: CompiledEdition } | undefined> {
    const [row] = await db
      .select({ id: editionContent.id, content: editionContent.content })
      .from(editionContent)
      .where(
        and(
          eq(editionContent.editionId, editionId),
          eq(editionContent.locale, locale),
          eq(editionContent.fingerprint, fingerprint),
        ),
      );
    return row && { id: row.id, compiled: row.content as CompiledEdition };
  }

  /** What a draft was compiled to, if it was of the same facts. */
  async draft(
    db: Executor,
    editionId: string,
    locale: string,
    fingerprint: string,
  ): Promise<CompiledEdition | undefined> {
    const [row] = await db
      .select({ content: draftContent.content })
      .from(draftContent)
      .where(
        and(
          eq(draftContent.editionId, editionId),
          eq(draftContent.locale, locale),
          eq(draftContent.fingerprint, fingerprint),
        ),
      );
    return row?.content as CompiledEdition | undefined;
  }

  /** Keeps what a draft was compiled to, in place of what it was before. Of an edition that is being changed, or was frozen: nothing. */
  async keepDraft(db: Executor, row: NewContent): Promise<void> {
    const { editionId, locale, fingerprint, content, createdAt } = row;
    const draft = db
      .select({
        editionId: edition.id,
        locale: sql`${locale}`.as('locale'),
        fingerprint: sql`${fingerprint}`.as('fingerprint'),
        content: sql`${JSON.stringify(content)}::jsonb`.as('content'),
        createdAt: sql`${createdAt.toISOString()}::timestamptz`.as('created_at'),
      })
      .from(edition)
      .where(and(eq(edition.id, editionId), inArray(edition.status, ['draft', 'scheduled'])))
      .for('share', { skipLocked: true });
    await db
      .insert(draftContent)
      .select(draft)
      .onConflictDoUpdate({
        target: [draftContent.editionId, draftContent.locale],
        set: { fingerprint, content, createdAt },
      });
  }

  /** Stores the content of a wave. @returns its id */
  async insert(db: Executor, row: NewContent): Promise<string> {
    const id = newId();
    await db.insert(editionContent).values({ id, ...row });
    return id;
  }

  /** What a reader gets or has got of an edition. */
  async variantFor(
    db: Executor,
    editionId: string,
    subscriberId: string,
  ): Promise<ReaderVariant | undefined> {
    const [row] = await db
      .select({ variant, articleIds: editionWave.articleIds, frozenAt: editionWave.frozenAt })
      .from(delivery)
      .innerJoin(variant, eq(variant.id, delivery.variantId))
      .innerJoin(
        editionWave,
        and(eq(editionWave.editionId, variant.editionId), eq(editionWave.wave, variant.wave)),
      )
      .where(and(eq(delivery.editionId, editionId), eq(delivery.subscriberId, subscriberId)));
    if (!row) return undefined;
    const { id, contentId, locale, mask, more } = row.variant;
    const articleIds = chosenBy(mask, row.articleIds);
    return { id, contentId, locale, more, articleIds, frozenAt: row.frozenAt };
  }
}
