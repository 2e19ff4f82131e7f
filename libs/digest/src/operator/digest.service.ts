import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { SubscriptionRepository } from '#audience/subscribers/subscription.repository.js';
import { toPage, type Page } from '#kernel/input/page.js';
import { freeSlug, slugify, slugStem } from '#kernel/input/slug.js';
import { TopicLookup } from '#content/articles/topic-lookup.js';
import { Database, type Executor } from '#database/database.js';
import { ORDER_RULES } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { checkDigest, columnsOf, firstCursor, isRescheduled } from './digest-settings.js';
import { checkTemplates } from '../model/digest-template.js';
import { DigestViews, type Digest } from './digest-views.js';
import { LookRenderer } from '#rendering/rendering.module.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import { type DigestInput, type DigestPatch, type DigestQuery } from '../model/digest.schemas.js';
import { EditionChecks } from './edition-checks.js';
import { publicationView } from '../model/publication-view.js';
import { preparedTransaction } from '#database/prepared.js';
import { scheduleOf } from '../model/digest-schedule.js';
import { SlotWithdrawal } from '../clock/slot-withdrawal.js';

export type { Digest } from './digest-views.js';

const DEFAULT_TEMPLATE = 'digest';
const DEFAULT_MIN_ARTICLES = 1;
const DEFAULT_MAX_ARTICLES = 20;

/** A digest that goes out when an operator says so. */
const UNSCHEDULED = {
  cron: null,
  timeZone: null,
  readerLocal: false,
  scheduledThrough: null,
  lateLimitMinutes: 360,
  approvalMinutes: null,
  withoutApproval: 'skip',
  whenEmpty: 'skip',
  emptyText: null,
  orderBy: [...ORDER_RULES],
  pinned: [],
  excluded: [],
  lookbackDays: 14,
  repeatAfterDays: null,
  templates: {},
  alertTemplate: 'alert',
} satisfies Partial<DigestRow>;

/** Digests: the recurring products that readers subscribe to. */
@Injectable()
export class DigestService {
  constructor(
    private readonly database: Database,
    private readonly repository: DigestRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly publications: PublicationService,
    private readonly topics: TopicLookup,
    private readonly checks: EditionChecks,
    private readonly views: DigestViews,
    private readonly withdrawal: SlotWithdrawal,
    private readonly renderer: LookRenderer,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a digest. The first one is a default unless the input says otherwise, and a default goes at once to those
   * who signed up when there was none.
   * @throws DomainError `invalid_input`; `conflict` when the slug is taken
   */
  async create({ schedule, approval, ...input }: DigestInput): Promise<Digest> {
    const publication = await this.publications.current();
    await checkTemplates(this.renderer, input, publicationView(publication));
    const id = newId();
    const now = this.clock.now();
    const made = await preparedTransaction(this.database, async (tx) => {
      await this.repository.lockPublication(tx, publication.id);
      const isFirst = !(await this.repository.hasAny(tx, publication.id));
      const row: DigestRow = {
        ...UNSCHEDULED,
        ...defined(input),
        ...columnsOf({ schedule, approval }),
        id,
        publicationId: publication.id,
        slug: await this.slugFor(tx, publication.id, id, input),
        template: input.template ?? DEFAULT_TEMPLATE,
        subject: input.subject || null,
        topics: await this.topicsFor(tx, publication.id, input.topics),
        isDefault: input.isDefault ?? isFirst,
        minArticles: input.minArticles ?? DEFAULT_MIN_ARTICLES,
        maxArticles: input.maxArticles ?? Math.max(DEFAULT_MAX_ARTICLES, input.minArticles ?? 0),
        emptyText: input.emptyText || null,
        archivedAt: null,
        createdAt: now,
        updatedAt: now,
      };
      row.scheduledThrough = firstCursor(row, publication, now);
      await checkDigest(row, publication, this.renderer);
      await this.checks.choices(tx, publication.id, input);
      await this.repository.insert(tx, row);
      if (row.isDefault) await this.subscriptions.giveToFollowers(tx, publication.id, id);
      return row;
    });
    return this.views.one(made, publication);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<Digest> {
    const publication = await this.publications.current();
    const row = isId(id) ? await this.repository.findById(this.database.db, publication.id, id) : undefined;
    if (!row) throw notFound('digest');
    return this.views.one(row, publication);
  }

  /** Digests that are not archived, newest first. */
  async list({ limit, cursor }: DigestQuery): Promise<Page<Digest>> {
    const publication = await this.publications.current();
    const rows = await this.repository.page(this.database.db, publication.id, limit + 1, cursor);
    const page = toPage(rows, limit);
    return { ...page, data: await this.views.many(page.data, publication) };
  }

  /**
   * Changes a digest. Editions already made keep what they have.
   * @throws DomainError `invalid_input`, `not_found`; `wrong_state` when it is archived
   */
  async patch(id: string, patch: DigestPatch): Promise<Digest> {
    if (!isId(id)) throw notFound('digest');
    const publication = await this.publications.current();
    await checkTemplates(this.renderer, patch, publicationView(publication));
    const now = this.clock.now();
    const changed = await preparedTransaction(this.database, async (tx) => {
      const before = await this.repository.lockById(tx, publication.id, id);
      if (!before) throw notFound('digest');
      if (before.archivedAt) throw wrongState('The digest is archived.', 'archived');
      const row = { ...(await this.merged(tx, before, patch)), updatedAt: now };
      const schedule = scheduleOf(row, publication.timeZone);
      if (isRescheduled(before, row)) row.scheduledThrough = firstCursor(row, publication, now);
      await checkDigest(row, publication, this.renderer);
      await this.checks.choices(tx, publication.id, patch);
      await this.repository.update(tx, id, row);
      if (isRescheduled(before, row)) {
        await this.withdrawal.waitingOnesOf(tx, before, publication.timeZone, schedule, now);
      }
      if (row.isDefault && !before.isDefault) {
        await this.subscriptions.giveToFollowers(tx, publication.id, id);
      }
      return row;
    });
    return this.views.one(changed, publication);
  }

  /**
   * Ends a digest and every subscription to it. One that has editions is archived, so that these can still be read.
   * @throws DomainError `not_found`; `wrong_state` with the state of an edition that is scheduled or under way
   */
  async remove(id: string): Promise<void> {
    if (!isId(id)) throw notFound('digest');
    const { id: publicationId, timeZone } = await this.publications.current();
    await this.database.transaction(async (tx) => {
      const row = await this.repository.lockById(tx, publicationId, id);
      if (!row) throw notFound('digest');
      const state = await this.repository.openEdition(tx, id);
      if (state)
        throw wrongState(`An edition of the digest is ${state}; cancel it or let it finish first.`, state);
      await this.withdrawal.allOf(tx, row, timeZone, this.clock.now());
      await this.subscriptions.endAllTo(tx, id);
      if (await this.repository.hasEditions(tx, id)) {
        const now = this.clock.now();
        await this.repository.update(tx, id, {
          isDefault: false,
          archivedAt: row.archivedAt ?? now,
          updatedAt: now,
        });
      } else {
        await this.repository.delete(tx, id);
      }
    });
  }

  private async merged(tx: Executor, before: DigestRow, given: DigestPatch): Promise<DigestRow> {
    const { schedule, approval, topics, subject, emptyText, ...patch } = given;
    return {
      ...before,
      ...defined(patch),
      ...columnsOf({ schedule, approval }),
      subject: subject === undefined ? before.subject : subject || null,
      emptyText: emptyText === undefined ? before.emptyText : emptyText || null,
      topics: topics === undefined ? before.topics : await this.topicsFor(tx, before.publicationId, topics),
    };
  }

  private async slugFor(
    tx: Executor,
    publicationId: string,
    id: string,
    input: Pick<DigestInput, 'name' | 'slug'>,
  ): Promise<string> {
    const wanted = input.slug ?? slugify(input.name, `digest-${id.slice(-8)}`);
    // The publication is locked, so nobody can take the slug between the look and the insert.
    const taken = await this.repository.slugsBeginningWith(tx, publicationId, slugStem(wanted));
    if (!input.slug) return freeSlug(wanted, taken);
    if (!taken.includes(wanted)) return wanted;
    const message = `There is a digest with the slug "${wanted}" already.`;
    throw new DomainError('conflict', message, { errors: [{ field: 'slug', code: 'taken', message }] });
  }

  private async topicsFor(
    tx: Executor,
    publicationId: string,
    names: string[] | null | undefined,
  ): Promise<string[] | null> {
    return names && names.length > 0 ? this.topics.resolve(tx, publicationId, names) : null;
  }
}

/** The members that were given: an undefined one must not wipe out what is there. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
