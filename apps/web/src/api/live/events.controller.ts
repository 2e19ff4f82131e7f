import { Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { LiveEvents } from '#operators/live/live-events.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller, type WithCaller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { EventStream } from './event-stream.js';

/** How often a quiet connection is written to, and asked whether whose it is may still listen. */
const BEAT_MS = 15_000;

const eventsQuery = z.strictObject({
  lastEventId: z
    .string()
    .max(20)
    .optional()
    .describe('As the header `Last-Event-ID`, which browsers send by themselves.'),
});
type EventsQuery = z.output<typeof eventsQuery>;

@ApiController('events')
export class EventsController {
  /** Shorter in tests. */
  beatMs = BEAT_MS;

  constructor(private readonly live: LiveEvents) {}

  @Get()
  @Endpoint({
    summary: 'What happens, as it happens: server-sent events, each with the id of what it is about',
    produces: 'text/event-stream',
    problems: [429],
  })
  async listen(
    @Caller() caller: ApiCaller,
    @Query({ schema: eventsQuery }) { lastEventId }: EventsQuery,
    @Req() request: WithCaller,
    @Res() reply: FastifyReply,
  ) {
    const stream = new EventStream();
    const end = () => stream.end();
    const hear = stream.send.bind(stream);
    const listener = { caller, hear, end };
    const leave = await this.live.listen(listener, placeIn(request.headers['last-event-id'] ?? lastEventId));
    if (reply.raw.destroyed) {
      leave();
      return;
    } // gone meanwhile; nothing tells of it any more
    const beat = setInterval(() => {
      Promise.resolve(request.admitAgain?.()).then((still) => {
        listener.caller = still ?? caller; // with the rights they have now
        if (!stream.beat()) end();
      }, end); // the session or the key has ended, or nobody can tell
    }, this.beatMs);
    reply.raw.once('close', () => {
      clearInterval(beat);
      leave();
      stream.body.destroy();
    });
    await reply
      .type('text/event-stream; charset=utf-8')
      .header('Cache-Control', 'no-store')
      .header('X-Accel-Buffering', 'no')
      .send(stream.body);
  }
}

/** The place in a Last-Event-ID; null: there is none. What is no place of ours is one that is not kept. */
function placeIn(given: string | string[] | undefined): number | null {
  const text = [given].flat()[0];
  if (text === undefined || text === '') return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : -2;
}
