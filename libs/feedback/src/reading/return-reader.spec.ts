import { Metrics } from '#kernel/observing/metrics.js';
import { SandboxError, type SandboxReason } from '#kernel/sandbox/sandbox-error.js';
import type { Sandbox } from '#kernel/sandbox/sandbox.js';
import { fixture } from './fixtures.js';
import { readReturnedMail } from './read-returned-mail.js';
import type { ReadingTasks } from './reading-tasks.js';
import { endedReading, ReturnReader } from './return-reader.js';
import { ReturnSandbox } from './return-sandbox.js';
import { understoodMail, type UnderstoodMail } from './understood-mail.js';

const returns = new ReturnSandbox(new Metrics());
const reader = new ReturnReader(returns.sandbox);
afterAll(() => returns.onApplicationShutdown());

const readAll = async (its: ReturnReader, raws: Uint8Array[]): Promise<UnderstoodMail[]> =>
  (await its.readAll(raws)).map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
const bounce = (address: string) =>
  fixture({ text: `could not be delivered\n\n<${address}>: 550 5.1.1 unknown user\n`, original: 'message' });

test('reads as the function does, in order, with dates and attachments', async () => {
  const raws = [
    ...Array.from({ length: 150 }, (_, n) => bounce(`r${String(n)}@reader.example`)),
    fixture({
      text: 'x',
      reportType: 'feedback-report',
      part: [
        'message/feedback-report',
        'Feedback-Type: abuse\nArrival-Date: Tue, 24 Nov 2026 10:00:00 +0000\n',
      ],
    }),
    fixture({
      subject: 'Report domain: a.example',
      text: 'x',
      part: ['application/gzip; name="a!b!1!2.xml.gz"\nContent-Transfer-Encoding: base64', 'AAEC'],
    }),
  ];
  const read = await readAll(reader, raws);
  expect(read.slice(0, 150).map((its) => its.recipients[0]?.address)).toEqual(
    Array.from({ length: 150 }, (_, n) => `r${String(n)}@reader.example`),
  );
  expect(read[150]?.complaint?.arrivedAt).toEqual(new Date('2026-11-24T10:00:00Z'));
  expect([...(read[151]?.report?.content ?? [])]).toEqual([0, 1, 2]);
  expect(read[0]).toEqual(understoodMail(await readReturnedMail(raws[0] ?? new Uint8Array())));
});

test('of a mail of twenty megabytes the report is read, not our pictures', async () => {
  const large = Buffer.concat([bounce('anna@reader.example'), Buffer.alloc(25_000_000, 'QUJD\n')]);
  expect(await reader.read(large)).toMatchObject({
    kind: 'bounce',
    recipients: [{ address: 'anna@reader.example' }],
  });
});

test.each<SandboxReason>(['time', 'memory'])(
  'one that breaks the limit of %s is other, and harms none beside it',
  async (reason) => {
    const bad = Buffer.from('bad');
    const run = (_: string, raws: Uint8Array[]) =>
      raws.includes(bad)
        ? Promise.reject(new SandboxError('read', reason))
        : Promise.all(raws.map(async (raw) => understoodMail(await readReturnedMail(raw))));
    const limited = new ReturnReader({ run } as unknown as Sandbox<ReadingTasks>);
    const read = await readAll(limited, [bounce('anna@reader.example'), bad, bounce('bert@reader.example')]);
    expect(read.map((its) => [its.kind, its.recipients[0]?.address, its.note])).toEqual([
      ['bounce', 'anna@reader.example', null],
      ['other', undefined, `It takes too much ${reason} to be read.`],
      ['bounce', 'bert@reader.example', null],
    ]);
  },
);

test('one that ends the process ends no other reading, and is told apart', async () => {
  const bad = Buffer.from('bad');
  const tasks: number[] = [];
  const run = (task: string, raws: Uint8Array[]) => {
    tasks.push(raws.length);
    if (raws.includes(bad)) return Promise.reject(new SandboxError(task, 'died'));
    return Promise.all(raws.map(async (raw) => understoodMail(await readReturnedMail(raw))));
  };
  const fragile = new ReturnReader({ run } as unknown as Sandbox<ReadingTasks>);
  const read = await fragile.readAll([bounce('anna@reader.example'), bad, bounce('bert@reader.example')]);
  expect(tasks).toEqual([3, 1, 1, 1]);
  expect(read.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(read.map((its) => its.status === 'rejected' && endedReading(its.reason))).toEqual([
    false,
    true,
    false,
  ]);
});

test('what a server says is understood where it is read, and its words come out fit to be stored', async () => {
  const { recipients } = await reader.read(bounce('anna@reader.example'));
  expect(recipients).toEqual([
    {
      address: 'anna@reader.example',
      finalAddress: null,
      action: 'failed',
      code: 550,
      status: '5.1.1',
      class: 'hard',
      reason: expect.not.stringContaining('anna@') as string,
    },
  ]);
});

test.each<SandboxReason>(['busy', 'died'])('what is ended by %s is worth another try', async (reason) => {
  const cause = new SandboxError('read', reason);
  const ended = new ReturnReader({ run: () => Promise.reject(cause) } as unknown as Sandbox<ReadingTasks>);
  await expect(ended.read(new Uint8Array())).rejects.toMatchObject({
    code: 'unavailable',
    cause,
    retryAfter: 10,
  });
});
