import { Injectable } from '@nestjs/common';
import { and, asc, eq, inArray, or } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { articleTopic, topic } from '#database/schema/index.js';
import { invalidInput } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';

/** A topic as an article names it. */
export interface TopicRef {
  id: string;
  slug: string;
  name: string;
}

/** Topics as articles and digests name them: by id or by slug. */
@Injectable()
export class TopicLookup {
  /**
   * @param names ids or slugs
   * @returns ids, each once
   * @throws DomainError `invalid_input` naming each unknown one as `topics.N`
   */
  async resolve(db: Executor, publicationId: string, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const keys = names.map((name) => (isId(name) ? name.toLowerCase() : name));
    const rows = await db
      .select({ id: topic.id, slug: topic.slug })
      .from(topic)
      .where(
        and(
          eq(topic.publicationId, publicationId),
          or(inArray(topic.id, keys.filter(isId)), inArray(topic.slug, [...keys])),
        ),
      );
    const known = new Map([
      ...rows.map((row) => [row.slug, row.id] as const),
      ...rows.map((row) => [row.id, row.id] as const),
    ]);
    const unknown = keys.flatMap((key, index) =>
      known.has(key)
        ? []
        : [{ field: `topics.${index}`, code: 'unknown', message: `There is no topic "${names[index]}".` }],
    );
    if (unknown.length > 0) throw invalidInput(unknown);
    return [...new Set(keys.map((key) => known.get(key) as string))];
  }

  /** @returns the topics of each article, by name; articles without any are left out */
  async ofArticles(db: Executor, articleIds: readonly string[]): Promise<Map<string, TopicRef[]>> {
    const found = new Map<string, TopicRef[]>();
    if (articleIds.length === 0) return found;
    const rows = await db
      .select({ articleId: articleTopic.articleId, id: topic.id, slug: topic.slug, name: topic.name })
      .from(articleTopic)
      .innerJoin(topic, eq(topic.id, articleTopic.topicId))
      .where(inArray(articleTopic.articleId, [...articleIds]))
      .orderBy(asc(topic.name), asc(topic.id));
    for (const { articleId, ...ref } of rows) {
      found.set(articleId, [...(found.get(articleId) ?? []), ref]);
    }
    return found;
  }
}
