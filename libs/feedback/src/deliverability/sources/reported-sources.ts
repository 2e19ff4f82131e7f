import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Clock } from '#kernel/clock.js';
import { ReportedSourceRepository, type ReportedSource } from './reported-source.repository.js';

const DAY_MS = 86_400_000;

/** From where mail came in our name, as receivers report it (RFC 9990). */
@Injectable()
export class ReportedSources {
  constructor(
    private readonly publications: PublicationService,
    private readonly sources: ReportedSourceRepository,
    private readonly clock: Clock,
  ) {}

  /** @param days how far back */
  async list(days: number): Promise<ReportedSource[]> {
    const { id } = await this.publications.current();
    return this.sources.since(id, new Date(this.clock.now().getTime() - days * DAY_MS));
  }
}
