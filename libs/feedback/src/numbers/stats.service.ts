import { Injectable } from '@nestjs/common';
import type { EditionNumber } from '#audience/numbers/count-in-editions.js';
import type { AudienceNumber } from '#audience/numbers/count-readers.js';
import { fullHour } from '#audience/numbers/full-hour.js';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { Clock } from '#kernel/clock.js';
import { invalidField, notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { byDay, sumOf, type Counted, type StatsRow } from './stats-rows.js';
import {
  articlesOn,
  oneArticle,
  StatsRepository,
  type Clicks,
  type EditionScope,
  type Hours,
  type Keyed,
} from './stats.repository.js';
import type {
  ArticleStatsQuery,
  AudienceStatsQuery,
  DigestStatsQuery,
  EditionStatsQuery,
  ProviderStatsQuery,
  TopicStatsQuery,
} from './stats.schemas.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** Two years and a day: a year beside the one before. By hour they are 17,544 rows at most. */
const MAX_DAYS = 731;

export type EditionCounts = Record<EditionNumber, number> & ClickCounts;
export type AudienceCounts = Record<AudienceNumber, number>;
export type ClickCounts = Record<'clicks', Clicks>;

/** What was counted, row by row, and all of it together. */
export interface Stats<N> {
  /** In the order of their key or time; what nothing was counted of is left out. */
  data: StatsRow<N>[];
  total: N;
}

const NO_CLICKS: ClickCounts = { clicks: { people: 0, scanners: 0 } };
const NO_EDITION: EditionCounts = {
  frozen: 0,
  accepted: 0,
  deferred: 0,
  failed: 0,
  bounced: 0,
  complained: 0,
  unsubscribed: 0,
  ...NO_CLICKS,
};
const NO_AUDIENCE: AudienceCounts = { signUps: 0, confirmed: 0, left: 0, bounced: 0, complained: 0 };

type By = 'hour' | 'day' | 'edition' | 'provider' | 'source' | 'article';
/** By which rows are read: days are made of hours. */
const readBy = <B extends By>(by: B) => (by === 'day' ? 'hour' : by) as Exclude<B, 'day'> | 'hour';

/** How editions and the audience do, in numbers. */
@Injectable()
export class StatsService {
  constructor(
    private readonly stats: StatsRepository,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  /** One edition, of its whole time. @throws DomainError `not_found` */
  async edition(id: string, { by }: EditionStatsQuery): Promise<Stats<EditionCounts>> {
    const { id: publicationId, timeZone } = await this.publicationWith('edition', id);
    return this.editions({ publicationId, editionId: id }, by, null, timeZone);
  }

  /** The editions of a digest. @throws DomainError `not_found`, `invalid_input` */
  async digest(id: string, query: DigestStatsQuery): Promise<Stats<EditionCounts>> {
    const { id: publicationId, timeZone } = await this.publicationWith('digest', id);
    return this.editions({ publicationId, digestId: id }, query.by, this.hoursOf(query), timeZone);
  }

  /** All editions. @throws DomainError `invalid_input` */
  async providers(query: ProviderStatsQuery): Promise<Stats<EditionCounts>> {
    const { id: publicationId, timeZone } = await this.publications.current();
    return this.editions({ publicationId }, query.by, this.hoursOf(query), timeZone);
  }

  /** Who came and who went. @throws DomainError `invalid_input` */
  async audience(query: AudienceStatsQuery): Promise<Stats<AudienceCounts>> {
    const { id, timeZone } = await this.publications.current();
    const rows = await this.stats.audience(id, readBy(query.by), this.hoursOf(query));
    return answer(NO_AUDIENCE, keyed(rows), query.by, timeZone);
  }

  /**
   * Clicks on the links of an article. How many readers an article was sent to is in no rollup, and the ledger is not counted for an
   * answer.
   * @throws DomainError `not_found`, `invalid_input`
   */
  async article(id: string, query: ArticleStatsQuery): Promise<Stats<ClickCounts>> {
    const { timeZone } = await this.publicationWith('article', id);
    const rows = await this.stats.articleClicks(oneArticle(id), readBy(query.by), this.hoursOf(query));
    return answer(NO_CLICKS, clicksOf(rows), query.by, timeZone);
  }

  /** Clicks on the links of the articles that are on a topic now. @throws DomainError `not_found`, `invalid_input` */
  async topic(id: string, query: TopicStatsQuery): Promise<Stats<ClickCounts>> {
    const { timeZone } = await this.publicationWith('topic', id);
    const rows = await this.stats.articleClicks(articlesOn(id), readBy(query.by), this.hoursOf(query));
    return answer(NO_CLICKS, clicksOf(rows), query.by, timeZone);
  }

  private async editions(
    scope: EditionScope,
    by: 'hour' | 'day' | 'edition' | 'provider',
    hours: Hours | null,
    timeZone: string,
  ): Promise<Stats<EditionCounts>> {
    const key = readBy(by);
    const rows = keyed(
      (await this.stats.editions(scope, key, hours)).map((row) => ({ ...row, ...NO_CLICKS })),
    );
    if (key === 'provider') {
      // A click tells nothing of whose mailbox it came from.
      const clicks = await this.stats.clicks(scope, 'all', hours);
      const unknown = clicks.map(({ people, scanners }) => ({ ...NO_EDITION, clicks: { people, scanners } }));
      const all = answer(NO_EDITION, rows, by, timeZone);
      return {
        data: [...all.data, ...unknown.map((row) => ({ key: null, ...row }))],
        total: sumOf(all.total, unknown),
      };
    }
    for (const { key: at, ...clicks } of await this.stats.clicks(scope, key, hours)) {
      rows.set(at, { ...(rows.get(at) ?? NO_EDITION), clicks });
    }
    return answer(NO_EDITION, new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1))), by, timeZone);
  }

  private async publicationWith(
    what: 'article' | 'digest' | 'edition' | 'topic',
    id: string,
  ): Promise<Publication> {
    const publication = await this.publications.current();
    if (!isId(id) || !(await this.stats.has(what, publication.id, id))) throw notFound(what);
    return publication;
  }

  private hoursOf({
    from,
    to = this.clock.now(),
  }: {
    from?: Date | undefined;
    to?: Date | undefined;
  }): Hours {
    const begins = from ?? new Date(to.getTime() - DEFAULT_DAYS * DAY_MS);
    if (begins >= to) throw invalidField('to', 'too_small', 'must be after `from`');
    if (to.getTime() - begins.getTime() > MAX_DAYS * DAY_MS) {
      throw invalidField('to', 'too_big', `at most ${MAX_DAYS} days after \`from\``);
    }
    return { from: new Date(fullHour(begins)), to };
  }
}

function keyed<N extends object>(rows: readonly (Keyed & N)[]): Map<string, Omit<N, 'key'>> {
  return new Map(rows.map(({ key, ...numbers }) => [key, numbers]));
}

function clicksOf(rows: readonly (Keyed & Clicks)[]): Map<string, ClickCounts> {
  return new Map(rows.map(({ key, ...clicks }) => [key, { clicks }]));
}

function answer<N extends Counted>(
  zero: N,
  rows: ReadonlyMap<string, N>,
  by: By,
  timeZone: string,
): Stats<N> {
  const shown = by === 'day' ? byDay(zero, rows, timeZone) : rows;
  const isTime = by === 'day' || by === 'hour';
  return {
    data: [...shown].map(([key, numbers]) => ({ ...(isTime ? { at: new Date(key) } : { key }), ...numbers })),
    total: sumOf(zero, [...shown.values()]),
  };
}
