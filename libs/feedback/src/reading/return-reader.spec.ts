import { Metrics } from '#kernel/observing/metrics.js';
import { SandboxError, type SandboxReason } from '#kernel/sandbox/sandbox-error.js';
import type { Sandbox } from '#kernel/sandbox/sandbox.js';
import { fixture } from './fixtures.js';
import { readReturnedMail } from './read-returned-mail.js';
import type { ReadingTasks } from './reading-tasks.js';
import { ReturnReader } from './return-reader.js';
import { ReturnSandbox } from './return-sandbox.js';

const returns = new ReturnSandbox(new Metrics());
const reader = new ReturnReader(returns.sandbox);
afterAll(() => returns.onApplicationShutdown());

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
  const read = await reader.readAll(raws);
  expect(read.slice(0, 150).map((its) => its.recipients[0]?.address)).toEqual(
    Array.from({ length: 150 }, (_, n) => `r${String(n)}@reader.example`),
  );
  expect(read[150]?.complaint?.arrivedAt).toEqual(new Date('2026-11-24T10:00:00Z'));
  expect([...(read[151]?.report?.content ?? [])]).toEqual([0, 1, 2]);
  expect(read[0]).toEqual(await readReturnedMail(raws[0] ?? new Uint8Array()));
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
        : Promise.all(raws.map(readReturnedMail));
    const limited = new ReturnReader({ run } as unknown as Sandbox<ReadingTasks>);
    const read = await limited.readAll([bounce('anna@reader.example'), bad, bounce('bert@reader.example')]);
    expect(read.map((its) => [its.kind, its.recipients[0]?.address, its.note])).toEqual([
      ['bounce', 'anna@reader.example', null],
      ['other', undefined, `It takes too much ${reason} to be read.`],
      ['bounce', 'bert@reader.example', null],
    ]);
  },
);

test.each<SandboxReason>(['busy', 'died'])('what is ended by %s is worth another try', async (reason) => {
  const cause = new SandboxError('read', reason);
  const ended = new ReturnReader({ run: () => Promise.reject(cause) } as unknown as Sandbox<ReadingTasks>);
  await expect(ended.read(new Uint8Array())).rejects.toMatchObject({
    code: 'unavailable',
    cause,
    retryAfter: 10,
  });
});
