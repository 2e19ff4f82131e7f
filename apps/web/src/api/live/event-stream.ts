import { PassThrough } from 'node:stream';
import type { LiveEvent } from '#operators/live/live-events.js';

/** So many bytes may wait for a client; one that reads slower comes back for the rest. */
const MOST_WAITING = 64 * 1024;
/** A browser waits so long before it comes back. */
const RETRY_MS = 2_000;

/** A stream of server-sent events (WHATWG HTML, "Server-sent events"). */
export class EventStream {
  readonly body = new PassThrough();

  constructor() {
    this.body.write(`retry: ${RETRY_MS}\n\n`);
  }

  /** @returns false when the client does not keep up */
  send({ seq, event, subject, at }: LiveEvent): boolean {
    const data = JSON.stringify({ id: subject, at });
    return this.write(`event: ${event}\n${seq === null ? '' : `id: ${seq}\n`}data: ${data}\n\n`);
  }

  /** Keeps proxies from closing a connection on which nothing happens. */
  beat(): boolean {
    return this.write(': still here\n\n');
  }

  end(): void {
    this.body.end();
  }

  private write(text: string): boolean {
    if (this.body.writableEnded || this.body.destroyed) return false;
    this.body.write(text);
    return this.body.writableLength <= MOST_WAITING;
  }
}
