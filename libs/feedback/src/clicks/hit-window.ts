import { LRUCache } from 'lru-cache';
import { judgeHits, LONGEST_BURST_MS, type Hit, type Verdict } from './judge-hits.js';
import { Pace } from './pace.js';

/** Hits that are held of one network in one edition. Nobody's people make fifty clicks a second; beyond it nothing is counted. */
const MOST_OF_NETWORK = 500;
/** Hits and visits to pages that are held in all, about 30 MB. */
const MOST_HELD = 100_000;
/** Networks of which it is kept at what pace their people click. */
const PACES = 20_000;

/** A hit with the link it was on. */
export interface LinkHit extends Hit {
  editionId: string;
  kind: 'open' | 'machine' | 'picture';
  /** In whose mail it stood: of readers who agreed to be measured alone. */
  subscriberId?: string | undefined;
}

/** A hit that has been judged. */
export interface JudgedHit extends LinkHit {
  verdict: Verdict;
}

interface Group {
  editionId: string;
  network: string;
  /** In the order of time. */
  hits: (LinkHit & { settled?: true })[];
}

/**
 * Holds hits for a moment, until what came before and after them in their network is known. Nothing in it is an address, and nothing
 * of it is stored.
 */
export class HitWindow {
  private readonly groups = new Map<string, Group>();
  private readonly pages = new Map<string, Hit[]>();
  private readonly paces = new LRUCache<string, Pace>({ max: PACES });
  private held = 0;

  /** @param mostHeld hits and visits */
  constructor(private readonly mostHeld = MOST_HELD) {}

  /** How many hits and visits are held. */
  get size(): number {
    return this.held;
  }

  /** @param network keyed, as the client is */
  add(network: string, hit: LinkHit): void {
    const key = `${hit.editionId} ${network}`;
    const group = this.groups.get(key) ?? { editionId: hit.editionId, network, hits: [] };
    if (group.hits.length >= MOST_OF_NETWORK || this.held >= this.mostHeld) return;
    this.groups.set(key, group);
    this.held++;
    inOrder(group.hits, hit);
  }

  /** A page that acts for one reader was looked at: of which edition is not known. */
  addPage(network: string, visit: Omit<Hit, 'kind'>): void {
    const visits = this.pages.get(network) ?? [];
    if (visits.length >= MOST_OF_NETWORK || this.held >= this.mostHeld) return;
    this.pages.set(network, visits);
    this.held++;
    inOrder(visits, { ...visit, kind: 'page' });
  }

  /** Somebody acted on such a page: they are a person, and their visits tell nothing. */
  forgetPages(network: string, client: string): void {
    this.keepPages(network, (visit) => visit.client !== client);
  }

  /** @returns the hits of which all is known now, judged, each once. @param now milliseconds; Infinity: no more will come */
  settle(now: number): JudgedHit[] {
    const judged: JudgedHit[] = [];
    const due = now - LONGEST_BURST_MS;
    for (const [key, group] of this.groups) {
      if (group.hits.some((hit) => !hit.settled && hit.at <= due)) judged.push(...this.judge(group, due));
      const before = group.hits.length;
      group.hits = group.hits.filter((hit) => hit.at > due - LONGEST_BURST_MS);
      this.held -= before - group.hits.length;
      if (group.hits.length === 0) this.groups.delete(key);
    }
    for (const network of this.pages.keys())
      this.keepPages(network, (visit) => visit.at > due - LONGEST_BURST_MS);
    return judged;
  }

  private keepPages(network: string, isKept: (visit: Hit) => boolean): void {
    const visits = this.pages.get(network) ?? [];
    const kept = visits.filter(isKept);
    this.held -= visits.length - kept.length;
    if (kept.length > 0) this.pages.set(network, kept);
    else this.pages.delete(network);
  }

  private judge({ editionId, network, hits }: Group, due: number): JudgedHit[] {
    const key = `${editionId} ${network}`;
    const pace = this.paces.get(key) ?? new Pace();
    this.paces.set(key, pace);
    const all = [...hits, ...(this.pages.get(network) ?? [])].sort((a, b) => a.at - b.at);
    const verdicts = judgeHits(all, pace.perSecond((all[0] as Hit).at));
    const judged: JudgedHit[] = [];
    all.forEach((hit, at) => {
      if (hit.kind === 'page' || (hit as Group['hits'][number]).settled || hit.at > due) return;
      const { settled: _, ...judgedHit } = hit as Group['hits'][number];
      judged.push({ ...judgedHit, verdict: verdicts[at] as Verdict });
      (hit as Group['hits'][number]).settled = true;
    });
    for (const { verdict, kind, at } of judged) if (verdict === 'person' && kind === 'open') pace.add(at);
    return judged;
  }
}

/** Puts a hit in its place, mostly the last: clocks of one process may be set back. */
function inOrder<H extends Hit>(hits: H[], hit: H): void {
  let at = hits.length;
  while (at > 0 && (hits[at - 1] as H).at > hit.at) at--;
  hits.splice(at, 0, hit);
}
