import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, inWords, invalidField, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { LookRenderer } from '#rendering/rendering.module.js';
import { CompileCache } from '../content/compile-cache.js';
import { inOneGo, prepared } from '#database/prepared.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import { EditionContentService, type EditionContext } from '../content/edition-content.service.js';
import type { EditionRow } from '../model/edition.repository.js';
import { preparedLines } from '../content/prepared-lines.js';
import type { SlotTime } from '../schedule/slot-times.js';
import { chosenBy } from '../model/bit-mask.js';
import { SelectionRepository, type Audience } from '../selection/selection.repository.js';
import { checkEveryVariant } from '../selection/wave-check.js';
import { WaveService } from '../selection/wave.service.js';
import type { PlanInput } from './explain.schemas.js';
import { ExplainService, type Explanation } from './explain.service.js';
import { slotFrom, wavesOf, type PlannedTime } from './plan-times.js';
import { PlanRepository, type CountedSet } from './plan.repository.js';

/** So many variants of a wave are shown. */
const SHOWN_VARIANTS = 20;
/** No plan is worth more of the database's time: waves after it are shown without their readers' choice, */
const BUDGET_MS = 60_000;
/** and a statement that takes longer is stopped. */
const STATEMENT_MS = 30_000;
const QUERY_CANCELED = '57014';

export interface PlannedVariant {
  articleIds: string[];
  locale: string;
  /** The maximum cuts articles off. */
  more: boolean;
  recipients: number;
  /** Null: it can not be written; see `problems`. */
  subject: string | null;
}

export interface PlannedWave {
  at: Date;
  zones: string[];
  /** Active subscribers whose time it is. */
  readers: number;
  /** Who of them would get a mail; null: it would have taken too long to find out. */
  recipients: number | null;
  variants: PlannedVariant[];
  moreVariants: number;
}

/** What an edition would be. */
export interface Plan {
  at: Date;
  /** Null: the digest has no schedule. */
  slot: SlotTime | null;
  waves: PlannedWave[];
  articles: { id: string; title: string; recipients: number }[];
  /** Of the variant that most readers get. */
  subject: string | null;
  /** Readers who would get nothing. */
  empty: number;
  /** What would stop it. */
  problems: string[];
  predicted: { seconds: number; perSecond: number; finishAt: Date } | null;
  /** Of the reader that was asked for. */
  reader: Explanation | null;
}

interface Planned {
  wave: PlannedWave;
  recipients: Map<string, number>;
  problems: string[];
}

/** Carries a result out of a transaction that is rolled back. */
class DryRun extends Error {
  constructor(readonly planned: Planned) {
    super('a dry run');
  }
}

/** Plans editions: all that a real one does, in transactions that are rolled back. */
@Injectable()
export class PlanService {
  private readonly cache = new CompileCache();
  budgetMs = BUDGET_MS;

  constructor(
    private readonly database: Database,
    private readonly repository: PlanRepository,
    private readonly digests: DigestRepository,
    private readonly publications: PublicationService,
    private readonly content: EditionContentService,
    private readonly selection: SelectionRepository,
    private readonly waves: WaveService,
    private readonly explaining: ExplainService,
    private readonly renderer: LookRenderer,
    private readonly clock: Clock,
  ) {}

  /**
   * What would go to whom if the digest's next edition went out with what is known now.
   * @throws DomainError `not_found`; `invalid_input` naming `at`; `wrong_state` when the digest is archived; `unavailable` when
   *   the audience is too large to be planned in time
   */
  async plan(digestId: string, input: PlanInput): Promise<Plan> {
    const { db } = this.database;
    const publication = await this.publications.current();
    const digest = isId(digestId) ? await this.digests.findById(db, publication.id, digestId) : undefined;
    if (!digest) throw notFound('digest');
    if (digest.archivedAt) throw wrongState('The digest is archived.', 'archived');
    const now = this.clock.now();
    if (input.at && input.at < now) throw invalidField('at', 'past', 'The time is past; give one to come.');
    const from = input.at ?? now;
    const slot = slotFrom(digest, publication, from);
    const groups = await this.repository.groups(db, digest.id, publication.timeZone);
    const times = wavesOf(slot, groups, from, publication.timeZone);
    const context = { edition: editionAt(digest, from), digest, publication, slot: slot ?? undefined };
    const { subscriberId } = input;
    const reader = subscriberId ? await this.explaining.foretell(db, context, subscriberId) : null;
    const planned: Planned[] = [];
    const until = Date.now() + this.budgetMs;
    for (const time of times) {
      planned.push(Date.now() < until ? await this.dryRun(context, time) : unplanned(time));
    }
    return { ...(await this.sum(planned, times[0]?.at ?? from)), slot, reader };
  }

  /**
   * What would go to whom if an edition were sent now, to all readers at once.
   * @throws DomainError `not_found`; `unavailable` as {@link plan}
   */
  async estimate(editionId: string): Promise<Omit<Plan, 'slot' | 'reader'>> {
    const context = await this.content.context(editionId);
    const { publication, digest } = context;
    const now = this.clock.now();
    const groups = await this.repository.groups(this.database.db, digest.id, publication.timeZone);
    const planned: Planned[] = [];
    const byHand = { ...context, edition: { ...context.edition, slotId: null }, slot: undefined };
    for (const time of wavesOf(null, groups, now, publication.timeZone))
      planned.push(await this.dryRun(byHand, time));
    return this.sum(planned, now);
  }

  private async dryRun(context: EditionContext, time: PlannedTime): Promise<Planned> {
    try {
      await inOneGo(this.database, async (tx) => {
        throw new DryRun(await this.chooseFor(tx, context, time));
      });
    } catch (error) {
      if (error instanceof DryRun) return error.planned;
      if (isCanceled(error)) {
        throw new DomainError('unavailable', 'The plan would take too long.', { cause: error });
      }
      throw error;
    }
    throw new Error('A dry run ends by being rolled back.');
  }

  private async chooseFor(tx: Executor, context: EditionContext, time: PlannedTime): Promise<Planned> {
    const { digest, publication } = context;
    const { at, zones, readers, groups } = time;
    await this.repository.limitTime(tx, STATEMENT_MS);
    const edition = { ...context.edition, startedAt: at };
    const audience: Audience = { of: context.slot ? 'slot' : 'hand', groups };
    const rules = await this.waves.rulesFor(tx, { edition, digest, publication, now: at }, audience);
    const { locales, own } = await this.waves.localesOf(tx, publication);
    await this.selection.choose(tx, rules, locales, own);
    const ids = rules.candidates.map(({ id }) => id);
    const chosen = await this.selection.chosen(tx, ids.length);
    const { top, count } = await this.repository.sets(tx, SHOWN_VARIANTS);
    const counts = await this.repository.recipients(tx, ids.length);
    const used = chosenBy(chosen.used, ids);
    const written = await this.write(tx, { ...context, edition }, chosen.locales, { ids, used, top });
    const wave = { at, zones, readers, recipients: chosen.readers, moreVariants: count - top.length };
    return {
      wave: { ...wave, variants: written.variants },
      recipients: new Map(ids.map((id, index) => [id, counts[index] ?? 0])),
      problems: written.problems,
    };
  }

  /** Compiles each language and writes every subject, as freezing does. */
  private async write(
    tx: Executor,
    context: EditionContext,
    locales: readonly string[],
    { ids, used, top }: { ids: readonly string[]; used: readonly string[]; top: readonly CountedSet[] },
  ): Promise<{ variants: PlannedVariant[]; problems: string[] }> {
    const subjects = new Map<CountedSet, string>();
    const problems: string[] = [];
    for (const locale of locales) {
      try {
        const input = await this.content.inputFor(context, locale, used, tx);
        const compiled = await prepared(['edition', input], () =>
          this.cache.get(input, (wanted) => this.renderer.compile(wanted)),
        );
        await checkEveryVariant(tx, this.selection, this.renderer, compiled, ids);
        const own = top.filter((one) => one.locale === locale);
        const sets = own.map(({ mask }) => chosenBy(mask, ids));
        const lines = await preparedLines(this.renderer, compiled, sets);
        own.forEach((set, at) => subjects.set(set, lines[at]?.subject ?? ''));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        problems.push(inWords(error));
      }
    }
    const variants = top.map((set) => {
      const { locale, more, recipients, mask } = set;
      return {
        articleIds: chosenBy(mask, ids),
        locale,
        more,
        recipients,
        subject: subjects.get(set) ?? null,
      };
    });
    return { variants, problems };
  }

  private async sum(planned: readonly Planned[], at: Date): Promise<Omit<Plan, 'slot' | 'reader'>> {
    const { db } = this.database;
    const waves = planned.map(({ wave }) => wave);
    const counts = new Map<string, number>();
    for (const { recipients } of planned) {
      for (const [id, n] of recipients) counts.set(id, (counts.get(id) ?? 0) + n);
    }
    const titles = await this.repository.titles(db, [...counts.keys()]);
    const [commonest] = waves.flatMap(({ variants }) => variants).sort((a, b) => b.recipients - a.recipients);
    const known = waves.filter(({ recipients }) => recipients !== null);
    return {
      at,
      waves,
      articles: [...counts].map(([id, recipients]) => ({ id, title: titles.get(id) ?? '', recipients })),
      subject: commonest?.subject ?? null,
      empty: known.reduce((sum, { readers, recipients }) => sum + readers - (recipients ?? 0), 0),
      problems: [...new Set(planned.flatMap(({ problems }) => problems))],
      predicted: predict(known, await this.repository.lastRate(db)),
    };
  }
}

function unplanned({ at, zones, readers }: PlannedTime): Planned {
  const wave = { at, zones, readers, recipients: null, variants: [], moreVariants: 0 };
  return { wave, recipients: new Map(), problems: [] };
}

/** How long sending takes, at the pace of the last editions. A wave begins when it is due and the one before is through. */
function predict(waves: readonly PlannedWave[], perSecond: number | null): Plan['predicted'] {
  const total = waves.reduce((sum, { recipients }) => sum + (recipients ?? 0), 0);
  if (!perSecond || total === 0) return null;
  let finishAt = 0;
  for (const { at, recipients } of waves) {
    finishAt = Math.max(finishAt, at.getTime()) + ((recipients ?? 0) / perSecond) * 1_000;
  }
  return { seconds: total / perSecond, perSecond, finishAt: new Date(finishAt) };
}

/** An edition that is not in the database. */
function editionAt(digest: DigestRow, at: Date): EditionRow {
  return {
    id: newId(),
    publicationId: digest.publicationId,
    digestId: digest.id,
    slug: digest.slug,
    status: 'scheduled',
    kind: 'regular',
    selection: 'auto',
    slotId: null,
    articleId: null,
    note: null,
    nextWaveAt: null,
    lastWaveAt: null,
    waves: 0,
    approval: null,
    approvedAt: null,
    subject: null,
    preheader: null,
    intro: null,
    introHtml: null,
    version: 1,
    heldUntil: null,
    sendAt: at,
    deadline: null,
    predictedFinishAt: null,
    forecast: null,
    lateSince: null,
    statusReason: null,
    pausedBy: null,
    recipients: 0,
    batches: 0,
    warnings: [],
    startedAt: null,
    finishedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

function isCanceled(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === QUERY_CANCELED;
}
