import { PassThrough } from 'node:stream';
import type { SMTPServerDataStream } from 'smtp-server';
import { Receiving } from './receiving.js';

function stream(more: Partial<SMTPServerDataStream> = {}): SMTPServerDataStream {
  return Object.assign(new PassThrough(), { byteLength: 0, sizeExceeded: false, ...more });
}
const sent = (bytes: number, more: Partial<SMTPServerDataStream> = {}) => {
  const its = stream(more);
  its.end(Buffer.alloc(bytes, 'x'));
  return its;
};

describe('mails on their way in', () => {
  const taken: number[] = [];
  const take = (raw: Buffer) => Promise.resolve(void taken.push(raw.length));
  beforeEach(() => (taken.length = 0));

  test('are handed on whole, and are held until that is done', async () => {
    const receiving = new Receiving(100);
    let finish: (() => void) | undefined;
    const first = receiving.receive(sent(80), 10_000, () => new Promise((resolve) => (finish = resolve)));
    await expect(receiving.receive(sent(30), 10_000, take)).rejects.toMatchObject({ responseCode: 452 });
    finish?.();
    await first;
    await receiving.receive(sent(90), 10_000, take);
    expect(taken).toEqual([90]);
  });

  test('one that is too large is refused for good, and takes no room from others', async () => {
    const receiving = new Receiving(100);
    const large = stream({ sizeExceeded: true });
    const refused = receiving.receive(large, 10_000, take);
    for (let n = 0; n < 50; n++) large.write(Buffer.alloc(1_000));
    await receiving.receive(sent(90), 10_000, take);
    large.end();
    await expect(refused).rejects.toMatchObject({ responseCode: 552 });
    expect(taken).toEqual([90]);
  });

  test('one that comes too slowly is ended, and what came of it is dropped', async () => {
    const receiving = new Receiving(100);
    const slow = stream();
    slow.write(Buffer.alloc(80));
    await expect(receiving.receive(slow, 30, take)).rejects.toMatchObject({
      responseCode: 421,
      message: expect.stringContaining('too long') as string,
    });
    await receiving.receive(sent(90), 10_000, take);
    expect(taken).toEqual([90]);
  });

  test('one that breaks off is not taken', async () => {
    const receiving = new Receiving(100);
    const broken = stream();
    broken.write(Buffer.alloc(80));
    const lost = receiving.receive(broken, 10_000, take);
    broken.destroy();
    await expect(lost).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    await receiving.receive(sent(90), 10_000, take);
    expect(taken).toEqual([90]);
  });
});
