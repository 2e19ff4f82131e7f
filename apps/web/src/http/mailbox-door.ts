import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { TransportSource } from '#delivery/transports/transport-settings.js';
import { isFromThisMachine, originOf } from '#kernel/this-machine.js';

/** Whether there is a built-in mailbox, and who may read it without signing in: its mails hold links that work. */
@Injectable()
export class MailboxDoor {
  constructor(private readonly transports: TransportSource) {}

  /** Only while no mail leaves the installation. */
  async isThere(): Promise<boolean> {
    return !(await this.transports.hasWayOut());
  }

  /** Open on the machine itself, so that an operator who tries it out sees the first mail at once. */
  isOpenTo(request: FastifyRequest): boolean {
    return isFromThisMachine(originOf(request.raw));
  }

  /** Whether a page may send this very reader there. */
  async isForReader(request: FastifyRequest): Promise<boolean> {
    return this.isOpenTo(request) && (await this.isThere());
  }
}
