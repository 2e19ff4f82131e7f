import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Clock } from '#kernel/clock.js';
import { ComparisonRepository, type Compared } from './comparison.repository.js';
import { hoursOf } from './stats-hours.js';
import { sumOf } from './stats-rows.js';
import type { ComparisonQuery } from './stats.schemas.js';
import { NO_MAILS, shown, type MailCounts, type MailNumbers } from './stats.service.js';

/** Things of one kind, row by row, and those rows together. */
export interface ComparedStats {
  /** By what was asked for; of which nothing was counted is left out. */
  data: ({ key: string; name: string } & MailNumbers)[];
  total: MailNumbers;
}

/** Articles, topics or editions beside each other. */
@Injectable()
export class ComparisonService {
  constructor(
    private readonly comparisons: ComparisonRepository,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `invalid_input` */
  async compare(what: Compared, { from, to, order, limit }: ComparisonQuery): Promise<ComparedStats> {
    const { id: publicationId } = await this.publications.current();
    const hours = hoursOf({ from, to }, this.clock.now());
    const rows = await this.comparisons.compare(what, { publicationId, hours, order, limit });
    const data = rows.map(({ people, scanners, ...row }) => ({ ...row, clicks: { people, scanners } }));
    return shown({ data, total: sumOf<MailCounts>(NO_MAILS, data) });
  }
}
