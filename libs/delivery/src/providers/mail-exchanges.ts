import { Injectable } from '@nestjs/common';
import { Resolver } from 'node:dns/promises';

/** Asks DNS for the MX records of domains. */
@Injectable()
export class MailExchanges {
  /**
   * @param signal ends the question
   * @throws what DNS said, or that it did not answer in time
   */
  async of(domain: string, signal: AbortSignal): Promise<{ exchange: string; priority: number }[]> {
    signal.throwIfAborted();
    const resolver = new Resolver();
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await resolver.resolveMx(domain);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}
