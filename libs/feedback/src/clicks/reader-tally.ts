import type { SeenClick, SeenOpen } from '#audience/measurement/measured-reader.repository.js';
import type { JudgedHit } from './hit-window.js';

/** What measured readers did since it was last taken. */
export interface ReaderCounts {
  clicks: SeenClick[];
  opens: SeenOpen[];
}

/** Adds up what readers did who agreed to be measured: what is judged to be theirs, and none of what scanners do with their mails. */
export class ReaderTally {
  private clicks = new Map<string, SeenClick>();
  private opens = new Map<string, SeenOpen>();

  add({ editionId, subscriberId, kind, verdict, number, at }: JudgedHit): void {
    if (subscriberId === undefined || verdict !== 'person') return;
    const seen = { editionId, subscriberId, firstAt: at, lastAt: at };
    if (kind === 'picture') this.addOpen({ ...seen, opened: 1, prefetched: 0 });
    else this.addClick({ ...seen, number, count: 1 });
  }

  /** The picture was fetched by a mail program's own servers. */
  addPrefetch(editionId: string, subscriberId: string, at: number): void {
    this.addOpen({ editionId, subscriberId, firstAt: at, lastAt: at, opened: 0, prefetched: 1 });
  }

  take(): ReaderCounts {
    const counts = { clicks: [...this.clicks.values()], opens: [...this.opens.values()] };
    this.clicks = new Map();
    this.opens = new Map();
    return counts;
  }

  putBack({ clicks, opens }: ReaderCounts): void {
    for (const click of clicks) this.addClick(click);
    for (const open of opens) this.addOpen(open);
  }

  private addClick(click: SeenClick): void {
    const key = `${click.editionId} ${click.subscriberId} ${click.number}`;
    const known = this.clicks.get(key);
    this.clicks.set(key, known ? { ...spanOf(known, click), count: known.count + click.count } : click);
  }

  private addOpen(open: SeenOpen): void {
    const key = `${open.editionId} ${open.subscriberId}`;
    const known = this.opens.get(key);
    if (!known) this.opens.set(key, open);
    else {
      const opened = known.opened + open.opened;
      this.opens.set(key, { ...spanOf(known, open), opened, prefetched: known.prefetched + open.prefetched });
    }
  }
}

function spanOf<S extends { firstAt: number; lastAt: number }>(one: S, other: S): S {
  return {
    ...one,
    firstAt: Math.min(one.firstAt, other.firstAt),
    lastAt: Math.max(one.lastAt, other.lastAt),
  };
}
