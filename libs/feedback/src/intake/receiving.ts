import type { SMTPServerDataStream } from 'smtp-server';

/** A reply other than 250. */
export class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Mails on their way in, of all connections together: they are in memory until they are committed. */
export class Receiving {
  private held = 0;

  /** @param most bytes */
  constructor(private readonly most: number) {}

  /**
   * Receives a mail and hands it on.
   * @param limitMs from the first byte to the last, however many come in between (a client may send one a minute)
   * @param take the bytes count as held until it has settled
   * @throws Refusal; whatever `take` throws; Error when the connection breaks off: what has come of the mail is dropped
   */
  async receive(
    stream: SMTPServerDataStream,
    limitMs: number,
    take: (raw: Buffer) => Promise<void>,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isTooMuch = false;
    const drop = () => {
      this.held -= bytes;
      bytes = chunks.length = 0;
    };
    const late = new Refusal(421, '4.4.2 the mail took too long to come');
    const timer = setTimeout(() => stream.destroy(late), limitMs);
    try {
      // Read to its end in any case: the dialogue goes on after it.
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        isTooMuch ||= this.held + chunk.length > this.most;
        if (stream.sizeExceeded || isTooMuch) drop();
        else {
          chunks.push(chunk);
          bytes += chunk.length;
          this.held += chunk.length;
        }
      }
      clearTimeout(timer);
      if (stream.sizeExceeded) throw new Refusal(552, '5.3.4 larger than 20 MB');
      if (isTooMuch) throw new Refusal(452, '4.3.1 too much is being received');
      await take(Buffer.concat(chunks));
    } finally {
      clearTimeout(timer);
      drop();
    }
  }
}
