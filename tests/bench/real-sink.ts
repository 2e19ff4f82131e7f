import { createServer, type Socket } from 'node:net';

/**
 * A mail server as they are out there, its own process: it answers 30 ms later, puts some recipients off and refuses
 * some, and looks at nothing else. Says its port to the parent, and what it has counted whenever it is asked.
 */

/** A way there and back, within a continent. */
const ROUND_TRIP_MS = 30;
/** Of a hundred addresses. */
const PUT_OFF = 5;
const REFUSED = 2;
const MAX_BYTES = 50_000_000;
const END_OF_CONTENT = Buffer.from('\r\n.\r\n');
/** A content that is empty begins with its end: the line before it ended with the command. */
const LINE_END = Buffer.from('\r\n');

/** What it has seen so far. */
export interface RealSinkCounts {
  /** Messages taken. */
  messages: number;
  /** Of their contents. */
  bytes: number;
  /** Recipients answered with 451, each once. */
  deferred: number;
  /** Recipients answered with 550. */
  refused: number;
  /** Messages that began with a DKIM signature. */
  signed: number;
}

const counts: RealSinkCounts = { messages: 0, bytes: 0, deferred: 0, refused: 0, signed: 0 };
const putOff = new Set<string>();

/** FNV-1a: always the same ones are put off and refused, in no order. */
function percentileOf(address: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % 100;
}

class Connection {
  private command = '';
  private inContent = false;
  /** The recipient of the message was taken. */
  private hasRecipient = false;
  /** The last bytes of the content so far, in which its end may have begun. */
  private before = LINE_END;

  constructor(private readonly socket: Socket) {
    this.answer('220 real-sink.example ESMTP\r\n');
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => socket.destroy());
  }

  /** What comes in one piece is answered in one. */
  private receive(chunk: Buffer): void {
    let answer = '';
    let rest = chunk;
    while (rest.length > 0) {
      const inContent = this.inContent;
      const used = inContent ? this.takeContent(rest) : this.takeCommand(rest);
      rest = rest.subarray(used);
      if (inContent && !this.inContent) answer += '250 2.0.0 taken\r\n';
      else if (!inContent && this.command.endsWith('\n')) {
        answer += this.obey(this.command.trimEnd());
        this.command = '';
      }
    }
    if (answer) this.answer(answer);
  }

  /** @returns how many bytes it used */
  private takeCommand(chunk: Buffer): number {
    const end = chunk.indexOf(10) + 1;
    const used = end > 0 ? end : chunk.length;
    this.command += chunk.toString('latin1', 0, used);
    return used;
  }

  /** @returns how many bytes it used */
  private takeContent(chunk: Buffer): number {
    if (this.before === LINE_END && chunk.toString('latin1', 0, 15) === 'DKIM-Signature:') counts.signed += 1;
    // The end may lie across two pieces: the seam is looked at by itself.
    const known = this.before.length;
    const seam = Buffer.concat([this.before, chunk.subarray(0, END_OF_CONTENT.length - 1)]);
    const inSeam = seam.indexOf(END_OF_CONTENT);
    const at = inSeam >= 0 ? inSeam - known : chunk.indexOf(END_OF_CONTENT);
    const isOver = inSeam >= 0 || at >= 0;
    const used = isOver ? at + END_OF_CONTENT.length : chunk.length;
    counts.bytes += used;
    if (isOver) {
      counts.messages += 1;
      this.inContent = false;
    } else this.before = Buffer.from(Buffer.concat([this.before, chunk.subarray(-4)]).subarray(-4));
    return used;
  }

  private obey(command: string): string {
    switch (command.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return `250-real-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE ${MAX_BYTES}\r\n`;
      case 'MAIL':
        this.hasRecipient = false;
        return '250 2.1.0 ok\r\n';
      case 'RCPT':
        return this.recipient(command);
      case 'DATA':
        if (!this.hasRecipient) return '554 5.5.1 no valid recipients\r\n';
        this.inContent = true;
        this.before = LINE_END;
        return '354 go on\r\n';
      case 'QUIT':
        return '221 2.0.0 bye\r\n';
      default:
        return '250 2.0.0 ok\r\n';
    }
  }

  private recipient(command: string): string {
    const address = /<([^>]*)>/.exec(command)?.[1] ?? '';
    const percentile = percentileOf(address);
    if (percentile < REFUSED) {
      counts.refused += 1;
      return '550 5.1.1 no such mailbox\r\n';
    }
    if (percentile < REFUSED + PUT_OFF && !putOff.has(address)) {
      putOff.add(address);
      counts.deferred += 1;
      return '451 4.2.1 mailbox busy, try again later\r\n';
    }
    this.hasRecipient = true;
    return '250 2.1.5 ok\r\n';
  }

  private answer(text: string): void {
    setTimeout(() => {
      if (this.socket.destroyed) return;
      this.socket.write(text);
      if (text.endsWith('221 2.0.0 bye\r\n')) this.socket.end();
    }, ROUND_TRIP_MS);
  }
}

const server = createServer({ noDelay: true, highWaterMark: 256 * 1024 }, (socket) => new Connection(socket));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.on('message', () => process.send?.(counts));
