import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { UNIQUE_VIOLATION, sqlState } from '#database/errors.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { line, paragraphs } from '../publication/fields.js';
import { toPage, type Page, type PageQuery } from '#kernel/input/page.js';
import { PublicationService } from '../publication/publication.service.js';
import { slugField, slugFrom } from '#kernel/input/slug.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';
import { TopicRepository, type Topic } from '../publication/topic.repository.js';

export type { Topic } from '../publication/topic.repository.js';

export const topicInput = z
  .strictObject({
    name: line(100),
    /** Derived from the name when absent. */
    slug: slugField.optional(),
    description: paragraphs(1000).nullable().optional(),
  })
  .meta({ id: 'NewTopic' });
export type TopicInput = z.output<typeof topicInput>;

export const topicPatch = topicInput.partial().meta({ id: 'TopicPatch' });
export type TopicPatch = z.output<typeof topicPatch>;

/** Topics: what articles are about and readers choose. */
@Injectable()
export class TopicService {
  constructor(
    private readonly database: Database,
    private readonly topics: TopicRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  async list(page: PageQuery): Promise<Page<Topic>> {
    const { id } = await this.publications.current();
    return toPage(await this.topics.page(id, page), page.limit);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<Topic> {
    const publication = await this.publications.current();
    const row = isId(id) ? await this.topics.find(publication.id, id) : undefined;
    if (!row) throw notFound('topic');
    return row;
  }

  async create({ name, slug: given, description }: TopicInput): Promise<Topic> {
    const slug = given ?? slugFrom(name);
    if (!slug) throw invalidField('slug', 'required', 'The name makes no slug; give one.');
    const publication = await this.publications.current();
    const row: Topic = {
      id: newId(),
      publicationId: publication.id,
      slug,
      name,
      description: description ?? null,
      createdAt: this.clock.now(),
    };
    await refuseTakenSlug(this.topics.insert(row));
    return row;
  }

  /** What is not given stays. */
  async update(id: string, { name, slug, description }: TopicPatch): Promise<Topic> {
    const before = await this.get(id);
    const change = {
      name: name ?? before.name,
      slug: slug ?? before.slug,
      description: description === undefined ? before.description : description,
    };
    const row = await refuseTakenSlug(this.topics.update(before.publicationId, id, change));
    if (!row) throw notFound('topic');
    return row;
  }

  /**
   * Removes a topic from articles and from readers' choices.
   * @throws DomainError `conflict` while a digest is about it, because that digest would become about everything
   */
  async delete(id: string): Promise<void> {
    const { publicationId } = await this.get(id);
    await this.database.transaction(async (tx) => {
      const [first] = await this.topics.digestsAbout(tx, publicationId, id);
      if (first) {
        throw new DomainError(
          'conflict',
          `The digest "${first.name}" is about this topic; change it first.`,
          {
            extra: { digestId: first.id },
          },
        );
      }
      if (!(await this.topics.delete(tx, publicationId, id))) throw notFound('topic');
      await this.subscriptions.dropTopic(tx, id);
    });
  }
}

async function refuseTakenSlug<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) {
      throw invalidField('slug', 'taken', 'Another topic has this slug; choose a different one.');
    }
    throw error;
  }
}
