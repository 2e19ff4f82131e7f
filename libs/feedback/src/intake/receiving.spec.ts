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

const STRANGER = '192.0.2.1';
const KB = 1024;

/** A mail of a client's. */
const from = (its: SMTPServerDataStream, client: string | null = STRANGER, limitMs = 10_000) => ({
  stream: its,
  client,
  limitMs,
});
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise(setImmediate);
};

describe('mails on their way in', () => {
  const taken: number[] = [];
  const take = (raw: Buffer) => Promise.resolve(void taken.push(raw.length));
  beforeEach(() => (taken.length = 0));

  test('are handed on whole, and are held until that is done', async () => {
    const receiving = new Receiving({ most: 100, ofOneClient: 100 });
    let finish: (() => void) | undefined;
    const first = receiving.receive(from(sent(80)), () => new Promise<void>((resolve) => (finish = resolve)));
    await expect(receiving.receive(from(sent(30)), take)).rejects.toMatchObject({ responseCode: 452 });
    finish?.();
    await first;
    await receiving.receive(from(sent(90)), take);
    expect(taken).toEqual([90]);
  });

  test('one that is too large is refused for good, and takes no room from others', async () => {
    const receiving = new Receiving({ most: 100, ofOneClient: 100 });
    const large = stream({ sizeExceeded: true });
    const refused = receiving.receive(from(large), take);
    for (let n = 0; n < 50; n++) large.write(Buffer.alloc(1_000));
    await receiving.receive(from(sent(90)), take);
    large.end();
    await expect(refused).rejects.toMatchObject({ responseCode: 552 });
    expect(taken).toEqual([90]);
  });

  test('one that comes too slowly is ended, and what came of it is dropped', async () => {
    const receiving = new Receiving({ most: 100, ofOneClient: 100 });
    const slow = stream();
    slow.write(Buffer.alloc(80));
    await expect(receiving.receive(from(slow, STRANGER, 30), take)).rejects.toMatchObject({
      responseCode: 421,
      message: expect.stringContaining('too long') as string,
    });
    await receiving.receive(from(sent(90)), take);
    expect(taken).toEqual([90]);
  });

  test('one that breaks off is not taken', async () => {
    const receiving = new Receiving({ most: 100, ofOneClient: 100 });
    const broken = stream();
    broken.write(Buffer.alloc(80));
    const lost = receiving.receive(from(broken), take);
    broken.destroy();
    await expect(lost).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    await receiving.receive(from(sent(90)), take);
    expect(taken).toEqual([90]);
  });

  test('of one client take no more than its share, and of others as much again', async () => {
    const receiving = new Receiving({ most: 100, ofOneClient: 25 });
    const slow = stream();
    slow.write(Buffer.alloc(20));
    const first = receiving.receive(from(slow), take);
    await expect(receiving.receive(from(sent(10)), take)).rejects.toMatchObject({
      responseCode: 452,
      message: expect.stringContaining('from your address') as string,
    });
    await receiving.receive(from(sent(25), '192.0.2.2'), take);
    slow.end();
    await first;
    await receiving.receive(from(sent(24)), take);
    expect(taken).toEqual([25, 20, 24]);
  });

  test('of the mail server of this machine have all the room there is', async () => {
    const receiving = new Receiving({ most: 100, ofOneClient: 25 });
    await receiving.receive(from(sent(90), null), take);
    expect(taken).toEqual([90]);
  });

  describe('when room is scarce', () => {
    let now: number;
    let receiving: Receiving;
    beforeEach(() => {
      now = 0;
      receiving = new Receiving({ most: 2_000 * KB, ofOneClient: 1_000 * KB }, () => now);
    });
    /** A mail of which so much has come. */
    async function begun(bytes: number, client: string) {
      const its = stream();
      const received = receiving.receive(from(its, client), take);
      received.catch(() => undefined);
      its.write(Buffer.alloc(bytes));
      await until(() => its.readableLength === 0);
      return { its, received };
    }
    const NO_ROOM = { responseCode: 421, message: expect.stringContaining('too slowly') as string };

    test('who has stopped in the middle makes room, and who is quick is received', async () => {
      const stopped = await begun(900 * KB, '192.0.2.1');
      now = 20_000;
      const quick = await begun(900 * KB, '192.0.2.2');
      await expect(stopped.received).rejects.toMatchObject(NO_ROOM);
      quick.its.write(Buffer.alloc(90 * KB));
      quick.its.end();
      await quick.received;
      expect(taken).toEqual([990 * KB]);
    });

    test('who drips makes room too, however much has come before', async () => {
      const drips = await begun(900 * KB, '192.0.2.1');
      for (now = 5_000; now <= 25_000; now += 5_000) {
        drips.its.write(Buffer.alloc(1));
        await until(() => drips.its.readableLength === 0);
      }
      const quick = await begun(900 * KB, '192.0.2.2');
      await expect(drips.received).rejects.toMatchObject(NO_ROOM);
      quick.its.end();
      await quick.received;
    });

    test('who is small, or steady, goes on', async () => {
      const small = await begun(10 * KB, '192.0.2.1');
      const steady = await begun(260 * KB, '192.0.2.3');
      now = 9_900;
      steady.its.write(Buffer.alloc(400 * KB)); // 66 KB a second
      await until(() => steady.its.readableLength === 0);
      now = 10_000;
      const quick = await begun(900 * KB, '192.0.2.2');
      for (const { its } of [small, steady, quick]) its.end();
      await Promise.all([small.received, steady.received, quick.received]);
      expect(taken).toHaveLength(3);
    });

    test('nobody is hurried while there is room', async () => {
      const stopped = await begun(900 * KB, '192.0.2.1');
      now = 60_000;
      const other = await begun(90 * KB, '192.0.2.2');
      for (const { its } of [stopped, other]) its.end();
      await Promise.all([stopped.received, other.received]);
      expect(taken).toHaveLength(2);
    });
  });
});
