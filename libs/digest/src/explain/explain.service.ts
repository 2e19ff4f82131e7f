import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import type { DeliveryStatus } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { EditionContentService, type EditionContext } from '../content/edition-content.service.js';
import { isZone } from '../schedule/zone-time.js';
import { waveInstant } from '../schedule/waves.js';
import { lookBackTo } from '../selection/history.js';
import type { WaveRow } from '../model/wave.repository.js';
import { WaveService } from '../selection/wave.service.js';
import { whyNotDue, type ReaderReason } from './due.js';
import { ExplainRepository } from './explain.repository.js';
import type { ExplainQuery } from './explain.schemas.js';
import { judge } from './judge.js';
import { reached, type ArticleFacts, type ReaderFacts, type ReaderMail } from './reader-facts.js';
import { whyNoCandidate, type ArticleVerdict, type Case } from './verdicts.js';

/** What fell out before the choice is shown of so many articles. */
const RECENT = 200;
/** States in which a wave may still come. */
const TO_COME: readonly string[] = ['draft', 'scheduled', 'preparing', 'sending', 'paused'];

/** Which articles a reader got of an edition, or will get, and why. */
export interface Explanation {
  subscriberId: string;
  editionId: string | null;
  /** Of the edition, that the reader is in; null: none is frozen for them. */
  wave: number | null;
  /** When the reader was or is to get it. */
  at: Date;
  /** True: what happened is told; false: what would happen. */
  frozen: boolean;
  /** A mail to the reader was accepted, or may have been. */
  sent: boolean;
  /** How the mail stands in the ledger; null: there is no mail. */
  delivery: { status: DeliveryStatus; acceptedAt: Date | null } | null;
  reader: {
    status: string;
    subscribed: boolean;
    suppressed: boolean;
    topics: string[] | null;
    cadence: string | null;
    weekday: number | null;
    hour: number | null;
    alerts: boolean;
    pausedUntil: string | null;
    timeZone: string;
    /** They get a mail. */
    due: boolean;
  } & ReaderReason;
  /** The candidates in the order of the mail, then the newest of those that were none. */
  articles: ArticleVerdict[];
}

/** An edition looked at for one reader. */
interface Look extends EditionContext {
  reader: ReaderFacts;
  mail: ReaderMail | null;
  /** Null: to come. */
  wave: WaveRow | null;
  zone: string;
  at: Date;
  now: Date;
  /** A reason that comes before all others. */
  stopped: ReaderReason | null;
}

/** Explains to an operator what one reader gets. It only reads. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly database: Database,
    private readonly repository: ExplainRepository,
    private readonly content: EditionContentService,
    private readonly waves: WaveService,
    private readonly clock: Clock,
  ) {}

  /**
   * Why a reader got each article of an edition, or not; before it is frozen for them, why they would.
   * @throws DomainError `not_found` for the edition or the reader; `invalid_input`
   */
  async explain(editionId: string, { subscriberId }: ExplainQuery): Promise<Explanation> {
    const { db } = this.database;
    const context = await this.content.context(editionId);
    const reader = await this.readerOf(db, context, subscriberId);
    const waves = await this.repository.waves(db, editionId);
    const mail = (await this.repository.hasMail(db, editionId, subscriberId))
      ? ((await this.repository.mails(db, subscriberId, waves[0]?.frozenAt ?? new Date(0))).find(
          (one) => one.editionId === editionId,
        ) ?? null)
      : null;
    return this.tell(db, this.lookAt(context, reader, mail, waves));
  }

  /** What a reader would get of an edition that is yet to be made. @throws DomainError `not_found` for the reader */
  async foretell(db: Executor, context: EditionContext, subscriberId: string): Promise<Explanation> {
    const reader = await this.readerOf(db, context, subscriberId);
    const told = await this.tell(db, this.lookAt(context, reader, null, []));
    return { ...told, editionId: null };
  }

  private async readerOf(db: Executor, context: EditionContext, id: string): Promise<ReaderFacts> {
    const { publication, digest } = context;
    const reader = isId(id) ? await this.repository.reader(db, publication.id, id, digest.id) : undefined;
    if (!reader) throw notFound('subscriber');
    return reader;
  }

  /** Finds the wave that the reader is or would be in, and when it is. */
  private lookAt(
    context: EditionContext,
    reader: ReaderFacts,
    mail: ReaderMail | null,
    waves: WaveRow[],
  ): Look {
    const { edition, publication } = context;
    const { slot } = context;
    const wanted = reader.timeZone ?? publication.timeZone;
    const zone = isZone(wanted) ? wanted : publication.timeZone;
    const hour = reader.subscription?.hour ?? null;
    const present = this.clock.now();
    const nominal = slot ? waveInstant(slot, { zone, hour }) : null;
    const isOpen = TO_COME.includes(edition.status);
    const wave = mail
      ? waves.find((one) => one.wave === mail.wave)
      : nominal
        ? waves.find((one) => nominal <= one.at)
        : edition.nextWaveAt && isOpen
          ? undefined
          : waves.at(-1);
    const base = { ...context, slot, reader, mail, zone, stopped: null };
    if (wave) return { ...base, wave, at: nominal ?? wave.at, now: wave.cutoff };
    const planned = nominal ?? edition.nextWaveAt ?? edition.sendAt ?? edition.startedAt ?? present;
    const now = planned > present ? planned : present;
    return { ...base, wave: null, at: nominal ?? now, now, stopped: stoppedBy(context, waves, isOpen) };
  }

  private async tell(db: Executor, look: Look): Promise<Explanation> {
    const { edition, digest, reader, mail, wave, now } = look;
    const candidates = await this.candidatesOf(db, look);
    const before = wave?.frozenAt ?? null;
    const mails = (
      await this.repository.mails(
        db,
        reader.id,
        lookBackTo(
          candidates.map(({ createdAt }) => createdAt),
          now,
        ),
      )
    ).filter((one) => one.editionId !== edition.id && (!before || one.frozenAt < before));
    const topicNames = await this.repository.topicNames(db, edition.publicationId);
    const given: Case = { edition, digest, now, reader, mails, topicNames };
    const why = await this.whyNot(db, look, mails);
    const judged = judge(given, candidates, why, mail, before);
    const known = candidates.map(({ id }) => id);
    const others =
      edition.selection === 'list'
        ? (await this.repository.listedArticles(db, edition.id)).filter(({ id }) => !known.includes(id))
        : await this.repository.recentArticles(db, edition.publicationId, known, RECENT);
    return {
      ...this.frame(look, judged.reader),
      articles: [
        ...judged.articles,
        ...others.map((one) => ({ id: one.id, title: one.title, ...whyNoCandidate(given, one, before) })),
      ],
    };
  }

  private async candidatesOf(db: Executor, { edition, digest, wave, now }: Look): Promise<ArticleFacts[]> {
    const ids =
      wave?.articleIds ?? (await this.waves.candidatesOf(db, { edition, digest, now })).map(({ id }) => id);
    const facts = new Map((await this.repository.articles(db, ids)).map((one) => [one.id, one]));
    return ids.flatMap((id) => facts.get(id) ?? []);
  }

  private async whyNot(db: Executor, look: Look, mails: readonly ReaderMail[]): Promise<ReaderReason | null> {
    const { edition, digest, reader, zone, at, slot, wave, stopped } = look;
    if (stopped) return stopped;
    const last = mails.findLast(
      (mail) => mail.kind === 'regular' && mail.digestId === digest.id && reached(mail),
    );
    const moment = { kind: edition.kind, at, zone, slot: slot ?? null, lastAt: last?.at ?? null };
    const why = whyNotDue(reader, { ...moment, frozenAt: wave?.frozenAt ?? null });
    if (why || edition.kind !== 'correction') return why;
    const all = await this.repository.mails(db, reader.id, new Date(0));
    const had = all.some(
      (mail) =>
        mail.kind !== 'correction' &&
        mail.status === 'accepted' &&
        mail.got.includes(edition.articleId ?? ''),
    );
    if (had) return null;
    return { code: 'did_not_receive', reason: 'The reader never received the article.', next: null };
  }

  private frame(look: Look, reason: ReaderReason): Omit<Explanation, 'articles'> {
    const { reader, mail, wave, edition, at, zone } = look;
    const { subscription } = reader;
    return {
      subscriberId: reader.id,
      editionId: edition.id,
      wave: wave?.wave ?? null,
      at,
      frozen: wave !== null,
      sent: mail?.status === 'accepted' || mail?.status === 'uncertain',
      delivery: mail ? { status: mail.status, acceptedAt: mail.acceptedAt } : null,
      reader: {
        status: reader.status,
        subscribed: subscription !== null,
        suppressed: reader.suppressedAt !== null,
        topics: subscription?.topics ?? null,
        cadence: subscription?.cadence ?? null,
        weekday: subscription?.weekday ?? null,
        hour: subscription?.hour ?? null,
        alerts: subscription?.alerts ?? false,
        pausedUntil: subscription?.pausedUntil ?? null,
        timeZone: zone,
        due: reason.code === 'due' || reason.code === 'hour',
        ...reason,
      },
    };
  }
}

/** An edition that has no wave to come for a reader who is in none. */
function stoppedBy({ edition }: EditionContext, waves: WaveRow[], isOpen: boolean): ReaderReason | null {
  if (isOpen && (waves.length === 0 || edition.nextWaveAt)) return null;
  if (waves.length > 0) {
    const reason = "The reader's time came when the last readers of the edition had been chosen.";
    return { code: 'missed', reason, next: null };
  }
  const words = edition.statusReason ? `: ${edition.statusReason}` : '.';
  return { code: 'stopped', reason: `The edition is ${edition.status}${words}`, next: null };
}
