import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client of an SMTP server that says whatever it is told to, over a real socket. */
export class Talk {
  private heard = '';
  private isOver = false;
  private wake: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (text: string) => {
      this.heard += text;
      this.wake();
    });
    socket.on('error', () => undefined); // 'close' comes after it
    socket.on('close', () => {
      this.isOver = true;
      this.wake();
    });
  }

  /** @returns a client that has heard nothing yet */
  static async to(port: number): Promise<Talk> {
    const talk = new Talk(connect(port, '127.0.0.1').setEncoding('utf8'));
    await once(talk.socket, 'connect');
    return talk;
  }

  /** The next reply, of one line or several; `closed`: there is no more to come. */
  async hear(): Promise<string> {
    for (;;) {
      const [whole] = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.heard) ?? [];
      if (whole !== undefined) {
        this.heard = this.heard.slice(whole.length);
        return whole.trim();
      }
      if (this.isOver) return 'closed';
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Says lines, each when the one before is answered. @returns the answers */
  async say(...lines: string[]): Promise<string[]> {
    const answers: string[] = [];
    for (const line of lines) {
      this.write(`${line}\r\n`);
      answers.push(await this.hear());
    }
    return answers;
  }

  /** Is gone, without a word. */
  leave(): void {
    this.socket.destroy();
  }
}
