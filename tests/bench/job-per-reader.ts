import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { givenTask, measureHere, pooledTransport } from './baseline-process.js';
import { mailFor } from './sample-mail.js';

/** Jobs added in one round trip: quicker than one by one. */
const ADD_AT_ONCE = 1_000;

/** A baseline: one BullMQ job per reader, each a `sendMail`, as tutorials have it. No database. */
const task = givenTask();
const connection = new Redis(task.redisUrl, { maxRetriesPerRequest: null });
const name = `bench-mails-${process.pid}`;
const queue = new Queue<{ i: number }>(name, {
  connection,
  defaultJobOptions: { removeOnComplete: true, attempts: 3 },
});
const transport = pooledTransport(task);
let sent = 0;

await measureHere(task.n, async () => {
  const done = new Promise<void>((resolve, reject) => {
    const worker = new Worker<{ i: number }>(
      name,
      async ({ data }) => {
        await transport.sendMail(mailFor(task.mail, data.i));
      },
      { connection, concurrency: task.connections },
    );
    worker.on('failed', (_job, error) => reject(error));
    worker.on('completed', () => {
      sent += 1;
      if (sent === task.n) resolve();
    });
  });
  for (let from = 0; from < task.n; from += ADD_AT_ONCE) {
    const count = Math.min(ADD_AT_ONCE, task.n - from);
    await queue.addBulk(Array.from({ length: count }, (_, i) => ({ name: 'mail', data: { i: from + i } })));
  }
  await done;
});
