import { Injectable } from '@nestjs/common';
import { toPage, type Page, type PageQuery } from '#kernel/input/page.js';
import { clickNumber, type ClickNumber, type Clicks } from '../numbers/click-number.js';
import { ClickRepository, type MeasuredNumbers, type ReaderEdition } from './click.repository.js';

/** A link of an edition with its clicks. */
export interface LinkNumbers {
  number: number;
  /** Where it leads. */
  url: string;
  articleId: string | null;
  clicks: ClickNumber;
}

/** Tells how often editions were clicked. */
@Injectable()
export class ClickNumbers {
  constructor(private readonly clicks: ClickRepository) {}

  /** Who clicked in an edition at all: people once, a scanner once for each time it came. */
  async ofEdition(editionId: string): Promise<ClickNumber> {
    return clickNumber(sumOf(await this.clicks.hours(editionId)));
  }

  /** The same by the hour (UTC). Hours without clicks are left out. */
  async ofEditionByHour(editionId: string): Promise<{ hour: Date; clicks: ClickNumber }[]> {
    const hours = await this.clicks.hours(editionId);
    return hours.map(({ hour, ...clicks }) => ({ hour, clicks: clickNumber(clicks) }));
  }

  /** What is known of its readers who agreed to be measured. */
  measuredOf(editionId: string): Promise<MeasuredNumbers> {
    return this.clicks.measured(editionId);
  }

  /** What a measured reader clicked and opened, an edition each, latest first. */
  async ofReader(subscriberId: string, page: PageQuery): Promise<Page<ReaderEdition>> {
    const rows = await this.clicks.ofReader(subscriberId, page);
    const { data, nextCursor } = toPage(
      rows.map((row) => ({ id: row.editionId, row })),
      page.limit,
    );
    return { data: data.map(({ row }) => row), nextCursor };
  }

  /** Each link of an edition, those that nobody clicked too, in the order of their numbers. */
  async ofLinks(editionId: string): Promise<LinkNumbers[]> {
    const links = await this.clicks.links(editionId);
    return links.map(({ number, url, articleId, people, scanners }) => ({
      number,
      url,
      articleId,
      clicks: clickNumber({ people, scanners }),
    }));
  }

  /** A link by the hour (UTC). */
  async ofLinkByHour(editionId: string, number: number): Promise<{ hour: Date; clicks: ClickNumber }[]> {
    const hours = await this.clicks.hoursOfLink(editionId, number);
    return hours.map(({ hour, ...clicks }) => ({ hour, clicks: clickNumber(clicks) }));
  }

  /** The clicks on all links of an article in an edition. */
  async ofArticles(editionId: string): Promise<{ articleId: string; clicks: ClickNumber }[]> {
    const ofArticle = new Map<string, Clicks>();
    for (const { articleId, ...link } of await this.clicks.links(editionId)) {
      if (articleId !== null) ofArticle.set(articleId, sumOf([ofArticle.get(articleId) ?? NONE, link]));
    }
    return [...ofArticle].map(([articleId, clicks]) => ({ articleId, clicks: clickNumber(clicks) }));
  }
}

const NONE: Clicks = { people: 0, scanners: 0 };

function sumOf(counts: readonly Clicks[]): Clicks {
  const sum = { people: 0, scanners: 0 };
  for (const { people, scanners } of counts) {
    sum.people += people;
    sum.scanners += scanners;
  }
  return sum;
}
