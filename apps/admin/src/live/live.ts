import { queryClient } from '../api/query-client';
import { isStale, STALE_BY_EVENT } from './subjects';

const URL = '/api/v1/events';
/** What is told in one breath is read anew once. */
const TOGETHER_MS = 200;
/** A browser comes back by itself after seconds; before that nothing is said. */
const LOST_AFTER_MS = 4_000;
/** After an answer that is no stream: the server is starting, or too many listen. */
const AGAIN_MS = 5_000;

/** Since when what is shown may be old; null: everything is heard. */
type LostSince = Date | null;

/** Listens to what happens, so that nothing has to be asked for again and again. */
class Live {
  private source: EventSource | undefined;
  private lastId = '';
  private lost: LostSince = null;
  private readonly watchers = new Set<() => void>();
  private stale = new Set<string>();
  private flushing: ReturnType<typeof setTimeout> | undefined;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;

  readonly lostSince = (): LostSince => this.lost;

  readonly watch = (changed: () => void) => {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  };

  /** @returns what ends it */
  readonly start = () => {
    this.open();
    return () => {
      this.source?.close();
      for (const timer of [this.flushing, this.waiting, this.again]) clearTimeout(timer);
      [this.source, this.flushing, this.waiting, this.again] = [undefined, undefined, undefined, undefined];
      this.lastId = '';
      this.say(null);
    };
  };

  private open(): void {
    const source = new EventSource(this.lastId === '' ? URL : `${URL}?lastEventId=${this.lastId}`);
    this.source = source;
    source.onopen = () => {
      clearTimeout(this.waiting);
      this.waiting = undefined;
      if (this.lost) this.meant('/*'); // what was not heard of may have changed too
      this.say(null);
    };
    source.onerror = () => this.hasBroken(source);
    for (const [event, stale] of Object.entries(STALE_BY_EVENT)) {
      source.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
        if (lastEventId !== '') this.lastId = lastEventId;
        const { id } = JSON.parse(data) as { id: string | null };
        this.meant(...stale(id ?? ''));
      });
    }
  }

  private hasBroken(source: EventSource): void {
    const since = new Date();
    this.waiting ??= setTimeout(() => this.say(since), LOST_AFTER_MS);
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.open(), AGAIN_MS);
  }

  private meant(...paths: string[]): void {
    for (const path of paths) this.stale.add(path);
    this.flushing ??= setTimeout(() => {
      const stale = this.stale;
      this.stale = new Set();
      this.flushing = undefined;
      queryClient
        .invalidateQueries({ predicate: ({ queryKey: [path] }) => isStale(String(path), stale) })
        .catch(() => undefined); // whoever shows what could not be read says so
    }, TOGETHER_MS);
  }

  private say(lost: LostSince): void {
    if (this.lost === lost) return;
    this.lost = lost;
    for (const changed of this.watchers) changed();
  }
}

export const live = new Live();
