import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { replaceStories, undivided, type StoryPlace } from '#content/articles/edition-articles.js';
import { toPage, type Page } from '#kernel/input/page.js';
import { Database, type Executor } from '#database/database.js';
import type { EditionStatus } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { invalidField, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { stopDeliveries } from '#queue/outbox/stop-deliveries.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { calendarDay } from '../schedule/calendar-day.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import {
  type EditionInput,
  type EditionPatch,
  type EditionQuery,
  type PauseInput,
  type SendInput,
  type ScheduleInput,
} from '../model/digest.schemas.js';
import {
  DraftHistory,
  NOBODY,
  toChange,
  MOST_VERSIONS,
  type Author,
  type Change,
} from '../drafts/draft-history.js';
import { draftOf, inSections, type EditionDraft } from '../drafts/edition-draft.js';
import { IntroMaker } from '../drafts/intro-maker.js';
import { refuseDeadline, refusePast, withDeadline } from '../drafts/edition-times.js';
import { VersionRepository } from '../drafts/version.repository.js';
import { EditionChecks } from './edition-checks.js';
import { EDITABLE, UNDER_WAY, type EditionEvent } from '../model/edition-state.js';
import { EditionViews, type Edition } from './edition-views.js';
import {
  EditionRepository,
  type EditionChanges,
  type EditionRow,
  type EditionWave,
  type NewEdition,
} from '../model/edition.repository.js';
import { preparedTransaction } from '#database/prepared.js';
import { CandidateRepository } from '../selection/candidate.repository.js';
import { noTo, refuseSlotTime, yesTo } from '../model/slot-draft.js';
import { SlotRepository } from '../model/slot.repository.js';

export type { Edition } from './edition-views.js';

/** All clocks of the world are so many minutes apart, or a multiple of it. */
const OFFSET_STEP_MINUTES = 15;

const RESUME = (state: EditionStatus) => `The edition is ${state}; only a paused one can be resumed.`;
/** The clocks of two machines, and the way to the queue. */
const CLOCKS_APART_MS = 250;
/** What an operator asks for, and hears when it does not fit the state. */
const REFUSALS = {
  schedule: (state: EditionStatus) => `The edition is ${state}, so it can not be scheduled.`,
  hold: (state: EditionStatus) => `The edition is ${state}, so it can not be sent.`,
  unschedule: (state: EditionStatus) => `The edition is ${state}, so its time can not be taken back.`,
  send: (state: EditionStatus) => `The edition is ${state}, so it can not be sent.`,
  pause: (state: EditionStatus) => `The edition is ${state}, so there is nothing to pause.`,
  resume: RESUME,
  restart: RESUME,
  cancel: (state: EditionStatus) => `The edition is ${state}, so it can not be cancelled.`,
} satisfies Partial<Record<EditionEvent, (state: EditionStatus) => string>>;
type Asked = keyof typeof REFUSALS;

/** Editions: drafted, changed, and moved from state to state. */
@Injectable()
export class EditionService {
  constructor(
    private readonly database: Database,
    private readonly repository: EditionRepository,
    private readonly digests: DigestRepository,
    private readonly checks: EditionChecks,
    private readonly views: EditionViews,
    private readonly candidates: CandidateRepository,
    private readonly slots: SlotRepository,
    private readonly history: DraftHistory,
    private readonly versions: VersionRepository,
    private readonly intros: IntroMaker,
    private readonly publications: PublicationService,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Drafts an edition of a digest, of the articles given or of what the digest has not sent, news first.
   * @throws DomainError `not_found` for the digest; `invalid_input` naming `articleIds.N`, `subject` or `sendAt`;
   *   `wrong_state` when the digest is archived
   */
  async createDraft(digestId: string, input: EditionInput = {}): Promise<Edition> {
    const publication = await this.publications.current();
    const id = newId();
    const now = this.clock.now();
    refusePast(input.sendAt, now);
    refuseDeadline(input.deadline, input.sendAt ?? now);
    const row = await preparedTransaction(this.database, async (tx) => {
      const digest = isId(digestId) ? await this.digests.lockById(tx, publication.id, digestId) : undefined;
      if (!digest) throw notFound('digest');
      if (digest.archivedAt) throw wrongState('The digest is archived.', 'archived');
      const given = placesIn(input);
      const stories = given ?? undivided(await this.candidates.unsentEvenOld(tx, digest, now));
      if (given) await this.checks.articles(tx, publication.id, stories.map(articleOf), fieldOf(input));
      const lines = { subject: input.subject || null, preheader: input.preheader || null };
      await this.checks.lines(tx, publication, digest, lines, stories.map(articleOf));
      const draft: NewEdition = {
        id,
        publicationId: publication.id,
        digestId: digest.id,
        slug: `${digest.slug}-${calendarDay(publication.timeZone, input.sendAt ?? now)}`,
        status: 'draft',
        ...lines,
        ...(await this.intros.columns(input.intro ?? null, publication.baseUrl)),
        sendAt: input.sendAt ?? null,
        deadline: input.deadline ?? null,
        createdAt: now,
        updatedAt: now,
      };
      return this.repository.insertWithFreeSlug(tx, draft, stories);
    });
    return this.views.one(row);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<Edition> {
    return this.views.one(await this.row(id));
  }

  /** Its waves, in the order in which they were frozen. @throws DomainError `not_found` */
  async waves(id: string): Promise<Page<EditionWave>> {
    const row = await this.row(id);
    return { data: await this.repository.waves(this.database.db, row.id), nextCursor: null };
  }

  /** Newest first. */
  async list({ limit, cursor, ...filter }: EditionQuery): Promise<Page<Edition>> {
    const { id } = await this.publications.current();
    const wanted = { ...filter, limit: limit + 1, before: cursor };
    const page = toPage(await this.repository.page(this.database.db, id, wanted), limit);
    return { ...page, data: await this.views.many(page.data) };
  }

  /**
   * @param check of the edition as it is, under its lock: throws when the caller may not change it
   *
   * Changes a draft or a scheduled edition. Without a time a scheduled one is a draft again. The deadline can be
   * changed until the edition is finished.
   * @param author whose change it is, for the history
   * @throws DomainError as {@link createDraft}; `wrong_state` once it is under way, and while its sending can be taken back;
   *   `conflict` when it was changed since `version`, see `DraftHistory.refuseStale`
   */
  async patch(
    id: string,
    { version, ...patch }: EditionPatch,
    check?: (before: EditionRow) => void,
    author: Author = NOBODY,
  ): Promise<Edition> {
    if (!isId(id)) throw notFound('edition');
    const now = this.clock.now();
    // Before the transaction: the embedded database runs one at a time, and nothing beside it.
    const publication = await this.publications.current();
    const row = await preparedTransaction(this.database, async (tx) => {
      const before = await this.repository.lockById(tx, id);
      if (!before) throw notFound('edition');
      check?.(before);
      if (UNDER_WAY.includes(before.status) && Object.keys(patch).every((field) => field === 'deadline')) {
        return this.changeDeadline(tx, before, patch.deadline ?? null, now);
      }
      if (!EDITABLE.includes(before.status)) {
        throw wrongState(`The edition is ${before.status}, so it can no longer be changed.`, before.status);
      }
      refuseHeld(before);
      await this.history.refuseStale(tx, before, version);
      return this.applyPatch(tx, publication, before, patch, author, now);
    });
    return this.views.one(row);
  }

  /**
   * Sends it now: it is prepared by the worker, which is told, or by the tick. For a draft that waits for a yes this is one.
   * One by the clock goes to everybody at once when its time has not come, whatever their hour.
   * @param undoSeconds so long it is held first, and {@link HeldSends.undo} takes it back
   * @throws DomainError `invalid_input` with too few articles, or naming those that are drafts; `wrong_state`; `conflict` when it was
   *   changed since `version`
   */
  async requestSend(id: string, { undoSeconds = 0, version }: SendInput = {}): Promise<Edition> {
    const now = this.clock.now();
    if (undoSeconds > 0) return this.hold(id, undoSeconds * 1000, version);
    const changes = (locked: EditionRow) => ({ startedAt: now, heldUntil: null, ...yesTo(locked, now) });
    const row = await this.move(
      id,
      'send',
      changes,
      async (tx, locked) => {
        await this.history.refuseStale(tx, locked, version);
        await this.checks.sendable(tx, locked, now);
      },
      (tx) => this.slots.decideOf(tx, id, { status: 'fired', reason: null, decidedAt: now }),
    );
    await this.announce(row.id);
    return this.views.one(row);
  }

  /** Sends it unless it is taken back in time. Nothing else happens to it meanwhile. */
  private async hold(id: string, undoMs: number, version: number | undefined): Promise<Edition> {
    const now = this.clock.now();
    const row = await this.move(
      id,
      'hold',
      { heldUntil: new Date(now.getTime() + undoMs) },
      async (tx, locked) => {
        refuseHeld(locked);
        await this.history.refuseStale(tx, locked, version);
        await this.checks.sendable(tx, locked, now);
      },
    );
    await this.queue.enqueue('tick', {}, { delayMs: undoMs + CLOCKS_APART_MS }); // or the one of the next minute
    return this.views.one(row);
  }

  /** Who changed what, the latest first; at most {@link MOST_VERSIONS}. @throws DomainError `not_found` */
  async changes(id: string): Promise<Page<Change & { draft: EditionDraft }>> {
    const row = await this.row(id);
    const rows = await this.versions.list(this.database.db, row.id, MOST_VERSIONS);
    return {
      data: rows.map((version) => ({ ...toChange(version), draft: version.draft })),
      nextCursor: null,
    };
  }

  /**
   * Makes of an edition what it was. Articles that are gone or were retracted since are left out.
   * @param seen as `version` of {@link patch}
   * @throws DomainError as {@link patch}; `not_found` also when that version is not kept any more
   */
  async restore(
    id: string,
    version: number,
    seen: number | undefined,
    check: ((before: EditionRow) => void) | undefined,
    author: Author,
  ): Promise<Edition> {
    const row = await this.row(id);
    const kept = await this.versions.find(this.database.db, row.id, version);
    if (!kept) throw notFound('version of the edition');
    const { subject, preheader, intro, stories } = kept.draft;
    const usable = await this.repository.usableArticles(
      this.database.db,
      row.publicationId,
      stories.map(articleOf),
    );
    const left = stories.filter(({ articleId }) => usable.has(articleId));
    const patch = { subject, preheader, intro, stories: left };
    return this.patch(id, { ...patch, ...(seen === undefined ? {} : { version: seen }) }, check, author);
  }

  /**
   * Sets the time at which it is sent; without one, the time that the draft remembers.
   * @throws DomainError `invalid_input` when the time is missing or past, or with too few articles; `wrong_state`
   */
  async schedule(id: string, { sendAt: wanted, deadline }: ScheduleInput = {}): Promise<Edition> {
    const now = this.clock.now();
    const known = wanted ?? (await this.row(id)).sendAt;
    if (!known) throw invalidField('sendAt', 'required', 'Say when it is to be sent.');
    refusePast(known, now);
    refuseDeadline(deadline, known);
    const changes = { sendAt: known, ...(deadline === undefined ? {} : withDeadline(deadline)) };
    const row = await this.move(id, 'schedule', changes, async (tx, locked) => {
      refuseHeld(locked);
      refuseSlotTime(locked);
      if (deadline === undefined) refuseDeadline(locked.deadline, known);
      await this.checks.sendable(tx, locked, known);
    });
    return this.views.one(row);
  }

  /**
   * Stops it where it is. Messages already begun are finished.
   * @param by the name of the operator or of the key; null: not known
   */
  async pause(id: string, { reason }: PauseInput = {}, by: string | null = null): Promise<Edition> {
    const pausedBy = { kind: 'operator', name: by } as const;
    const statusReason = reason || (by ? `Paused by ${by}.` : null);
    return this.views.one(await this.move(id, 'pause', { statusReason, pausedBy }));
  }

  /**
   * Goes on: back to sending, and the caller ticks, which finds its batches; or, when it was stopped before its
   * audience was frozen, back to preparing.
   */
  async resume(id: string): Promise<Edition> {
    const isFrozen = ({ waves, batches }: EditionRow) => waves > 0 || batches > 0;
    const row = await this.move(id, (locked) => (isFrozen(locked) ? 'resume' : 'restart'), {
      statusReason: null,
      pausedBy: null,
    });
    if (row.status === 'preparing') await this.announce(row.id);
    return this.views.one(row);
  }

  /** Ends it. Who has not got it will not: their deliveries are suppressed. For a draft that waits for a yes this is a no. */
  async cancel(id: string): Promise<Edition> {
    const now = this.clock.now();
    const changes = (locked: EditionRow) => ({
      finishedAt: now,
      nextWaveAt: null,
      heldUntil: null,
      pausedBy: null,
      ...noTo(locked),
    });
    const row = await this.move(id, 'cancel', changes, undefined, async (tx) => {
      await this.slots.decideOf(tx, id, { status: 'skipped', reason: null, decidedAt: now });
      await stopDeliveries(tx, { editionId: id }, now);
    });
    return this.views.one(row);
  }

  /**
   * For the tick: scheduled editions whose time has come are now to be prepared. Two clocks never start the same one.
   * @returns their ids
   */
  async startDue(now: Date = this.clock.now()): Promise<string[]> {
    return this.repository.startDue(this.database.db, now);
  }

  /** For the tick: editions of which a wave is due, or whose preparation was cut short. */
  async findPreparing(): Promise<Pick<EditionRow, 'id' | 'kind'>[]> {
    const now = this.clock.now();
    return this.repository.preparing(this.database.db, now, now.getUTCMinutes() % OFFSET_STEP_MINUTES === 0);
  }

  /** Tells the queue that an edition waits to be prepared; if it is down the tick does. */
  private async announce(editionId: string): Promise<void> {
    await this.queue.enqueue('edition.prepare', { editionId }, { dedupeKey: editionId });
  }

  private async row(id: string): Promise<EditionRow> {
    const row = isId(id) ? await this.repository.findById(this.database.db, id) : undefined;
    if (!row) throw notFound('edition');
    return row;
  }

  /** Lets an event happen, with what must hold before and what follows from it, in one transaction. */
  private async move(
    id: string,
    what: Asked | ((locked: EditionRow) => Asked),
    changes: EditionChanges | ((locked: EditionRow) => EditionChanges),
    before?: (tx: Executor, row: EditionRow) => Promise<void>,
    after?: (tx: Executor) => Promise<void>,
  ): Promise<EditionRow> {
    if (!isId(id)) throw notFound('edition');
    return this.database.transaction(async (tx) => {
      const locked = await this.repository.lockById(tx, id);
      if (!locked) throw notFound('edition');
      const event = typeof what === 'function' ? what(locked) : what;
      const row = await this.repository.transition(tx, id, event, {
        ...(typeof changes === 'function' ? changes(locked) : changes),
        updatedAt: this.clock.now(),
      });
      if (!row) throw wrongState(REFUSALS[event](locked.status), locked.status);
      await before?.(tx, locked);
      await after?.(tx);
      return row;
    });
  }

  private async applyPatch(
    tx: Executor,
    publication: Publication,
    before: EditionRow,
    patch: Omit<EditionPatch, 'version'>,
    author: Author,
    now: Date,
  ): Promise<EditionRow> {
    const { sendAt, deadline } = patch;
    if (sendAt !== undefined) refuseSlotTime(before);
    refusePast(sendAt, now);
    const sendsAt = (sendAt === undefined ? before.sendAt : sendAt) ?? now;
    refuseDeadline(deadline === undefined ? before.deadline : deadline, sendsAt);
    const digest = await this.digestOf(tx, before);
    const known = (await this.repository.storiesOf(tx, [before.id])).get(before.id) ?? [];
    const given = placesIn(patch, known);
    if (given) {
      await this.checks.articles(tx, before.publicationId, given.map(articleOf), fieldOf(patch));
      await replaceStories(tx, before.id, given);
    }
    const stories = given ?? known;
    const lines = {
      subject: patch.subject === undefined ? before.subject : patch.subject || null,
      preheader: patch.preheader === undefined ? before.preheader : patch.preheader || null,
    };
    await this.checks.lines(tx, publication, digest, lines, stories.map(articleOf));
    const event = before.status === 'scheduled' && sendAt !== null ? 'schedule' : 'unschedule';
    const version = before.version + 1;
    const after = await this.repository.transition(tx, before.id, event, {
      ...lines,
      ...(patch.intro === undefined ? {} : await this.intros.columns(patch.intro, publication.baseUrl)),
      version,
      // An operator who names the articles chooses them for all waves.
      ...(given ? { selection: 'list' } : {}),
      ...(sendAt === undefined ? {} : { sendAt }),
      ...(deadline === undefined ? {} : withDeadline(deadline)),
      updatedAt: now,
    });
    if (!after) throw wrongState('The edition can no longer be changed.', before.status);
    if (after.status === 'scheduled') await this.checks.sendable(tx, after, after.sendAt ?? now);
    const was = { row: before, draft: draftOf(before, known) };
    await this.history.note(tx, was, { version, draft: draftOf(after, stories) }, author, now);
    return after;
  }

  private async changeDeadline(
    tx: Executor,
    before: EditionRow,
    deadline: Date | null,
    now: Date,
  ): Promise<EditionRow> {
    refuseDeadline(deadline, now);
    await this.repository.update(tx, before.id, { ...withDeadline(deadline), updatedAt: now });
    return (await this.repository.findById(tx, before.id)) as EditionRow;
  }

  private async digestOf(tx: Executor, row: EditionRow): Promise<DigestRow> {
    const digest = await this.digests.findById(tx, row.publicationId, row.digestId);
    if (!digest) throw notFound('digest');
    return digest;
  }
}

/** @throws DomainError `wrong_state` while its sending can be taken back */
function refuseHeld({ heldUntil, status }: EditionRow): void {
  if (heldUntil) throw wrongState('The edition is about to be sent; take that back first.', status);
}

function articleOf({ articleId }: { articleId: string }): string {
  return articleId;
}

/** Where in an input the articles are named. */
function fieldOf({
  articleIds = [],
  stories,
}: Pick<EditionPatch, 'articleIds' | 'stories'>): (id: string) => string {
  return (id) =>
    stories
      ? `stories.${stories.map(articleOf).indexOf(id)}.articleId`
      : `articleIds.${articleIds.indexOf(id)}`;
}

/** The stories that an input names, in the order of the mail; those named by their ids alone stay in the sections they are in. */
function placesIn(
  { articleIds, stories }: Pick<EditionPatch, 'articleIds' | 'stories'>,
  known: readonly StoryPlace[] = [],
): StoryPlace[] | undefined {
  if (stories) return inSections(stories);
  const sections = new Map(known.map(({ articleId, section }) => [articleId, section]));
  return (
    articleIds && inSections(articleIds.map((articleId) => ({ articleId, section: sections.get(articleId) })))
  );
}
