import { Injectable } from '@nestjs/common';
import { and, desc, eq } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { editionContent, variant } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import type { CompiledEdition } from '#rendering/compiled-edition.js';

export type VariantRow = typeof variant.$inferSelect;

/** Frozen contents and variants in the database. */
@Injectable()
export class EditionContentRepository {
  async find(db: Executor, editionId: string, locale: string): Promise<CompiledEdition | undefined> {
    const [row] = await db
      .select({ content: editionContent.content })
      .from(editionContent)
      .where(and(eq(editionContent.editionId, editionId), eq(editionContent.locale, locale)));
    return row?.content as CompiledEdition | undefined;
  }

  /** Stores a content in the place of what there is. */
  async store(
    db: Executor,
    editionId: string,
    locale: string,
    content: CompiledEdition,
    now: Date,
  ): Promise<void> {
    await db
      .insert(editionContent)
      .values({ editionId, locale, content, createdAt: now })
      .onConflictDoUpdate({
        target: [editionContent.editionId, editionContent.locale],
        set: { content, createdAt: now },
      });
  }

  async findVariant(db: Executor, id: string): Promise<VariantRow | undefined> {
    const [row] = await db.select().from(variant).where(eq(variant.id, id));
    return row;
  }

  /** The variant made last: what an earlier run of the preparation decided on. */
  async latestVariant(db: Executor, editionId: string): Promise<VariantRow | undefined> {
    const [row] = await db
      .select()
      .from(variant)
      .where(eq(variant.editionId, editionId))
      .orderBy(desc(variant.id))
      .limit(1);
    return row;
  }

  /** Makes the variant unless there is one of that locale and those articles. @returns its id, new or old */
  async ensureVariant(
    db: Executor,
    editionId: string,
    locale: string,
    articleIds: string[],
  ): Promise<string> {
    const id = newId();
    const made = await db
      .insert(variant)
      .values({ id, editionId, locale, articleIds })
      .onConflictDoNothing()
      .returning({ id: variant.id });
    if (made.length === 1) return id;
    const [row] = await db
      .select({ id: variant.id })
      .from(variant)
      .where(
        and(eq(variant.editionId, editionId), eq(variant.locale, locale), eq(variant.articleIds, articleIds)),
      );
    if (!row) throw new Error(`The variant of edition ${editionId} in ${locale} was deleted meanwhile.`);
    return row.id;
  }
}
