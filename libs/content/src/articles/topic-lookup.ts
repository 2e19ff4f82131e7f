import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { invalidInput } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { TopicRepository, type TopicRef } from './topic.repository.js';

export type { TopicRef } from './topic.repository.js';

/** Topics as articles and digests name them: by id or by slug. */
@Injectable()
export class TopicLookup {
  constructor(private readonly topics: TopicRepository) {}

  /**
   * @param names ids or slugs
   * @returns ids, each once
   * @throws DomainError `invalid_input` naming each unknown one as `topics.N`
   */
  async resolve(db: Executor, publicationId: string, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const keys = names.map((name) => (isId(name) ? name.toLowerCase() : name));
    const rows = await this.topics.named(db, publicationId, keys.filter(isId), keys);
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
    for (const { articleId, ...ref } of await this.topics.ofArticles(db, articleIds)) {
      found.set(articleId, [...(found.get(articleId) ?? []), ref]);
    }
    return found;
  }
}
