import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { Database, type Executor } from '#database/database.js';
import { retryDeadlocks } from '#database/retry-deadlocks.js';
import type { ReturnWay, StoredReturnResult } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { ReturnReader } from '../reading/return-reader.js';
import type { KeptReport } from '../reports/kept-report.js';
import type { ReturnKind } from '../reading/returned-mail.js';
import type { UnderstoodMail } from '../reading/understood-mail.js';
import { asSentTo } from './leaving-mail.js';
import { findingsOf, type ReturnResult } from './act.js';
import { ReaderActions, type Found } from './reader-actions.js';
import { ReadersRepository } from './readers.repository.js';
import { ReportRepository } from './report.repository.js';
import { ReturnedItemRepository, type NewItem } from './returned-item.repository.js';
import { SubjectFinder, type Names, type Subject } from './subject-finder.js';

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
  constructor(readonly made: Ingested[]) {
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
    const [made] = await this.act([this.readMail(mail, read)], dryRun);
    return made as Ingested;
  }

  /**
   * Takes several: they are read together and acted on in one transaction, which costs a third. Where one of them cannot be, each
   * is taken for itself.
   * @returns for each what was done, or why it could not be
   */
  async ingestAll(mails: readonly IncomingMail[]): Promise<PromiseSettledResult<Ingested>[]> {
    const read = await this.reader.readAll(mails.map(({ raw }) => raw));
    const all = mails.flatMap((mail, at) => {
      const its = read[at];
      return its?.status === 'fulfilled' ? [this.readMail(mail, its.value)] : [];
    });
    const firsts = [...new Map(all.toReversed().map((one) => [one.key, one])).values()].toReversed();
    const made = new Map<ReadMail, Ingested>();
    try {
      for (const [at, one] of (await this.act(firsts, false)).entries())
        made.set(firsts[at] as ReadMail, one);
    } catch {
      // each for itself, then, and told for itself
    }
    const waiting = all.values();
    const done: PromiseSettledResult<Ingested>[] = [];
    for (const its of read) {
      if (its.status === 'rejected') done.push(its);
      else done.push(await this.settled(waiting.next().value as ReadMail, made));
    }
    return done;
  }

  private readMail(mail: IncomingMail, given: UnderstoodMail): ReadMail {
    const { raw, deliveredTo, hasNullSender = false } = mail;
    const isToLeave = this.subjects.isToLeave({ deliveredTo, returnPaths: given.returnPaths });
    const read = asSentTo(given, { isToLeave, hasNullSender });
    return { ...mail, read, key: `mail:${digestOf(raw)}` };
  }

  private async settled(
    one: ReadMail,
    made: ReadonlyMap<ReadMail, Ingested>,
  ): Promise<PromiseSettledResult<Ingested>> {
    const known = made.get(one);
    if (known) return { status: 'fulfilled', value: known };
    const [result] = await Promise.allSettled([this.act([one], false).then(([its]) => its as Ingested)]);
    return result;
  }

  /**
   * Notes one that can not be taken, however often it is tried, as `other`, with the reason. It is no obstacle to taking the same
   * mail another time.
   */
  async giveUp({ raw, way }: IncomingMail, reason: string): Promise<void> {
    const { id: publicationId } = await this.publications.current();
    const key = `unread:${digestOf(raw)}`;
    const item = {
      id: newId(),
      publicationId,
      key,
      way,
      kind: 'other',
      name: null,
      receivedAt: this.clock.now(),
    };
    const nobody = { subscriberId: null, editionId: null, action: 'none' } as const;
    const result = { class: null, status: null, reason, ...nobody };
    await this.database.transaction(async (tx) => {
      const news = await this.items.noteAll(tx, [item]);
      if (news.size > 0) await this.items.setResults(tx, new Map([[item.id, [result]]]));
    });
  }

  /** @param mails no two the same */
  private async act(mails: readonly ReadMail[], dryRun: boolean): Promise<Ingested[]> {
    const publication = await this.publications.current();
    const reports = new Map<ReadMail, KeptReport>();
    for (const mail of mails) {
      const report = await this.reader.readReport(mail.read);
      if (report) reports.set(mail, report);
    }
    try {
      return await retryDeadlocks(this.database, async (tx) => {
        const made = await this.actWithin(tx, publication, mails, reports);
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
    mails: readonly ReadMail[],
    reports: ReadonlyMap<ReadMail, KeptReport>,
  ): Promise<Ingested[]> {
    const now = this.clock.now();
    const items = mails.map((mail) => itemOf(mail, publication, now));
    // In one order, so that two with the same mails wait for each other and not both.
    const news = await this.items.noteAll(tx, items.toSorted(byKey));
    const subjects = await this.subjects.findAll(tx, mails.map(namesOf));
    const noted = items.map((item, at) => {
      const mail = mails[at] as ReadMail;
      return {
        mail,
        item,
        isNew: news.has(item.id),
        found: foundOf(mail.read, subjects[at] ?? null, item.id),
      };
    });
    const fresh = noted.filter(({ isNew }) => isNew);
    for (const { mail } of fresh) {
      const report = reports.get(mail);
      const { id: publicationId } = publication;
      if (report) await this.reports.keep(tx, { ...report, id: newId(), publicationId, receivedAt: now });
    }
    const found = fresh.flatMap((one) => one.found);
    const results = await this.take(tx, publication, found);
    await this.items.setResults(tx, results);
    const made: Ingested[] = [];
    for (const { mail, item, isNew, found: its } of noted) {
      const stored = isNew ? (results.get(item.id) ?? []) : await this.items.resultsOf(tx, mail.key);
      made.push({
        kind: mail.read.kind,
        results: stored.map((result, at) => withRecipient(result, its[at])),
      });
    }
    return made;
  }

  /** @returns by item, what was done */
  private async take(
    tx: Executor,
    { id: publicationId }: Publication,
    found: readonly Found[],
  ): Promise<Map<string, StoredReturnResult[]>> {
    const addresses = found.flatMap(({ finding: { recipient } }) => recipient ?? []);
    const known = await this.readers.withAddresses(tx, publicationId, addresses);
    const ofItem = new Map<string, StoredReturnResult[]>(found.map(({ itemId }) => [itemId, []]));
    for (const [at, result] of (await this.actions.takeAll(tx, found, known)).entries())
      ofItem.get((found[at] as Found).itemId)?.push(result);
    return ofItem;
  }
}

/** A mail that was read. */
interface ReadMail extends IncomingMail {
  read: UnderstoodMail;
  /** Of its bytes. */
  key: string;
}

function digestOf(raw: Uint8Array): string {
  return createHash('sha256').update(raw).digest('hex');
}

function itemOf({ key, way, read }: ReadMail, { id: publicationId }: Publication, now: Date): NewItem {
  return { id: newId(), publicationId, key, way, kind: read.kind, name: null, receivedAt: now };
}

function byKey(a: NewItem, b: NewItem): number {
  return a.key < b.key ? -1 : 1;
}

function namesOf({ read, deliveredTo }: ReadMail): Names {
  const { kind, returnPaths, messageIds, original } = read;
  return { kind, returnPaths, messageIds, original, deliveredTo };
}

function foundOf(read: UnderstoodMail, subject: Subject | null, itemId: string): Found[] {
  if (!isAboutReaders(read.kind)) return [];
  const feedbackType = read.complaint?.feedbackType ?? null;
  return findingsOf(read, subject).map((finding) => ({
    kind: read.kind,
    finding,
    subject,
    itemId,
    feedbackType,
  }));
}

function withRecipient(stored: StoredReturnResult, found: Found | undefined): ReturnResult {
  return { recipient: found?.finding.recipient ?? null, ...stored };
}

function isAboutReaders(kind: ReturnKind): boolean {
  return ['bounce', 'delayed', 'complaint', 'unsubscribe'].includes(kind);
}
