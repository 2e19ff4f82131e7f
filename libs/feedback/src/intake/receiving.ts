import type { SMTPServerDataStream } from 'smtp-server';
import { Arrival } from './arrival.js';

/** A reply other than 250. */
export class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Bytes that are held at most. */
export interface Room {
  /** Of all mails together. */
  most: number;
  /** Of the mails of one client. */
  ofOneClient: number;
}

/** One mail that is being received. */
export interface Incoming {
  stream: SMTPServerDataStream;
  /** Whose share it takes; null: of somebody without one, the mail server of this machine, who hands on what comes from everywhere. */
  client: string | null;
  /** Milliseconds from the first byte to the last, however many come in between: a client may send one a minute. */
  limitMs: number;
}

/** Who holds less takes no room from anybody: the bounces of most servers. */
const SMALL = 256 * 1024;

/**
 * Mails on their way in, of all connections together: they are in memory until they are committed. No client holds more than its share;
 * and when more than half is taken, those who come slowly make room.
 */
export class Receiving {
  private held = 0;
  private readonly heldBy = new Map<string, number>();
  private readonly coming = new Map<Arrival, SMTPServerDataStream>();

  /** @param clock milliseconds that never go back */
  constructor(
    private readonly room: Room,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /**
   * Receives a mail and hands it on.
   * @param take the bytes count as held until it has settled
   * @throws Refusal; whatever `take` throws; Error when the connection breaks off: what has come of the mail is dropped
   */
  async receive({ stream, client, limitMs }: Incoming, take: (raw: Buffer) => Promise<void>): Promise<void> {
    const chunks: Buffer[] = [];
    const arrival = new Arrival(this.clock());
    let full: Refusal | undefined;
    const drop = () => {
      this.hold(client, -arrival.bytes);
      arrival.bytes = chunks.length = 0;
    };
    const late = new Refusal(421, '4.4.2 the mail took too long to come');
    const timer = setTimeout(() => stream.destroy(late), limitMs);
    this.coming.set(arrival, stream);
    try {
      // Read to its end in any case: the dialogue goes on after it.
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        full ??= this.refusalOf(chunk.length, client);
        if (stream.sizeExceeded || full) drop();
        else {
          chunks.push(chunk);
          arrival.came(chunk.length, this.clock());
          this.hold(client, chunk.length);
          this.makeRoom();
        }
      }
      clearTimeout(timer);
      this.coming.delete(arrival);
      if (stream.sizeExceeded) throw new Refusal(552, '5.3.4 larger than 20 MB');
      if (full) throw full;
      await take(Buffer.concat(chunks));
    } finally {
      clearTimeout(timer);
      this.coming.delete(arrival);
      drop();
    }
  }

  /** @returns why so many bytes more are too many; nothing: they are not */
  private refusalOf(bytes: number, client: string | null): Refusal | undefined {
    if (this.held + bytes > this.room.most) return new Refusal(452, '4.3.1 too much is being received');
    if (client === null) return undefined;
    if ((this.heldBy.get(client) ?? 0) + bytes <= this.room.ofOneClient) return undefined;
    return new Refusal(452, '4.3.1 too much is being received from your address');
  }

  private hold(client: string | null, bytes: number): void {
    this.held += bytes;
    if (client === null) return;
    const own = (this.heldBy.get(client) ?? 0) + bytes;
    if (own === 0) this.heldBy.delete(client);
    else this.heldBy.set(client, own);
  }

  private makeRoom(): void {
    if (this.held <= this.room.most / 2) return;
    const now = this.clock();
    for (const [arrival, stream] of this.coming) {
      if (arrival.bytes < SMALL || !arrival.isSlow(now)) continue;
      this.coming.delete(arrival);
      stream.destroy(new Refusal(421, '4.3.1 too much is being received, and this came too slowly'));
    }
  }
}
