import { Injectable } from '@nestjs/common';
import { SUBSCRIBER_STATUSES, type SubscriberStatus } from '#database/schema/index.js';
import { ReaderCountRepository, type ReaderCount } from '../numbers/reader-count.repository.js';
import { PublicationService } from '../publication/publication.service.js';
import { ChoiceRepository } from '../choices/choice.repository.js';

/** Readers by status, and all of them. */
export type ByStatus = Record<SubscriberStatus, number> & { total: number };

/** How many readers there are, of each status, and by what they have in common. */
export interface ReaderCounts {
  readers: ByStatus;
  locales: (ByStatus & { locale: string })[];
  sources: (ByStatus & { source: string })[];
  digests: (ByStatus & { digestId: string; slug: string; name: string })[];
  /** By digest: who chose the topic in it by name. */
  topics: (ByStatus & { topicId: string; digestId: string; slug: string; name: string })[];
}

/** Counts of readers, which cost nothing to ask for. */
@Injectable()
export class ReaderCountsService {
  constructor(
    private readonly publications: PublicationService,
    private readonly counts: ReaderCountRepository,
    private readonly choices: ChoiceRepository,
  ) {}

  async all(): Promise<ReaderCounts> {
    const { id } = await this.publications.current();
    const rows = await this.counts.counts(id);
    const digests = new Map((await this.choices.digests(id)).map((digest) => [digest.id, digest]));
    const topics = new Map((await this.choices.topics(id)).map((topic) => [topic.id, topic]));
    const of = (dimension: ReaderCount['dimension']) =>
      grouped(rows.filter((row) => row.dimension === dimension));
    return {
      readers: of('status').get('') ?? byStatus([]),
      locales: [...of('locale')].map(([locale, counts]) => ({ locale, ...counts })).sort(mostFirst),
      sources: [...of('source')].map(([source, counts]) => ({ source, ...counts })).sort(mostFirst),
      digests: [...digests.values()].map(({ id: digestId, slug, name }) => ({
        digestId,
        slug,
        name,
        ...(of('digest').get(digestId) ?? byStatus([])),
      })),
      topics: [...of('topic')]
        .flatMap(([key, counts]) => {
          const [digestId = '', topicId = ''] = key.split('/');
          const topic = topics.get(topicId);
          if (!topic || !digests.has(digestId)) return [];
          return [{ topicId, digestId, slug: topic.slug, name: topic.name, ...counts }];
        })
        .sort(mostFirst),
    };
  }
}

function grouped(rows: readonly ReaderCount[]): Map<string, ByStatus> {
  const byKey = new Map<string, ReaderCount[]>();
  for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  return new Map([...byKey].map(([key, its]) => [key, byStatus(its)]));
}

function byStatus(rows: readonly ReaderCount[]): ByStatus {
  const counts = Object.fromEntries(SUBSCRIBER_STATUSES.map((status) => [status, 0])) as ByStatus;
  counts.total = 0;
  for (const { status, n } of rows) {
    counts[status] += n;
    counts.total += n;
  }
  return counts;
}

const mostFirst = (a: ByStatus, b: ByStatus) => b.total - a.total;
