/** An event of a stream, as a browser would see it. */
export interface SseEvent {
  event: string;
  id: string | undefined;
  data: { id: string | null; at: string };
}

/** A client of server-sent events that keeps what it hears. */
export class EventReader {
  readonly heard: SseEvent[] = [];
  /** Comments, which only keep the connection open. */
  comments = 0;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  private readonly abort = new AbortController();

  private constructor(
    readonly status: number,
    readonly headers: Headers,
    body: ReadableStream<Uint8Array> | null,
  ) {
    this.ended = this.read(body);
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    const reader = new EventReader(response.status, response.headers, response.body);
    reader.abort.signal.addEventListener('abort', () => abort.abort());
    return reader;
  }

  get lastId(): string | undefined {
    return this.heard.findLast((one) => one.id !== undefined)?.id;
  }

  close(): void {
    this.abort.abort();
  }

  private async read(body: ReadableStream<Uint8Array> | null): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const bytes of body ?? []) {
        text += decoder.decode(bytes, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // broken off, by us or with the server
    }
  }

  private take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const event = fields.get('event');
    if (fields.has('')) this.comments += 1;
    if (event === undefined) return;
    this.heard.push({
      event,
      id: fields.get('id'),
      data: JSON.parse(fields.get('data') ?? 'null') as SseEvent['data'],
    });
  }
}
