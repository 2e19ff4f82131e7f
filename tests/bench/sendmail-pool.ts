import { givenTask, measureHere, pooledTransport } from './baseline-process.js';
import { mailFor } from './sample-mail.js';

/** A baseline: nodemailer alone, a pool and `sendMail` for each reader; no ledger, no queue. */
const task = givenTask();
const transport = pooledTransport(task);
let next = 0;

async function lane(): Promise<void> {
  while (next < task.n) await send(next++);
}

async function send(i: number): Promise<void> {
  try {
    await transport.sendMail(mailFor(task.mail, i));
  } catch (error) {
    if (!task.someAreRefused || !(error instanceof Error && 'responseCode' in error)) throw error;
  }
}

// As many loops as connections: nobody waits for another, and nothing piles up in memory.
await measureHere(task.n, async () => {
  await Promise.all(Array.from({ length: task.connections }, lane));
});
