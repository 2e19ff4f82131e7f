import { FastifyAdapter } from '@bull-board/fastify';
import { DomainError } from '#kernel/errors/errors.js';
import { toProblem } from '#kernel/errors/problem.js';
import type { Log } from '#kernel/observing/logger.js';
import { within } from '#queue/store/within.js';

/** With the store gone, BullMQ would wait for it, and the end of the process for BullMQ. */
const ANSWER_MS = 3_000;

type Routes = Parameters<FastifyAdapter['setApiRoutes']>[0];
type Answer = ReturnType<Parameters<FastifyAdapter['setErrorHandler']>[0]>;

/** Bull Board on Fastify without the routes that change something: nobody needs to, for the tick finds what a queue has lost. */
export class ReadingAdapter extends FastifyAdapter {
  override setApiRoutes(routes: Routes): FastifyAdapter {
    const reading = routes.filter(({ method }) => method === 'get');
    return super.setApiRoutes(
      reading.map((route) => ({ ...route, handler: (given) => inTime(route.handler(given)) })),
    );
  }
}

async function inTime<T>(answer: T | Promise<T>): Promise<T> {
  const work = Promise.resolve(answer);
  if (await within(work, ANSWER_MS)) return work;
  throw new DomainError('unavailable', 'The queue does not answer at the moment.');
}

/** A refusal of ours, or what went wrong with the board. */
export function problemOf(error: Error, log: Log): Answer {
  if (!(error instanceof DomainError)) log.error('the queue board failed', error);
  const problem = toProblem(error);
  return { status: problem.status, body: problem } as unknown as Answer;
}
