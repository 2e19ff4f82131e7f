import { Injectable } from '@nestjs/common';
import type { Publication } from '#audience/publication/publication.service.js';
import { SubscriptionRepository } from '#audience/subscribers/subscription.repository.js';
import { addArticles } from '#content/articles/edition-articles.js';
import type { Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound, wrongState } from '#kernel/errors/errors.js';
import { resolveLocale } from '#rendering/template/locales.js';
import { MailRenderer } from '#rendering/rendering.module.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import { EditionContentService } from '../content/edition-content.service.js';
import { sendsEmpty } from '../model/edition-minimum.js';
import { EditionRepository, type EditionRow } from '../model/edition.repository.js';
import { chosenBy } from '../model/bit-mask.js';
import { CandidateRepository, type Candidate } from './candidate.repository.js';
import { historyRules, lookBackTo, tracesOf, type Trace } from './history.js';
import { groupsAt, groupsOfSlot } from './reader-groups.js';
import {
  SelectionRepository,
  type Audience,
  type LocaleChoice,
  type WaveRules,
} from './selection.repository.js';
import { checkEveryVariant } from './wave-check.js';
import { WaveRepository, type SlotRow } from '../model/wave.repository.js';

/** A correction waits so long for readers who are still getting the article. */
const CORRECTION_PAUSE_MS = 2 * 60_000;

/** An edition with what its waves are made from. */
interface Subject {
  edition: EditionRow;
  digest: DigestRow;
  publication: Publication;
  slot: SlotRow | undefined;
  now: Date;
}

/** A wave that is chosen: `wave_choice` and `wave_variant` hold it until the transaction ends. */
export interface ChosenWave {
  wave: number;
  /** As it was before. */
  edition: EditionRow;
  at: Date;
  /** When the next one is due; null: this is the last. */
  nextAt: Date | null;
}

/** Chooses the waves of editions: who gets one now, and which articles; and compiles what they get. */
@Injectable()
export class WaveService {
  constructor(
    private readonly editions: EditionRepository,
    private readonly digests: DigestRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly waves: WaveRepository,
    private readonly candidates: CandidateRepository,
    private readonly selection: SelectionRepository,
    private readonly content: EditionContentService,
    private readonly renderer: MailRenderer,
    private readonly clock: Clock,
  ) {}

  /**
   * Chooses and compiles the wave of an edition that is due, in the caller's transaction, which then writes its deliveries and gives
   * their number to `FrozenWaves`. Every variant is made once before: what fails leaves nothing behind.
   * @returns null when none is due; the edition then knows when the next one is
   * @throws DomainError `invalid_input` when no article is left, or a template or subject fails on some variant; `wrong_state`;
   *   `not_found`
   */
  async choose(tx: Executor, publication: Publication, editionId: string): Promise<ChosenWave | null> {
    await this.selection.lock(tx, publication.id);
    const edition = await this.editions.lockById(tx, editionId);
    if (!edition) throw notFound('edition');
    if (!isWaiting(edition)) {
      throw wrongState(`The edition is ${edition.status}, so it is not to be prepared.`, edition.status);
    }
    const digest = await this.digests.findById(tx, edition.publicationId, edition.digestId);
    if (!digest) throw notFound('digest');
    const slot = await this.waves.slotOf(tx, edition);
    const subject = { edition, digest, publication, slot, now: this.asOf(edition) };
    // A sign-up that was being committed when the digest became a default was not visible then.
    if (digest.isDefault) await this.subscriptions.giveToFollowers(tx, publication.id, digest.id);
    const { audience, at, nextAt } = await this.audienceOf(tx, subject);
    if (!audience) {
      await this.wait(tx, subject, nextAt);
      return null;
    }
    return this.chooseFor(tx, subject, audience, at, nextAt);
  }

  /** All that decides a wave, for dry runs too. */
  async rulesFor(
    tx: Executor,
    { edition, digest, publication, now }: Omit<Subject, 'slot'>,
    audience: Audience,
  ): Promise<WaveRules> {
    const chooses = edition.selection === 'auto';
    const candidates = await this.candidatesOf(tx, { edition, digest, now });
    return {
      editionId: edition.id,
      digestId: digest.id,
      publicationId: publication.id,
      timeZone: publication.timeZone,
      audience,
      candidates,
      traces: await this.traces(tx, edition, digest, candidates, now),
      least: chooses ? digest.minArticles : 1,
      most: chooses ? digest.maxArticles : null,
      sendEmpty: sendsEmpty(digest, edition),
    };
  }

  /** The articles of an edition that would go out at an instant to a reader who is new and chose no topics. */
  async proposal(db: Executor, digest: DigestRow, at: Date): Promise<string[]> {
    const found = await this.candidates.newest(db, digest, at);
    return found.slice(0, digest.maxArticles).map(({ id }) => id);
  }

  /** In which language each reader's mail is written, and which stands in for any other. */
  async localesOf(tx: Executor, publication: Publication): Promise<{ locales: LocaleChoice[]; own: string }> {
    const own = resolveLocale(publication.locale);
    const locales = (await this.selection.locales(tx, publication.id)).map((subscriberLocale) => ({
      subscriberLocale,
      locale: resolveLocale(subscriberLocale, publication.locale),
    }));
    return { locales, own };
  }

  private async chooseFor(
    tx: Executor,
    subject: Subject,
    audience: Audience,
    at: Date,
    nextAt: Date | null,
  ): Promise<ChosenWave | null> {
    const { edition, publication, now } = subject;
    const rules = await this.rulesFor(tx, subject, audience);
    const isNothing = rules.candidates.length === 0 && !rules.sendEmpty;
    if (isNothing && edition.selection === 'list' && edition.waves === 0) {
      throw new DomainError(
        'invalid_input',
        'No article is left that may be sent: all are retracted or embargoed.',
      );
    }
    const { locales, own } = await this.localesOf(tx, publication);
    await this.selection.choose(tx, rules, locales, own);
    const articleIds = rules.candidates.map(({ id }) => id);
    const chosen = await this.selection.chosen(tx, articleIds.length);
    if (edition.kind === 'correction' && chosen.readers === 0 && edition.waves > 0 && nextAt) {
      await this.wait(tx, subject, nextAt); // nobody new has got the article
      return null;
    }
    const used = edition.selection === 'list' ? articleIds : chosenBy(chosen.used, articleIds);
    const wave = edition.waves;
    const warnings = new Set(edition.warnings);
    // By hand there is always a content in the publication's own language, for the archive and to be looked at.
    const written = edition.selection === 'list' ? [...new Set([own, ...chosen.locales])] : chosen.locales;
    const contents: { locale: string; contentId: string }[] = [];
    for (const locale of written) {
      const made = await this.content.freeze(tx, subject, locale, used);
      contents.push({ locale, contentId: made.id });
      await checkEveryVariant(tx, this.selection, this.renderer, made.compiled, articleIds);
      const commonest = await this.selection.commonest(tx, locale);
      const shown = commonest === undefined ? used : chosenBy(commonest, articleIds);
      for (const warning of await this.content.warningsOf(made.compiled, shown)) warnings.add(warning);
    }
    const variants = await this.selection.storeVariants(tx, edition.id, wave, contents);
    await this.waves.insert(tx, {
      editionId: edition.id,
      wave,
      at,
      cutoff: now,
      articleIds,
      variants,
      frozenAt: this.clock.now(),
    });
    if (edition.selection === 'auto') await addArticles(tx, edition.id, used);
    await this.waves.update(tx, edition.id, { warnings: [...warnings] });
    return { wave, edition, at, nextAt };
  }

  /** The articles that an edition may hold at an instant, in their order. */
  async candidatesOf(
    db: Executor,
    { edition, digest, now }: Pick<Subject, 'edition' | 'digest' | 'now'>,
  ): Promise<Candidate[]> {
    if (edition.kind === 'correction') return this.candidates.one(db, edition.articleId as string);
    if (edition.selection === 'list') return this.candidates.listed(db, edition.id, now);
    return this.candidates.newest(db, digest, now);
  }

  private async traces(
    tx: Executor,
    edition: EditionRow,
    digest: DigestRow,
    candidates: readonly Candidate[],
    now: Date,
  ): Promise<Trace[]> {
    if (edition.kind === 'correction') return [];
    const past = await this.candidates.pastWaves(tx, {
      publicationId: digest.publicationId,
      articleIds: candidates.map(({ id }) => id),
      heldSince: lookBackTo(
        candidates.map(({ createdAt }) => createdAt),
        now,
      ),
      digestId: edition.kind === 'regular' ? digest.id : null,
      // To readers of an earlier one every candidate is new.
      ownSince: lookBackTo(
        candidates.map(({ newsAt }) => newsAt),
        now,
      ),
    });
    return tracesOf(candidates, past, historyRules(digest, edition.selection, now));
  }

  /** Who is due now, when they were to get it, and when the next are. No audience: nobody is due yet. */
  private async audienceOf(
    tx: Executor,
    { edition, digest, publication, slot, now }: Subject,
  ): Promise<{ audience: Audience | null; at: Date; nextAt: Date | null }> {
    if (edition.kind === 'correction') {
      const articleId = edition.articleId as string;
      const later = new Date(now.getTime() + CORRECTION_PAUSE_MS);
      const nextAt = (await this.waves.isUnderWay(tx, articleId)) ? later : null;
      return { audience: { of: 'correction', articleId, madeAt: edition.createdAt }, at: now, nextAt };
    }
    const groups = await this.selection.groups(tx, digest.id, publication.timeZone);
    if (slot) {
      const times = { now, lastWaveAt: edition.waves > 0 ? edition.lastWaveAt : null };
      const { due, nextAt } = groupsOfSlot(slot, groups, times, publication.timeZone);
      if (due.length === 0 && nextAt) return { audience: null, at: now, nextAt };
      const at = due.length > 0 ? new Date(Math.max(...due.map((group) => group.at.getTime()))) : now;
      return { audience: { of: 'slot', groups: due }, at, nextAt };
    }
    const zones = [...new Set(groups.map(({ zone }) => zone))];
    const of = edition.kind === 'alert' ? 'alert' : 'hand';
    return { audience: { of, groups: groupsAt(zones, now, publication.timeZone) }, at: now, nextAt: null };
  }

  /** Nobody is due yet: it is scheduled for the first who are, or goes on sending until then. */
  private async wait(tx: Executor, { edition, now }: Subject, nextAt: Date | null): Promise<void> {
    const changes = { nextWaveAt: nextAt, updatedAt: now };
    if (edition.waves > 0 || !nextAt) await this.waves.update(tx, edition.id, changes);
    else if (!(await this.editions.transition(tx, edition.id, 'wait', { ...changes, sendAt: nextAt }))) {
      throw wrongState('The edition has changed while it was prepared.', edition.status);
    }
  }

  /** Now, but not before the edition was started: the machine that did so may have a clock that is ahead of ours. */
  private asOf({ startedAt }: EditionRow): Date {
    const now = this.clock.now();
    return startedAt && startedAt > now ? startedAt : now;
  }
}

/** Whether a wave of it may be due. One by the clock is scheduled until its first readers are. */
function isWaiting({ status, slotId, nextWaveAt, heldUntil }: EditionRow): boolean {
  if (status === 'preparing') return true;
  if (heldUntil !== null) return false;
  return nextWaveAt !== null && (status === 'sending' || (status === 'scheduled' && slotId !== null));
}
