import { Injectable } from '@nestjs/common';
import { and, eq } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { subscriber } from '#database/schema/index.js';

/** What a preview shows of a subscriber. */
export interface PreviewReader {
  /** Null: nobody in particular. */
  id: string | null;
  email: string;
  name: string | null;
  /** Null: the publication's. */
  locale: string | null;
}

/** Subscribers as previews need them. */
@Injectable()
export class SubscriberRepository {
  async findReader(db: Executor, publicationId: string, id: string): Promise<PreviewReader | undefined> {
    const [row] = await db
      .select({
        id: subscriber.id,
        email: subscriber.email,
        name: subscriber.name,
        locale: subscriber.locale,
      })
      .from(subscriber)
      .where(and(eq(subscriber.publicationId, publicationId), eq(subscriber.id, id)));
    return row;
  }
}
