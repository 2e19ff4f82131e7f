import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { Database, type Executor } from '#database/database.js';
import { retryDeadlocks } from '#database/retry-deadlocks.js';
import type { ReturnWay } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { ReturnReader } from '../reading/return-reader.js';
import type { KeptReport } from '../reports/kept-report.js';
import type { ReturnedMail, ReturnKind } from '../reading/returned-mail.js';
import { asSentTo } from './leaving-mail.js';
import { findingsOf, type Finding, type ReturnResult } from './act.js';
import { ReaderActions } from './reader-actions.js';
import { ReadersRepository } from './readers.repository.js';
import { ReportRepository } from './report.repository.js';
import { ReturnedItemRepository } from './returned-item.repository.js';
import { SubjectFinder } from './subject-finder.js';

/** A mail that came back. */
export interface IncomingMail {
  raw: Uint8Array;
  way: ReturnWay;
  /** The envelope's recipients, where it came by SMTP: one may hold a token. */
  deliveredTo?: readonly string[];
  /** The envelope's sender was empty, where it came by SMTP. */
  hasNullSender?: boolean;
}

/** What it is and what was done about it, by recipient. */
export interface Ingested {
  kind: ReturnKind;
  results: ReturnResult[];
}

/** Undoes a transaction whose result is wanted all the same. */
class Undone extends Error {
  constructor(readonly made: Ingested) {
    super('only asked');
  }
}

/**
 * The one way in for mail that came back, whichever way it came: read, understood, acted on and noted in one transaction. The same
 * mail again, as a server sends it that did not hear our answer, does nothing more.
 */
@Injectable()
export class IngestService {
  constructor(
    private readonly database: Database,
    private readonly reader: ReturnReader,
    private readonly publications: PublicationService,
    private readonly subjects: SubjectFinder,
    private readonly readers: ReadersRepository,
    private readonly actions: ReaderActions,
    private readonly items: ReturnedItemRepository,
    private readonly reports: ReportRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes one mail. When it returns, all that follows is committed.
   * @param dryRun only says what it would do
   * @throws DomainError `unavailable`: it could not be read now, and nothing was done
   */
  async ingest(mail: IncomingMail, { dryRun = false } = {}): Promise<Ingested> {
    const read = await this.reader.read(mail.raw);
    return this.act(mail, read, dryRun);
  }

  /**
   * Takes several, in their order, each for itself: they are read together, which costs less.
   * @returns for each what was done, or why it could not be
   */
  async ingestAll(mails: readonly IncomingMail[]): Promise<PromiseSettledResult<Ingested>[]> {
    const read = await this.reader.readAll(mails.map(({ raw }) => raw));
    const done: PromiseSettledResult<Ingested>[] = [];
    for (const [at, mail] of mails.entries()) {
      const [result] = await Promise.allSettled([this.act(mail, read[at] as ReturnedMail, false)]);
      done.push(result);
    }
    return done;
  }

  private async act(mail: IncomingMail, given: ReturnedMail, dryRun: boolean): Promise<Ingested> {
    const isToLeave = this.subjects.isToLeave(given, mail.deliveredTo);
    const read = asSentTo(given, { isToLeave, hasNullSender: mail.hasNullSender ?? false });
    const publication = await this.publications.current();
    const report = await this.reader.readReport(read);
    try {
      return await retryDeadlocks(this.database, async (tx) => {
        const made = await this.actWithin(tx, publication, mail, { read, report });
        if (dryRun) throw new Undone(made);
        return made;
      });
    } catch (error) {
      if (error instanceof Undone) return error.made;
      throw error;
    }
  }

  private async actWithin(
    tx: Executor,
    publication: Publication,
    { raw, way, deliveredTo }: IncomingMail,
    { read, report }: { read: ReturnedMail; report: KeptReport | null },
  ): Promise<Ingested> {
    const now = this.clock.now();
    const { kind } = read;
    const id = newId();
    const key = `mail:${createHash('sha256').update(raw).digest('hex')}`;
    const item = { id, publicationId: publication.id, key, way, kind, name: null, receivedAt: now };
    const isNew = await this.items.note(tx, item);
    const subject = await this.subjects.find(tx, read, deliveredTo);
    const findings = isAboutReaders(kind) ? findingsOf(read, subject) : [];
    if (!isNew) return this.again(tx, key, kind, findings);
    if (report)
      await this.reports.keep(tx, { id: newId(), publicationId: publication.id, ...report, receivedAt: now });
    const known = await this.known(tx, publication, findings);
    const results: ReturnResult[] = [];
    for (const finding of findings) {
      const of = { finding, subject, itemId: id, feedbackType: read.complaint?.feedbackType ?? null };
      const stored = await this.actions.take(tx, kind, of, known);
      results.push({ recipient: finding.recipient, ...stored });
    }
    await this.items.setResults(
      tx,
      id,
      results.map(({ recipient: _, ...stored }) => stored),
    );
    return { kind, results };
  }

  /** What was done when it came first. */
  private async again(tx: Executor, key: string, kind: ReturnKind, findings: Finding[]): Promise<Ingested> {
    const stored = await this.items.resultsOf(tx, key);
    const results = stored.map((result, at) => ({ recipient: findings[at]?.recipient ?? null, ...result }));
    return { kind, results };
  }

  private known(tx: Executor, publication: Publication, findings: readonly Finding[]) {
    const addresses = findings.map(({ recipient }) => recipient).filter((its) => its !== null);
    return this.readers.withAddresses(tx, publication.id, addresses);
  }
}

function isAboutReaders(kind: ReturnKind): boolean {
  return ['bounce', 'delayed', 'complaint', 'unsubscribe'].includes(kind);
}
