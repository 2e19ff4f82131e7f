import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { getQueueToken } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { QUEUES } from '#queue/jobs/jobs.js';
import { rootPath } from '../reader/page/page-layout.js';
import { problemOf, ReadingAdapter } from './reading-adapter.js';

/** Where it is; the front door lets in who has signed in. */
export const BOARD_PATH = '/admin/queues';

const CSP = 'content-security-policy';

/** Its page says by `<base>` where its scripts are; all else holds for it as for any page. */
function boardPolicy(policy: string): string {
  return policy.replace("base-uri 'none'", "base-uri 'self'");
}

/** Who works on a queue only Redis could tell, by its clients; of other stores the board would say that nobody does. */
class QueueToLookAt extends BullMQAdapter {
  override getWorkers(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** Bull Board: what waits in the queues, what runs and what failed, to look at. */
@Injectable()
export class QueueBoard {
  constructor(
    private readonly modules: ModuleRef,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** After the hooks that hold for the whole site. */
  async install(fastify: FastifyInstance): Promise<void> {
    const board = this.board();
    await fastify.register(
      (scope, _options, done) => {
        scope.addHook('onSend', (_request, reply, payload, next) => {
          reply.header(CSP, boardPolicy(String(reply.getHeader(CSP))));
          next(null, payload);
        });
        scope.register(board.registerPlugin());
        done();
      },
      { prefix: BOARD_PATH },
    );
  }

  private board(): ReadingAdapter {
    const adapter = new ReadingAdapter();
    adapter.setBasePath(`${rootPath(this.config.baseUrl)}${BOARD_PATH}`);
    createBullBoard({
      queues: QUEUES.map((name) => new QueueToLookAt(this.queue(name), { readOnlyMode: true })),
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: 'Broadsheet: queues' } },
    });
    adapter.setErrorHandler((error) => problemOf(error, this.log));
    return adapter;
  }

  private queue(name: string): Queue {
    return this.modules.get<Queue>(getQueueToken(name), { strict: false });
  }
}
