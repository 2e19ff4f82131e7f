import { LRUCache } from 'lru-cache';
import { LONGEST_BURST_MS } from './judge-hits.js';
import type { JudgedHit } from './hit-window.js';
import { ReaderTally, type ReaderCounts } from './reader-tally.js';

/** Clients of which it is kept that they were counted, about 40 MB. Of more, those who clicked least lately may be counted again. */
const KNOWN_CLIENTS = 200_000;
const HOUR_MS = 3_600_000;

/** Clicks in an hour. */
export interface Counted {
  editionId: string;
  /** A full hour, UTC. */
  hour: Date;
  people: number;
  scanners: number;
}
export type CountedLink = Counted & { number: number };

/** What was counted since it was last taken. */
export interface Counts extends ReaderCounts {
  links: CountedLink[];
  editions: Counted[];
}

/**
 * Adds judged hits up to numbers. A person is counted once for each link and once for the edition, however often they click; a scanner once
 * for each burst. Of readers who agreed to be measured it is added up beside that what they themselves did. Who was counted is known by keyed hashes, in memory, for a day at most.
 */
export class ClickTally {
  private readonly people = new LRUCache<string, Set<number>>({ max: KNOWN_CLIENTS });
  /** When a scanner's last hit on a link was; on none: in the edition. */
  private readonly scanners = new LRUCache<string, number>({ max: KNOWN_CLIENTS });
  private readonly readers = new ReaderTally();
  private links = new Map<string, CountedLink>();
  private editions = new Map<string, Counted>();

  add(hits: readonly JudgedHit[]): void {
    for (const hit of hits) {
      this.readers.add(hit);
      if (hit.kind === 'picture') continue;
      if (hit.verdict === 'person') this.addPerson(hit);
      else this.addScanner(hit);
    }
  }

  /** The picture in a measured reader's mail was fetched by a mail program's own servers. */
  addPrefetch(editionId: string, subscriberId: string, at: number): void {
    this.readers.addPrefetch(editionId, subscriberId, at);
  }

  /** What there is to be stored; it begins again with nothing. */
  take(): Counts {
    const counts = {
      links: [...this.links.values()],
      editions: [...this.editions.values()],
      ...this.readers.take(),
    };
    this.links = new Map();
    this.editions = new Map();
    return counts;
  }

  /** What could not be stored is counted on. */
  putBack({ links, editions, ...ofReaders }: Counts): void {
    this.readers.putBack(ofReaders);
    for (const { people, scanners, ...of } of links) {
      const into = this.link(of.editionId, of.number, of.hour);
      into.people += people;
      into.scanners += scanners;
    }
    for (const { people, scanners, ...of } of editions) {
      const into = this.edition(of.editionId, of.hour);
      into.people += people;
      into.scanners += scanners;
    }
  }

  /** Forgets who was counted: they have other hashes from now on. */
  forget(): void {
    this.people.clear();
    this.scanners.clear();
  }

  private addPerson({ editionId, client, number, at }: JudgedHit): void {
    const key = `${editionId} ${client}`;
    const clicked = this.people.get(key);
    if (!clicked) this.edition(editionId, hourOf(at)).people++;
    if (clicked?.has(number)) return;
    this.link(editionId, number, hourOf(at)).people++;
    this.people.set(key, (clicked ?? new Set()).add(number));
  }

  private addScanner({ editionId, client, number, at }: JudgedHit): void {
    const ofEdition = `${editionId} ${client}`;
    if (this.isNewBurst(ofEdition, at)) this.edition(editionId, hourOf(at)).scanners++;
    if (this.isNewBurst(`${ofEdition} ${number}`, at)) this.link(editionId, number, hourOf(at)).scanners++;
  }

  private isNewBurst(key: string, at: number): boolean {
    const before = this.scanners.get(key);
    this.scanners.set(key, at);
    return before === undefined || at - before > LONGEST_BURST_MS;
  }

  private link(editionId: string, number: number, hour: Date): CountedLink {
    const key = `${editionId} ${number} ${hour.getTime()}`;
    const known = this.links.get(key) ?? { editionId, number, hour, people: 0, scanners: 0 };
    this.links.set(key, known);
    return known;
  }

  private edition(editionId: string, hour: Date): Counted {
    const key = `${editionId} ${hour.getTime()}`;
    const known = this.editions.get(key) ?? { editionId, hour, people: 0, scanners: 0 };
    this.editions.set(key, known);
    return known;
  }
}

function hourOf(at: number): Date {
  return new Date(Math.floor(at / HOUR_MS) * HOUR_MS);
}
