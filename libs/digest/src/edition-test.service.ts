import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { ADDRESS_PROBLEMS, parseAddress } from '#kernel/address.js';
import { validate } from '#kernel/validate.js';
import { Outbox } from '#queue/outbox.js';
import { EditionPreviewService } from './edition-preview.service.js';
import { EditionService } from './edition.service.js';
import { PublicationService } from '#audience/publication.service.js';

const address = z.string().transform((text, context) => {
  const parsed = parseAddress(text);
  if (typeof parsed !== 'string') return parsed.address;
  context.addIssue({ code: 'custom', message: ADDRESS_PROBLEMS[parsed], params: { code: parsed } });
  return z.NEVER;
});

/** `POST /editions/:id/test`. */
export const testInput = z.strictObject({
  to: z
    .array(address)
    .min(1, 'Give at least one address.')
    .max(20, 'Give at most 20 addresses.')
    .describe('Who gets the test: colleagues, not readers.'),
});

/** Sends an edition to a few addresses for a look. Its links act on nobody. */
@Injectable()
export class EditionTestService {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionService,
    private readonly previews: EditionPreviewService,
    private readonly publications: PublicationService,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @param given see {@link testInput}
   * @returns how many mails are on their way
   * @throws DomainError `invalid_input` also when the edition cannot be rendered; `not_found`
   */
  async send(editionId: string, given: unknown): Promise<{ queued: number }> {
    const { to } = validate(testInput, given);
    await this.editions.get(editionId);
    await this.previews.render(editionId); // what cannot be rendered is said now, not in a log later
    const { id: publicationId } = await this.publications.current();
    const mailIds = await this.database.transaction(async (tx) => {
      const ids: string[] = [];
      for (const one of new Set(to)) {
        ids.push(
          await this.outbox.write(tx, { publicationId, kind: 'edition-test', address: one, editionId }),
        );
      }
      return ids;
    });
    for (const id of mailIds) await this.outbox.announce(id);
    return { queued: mailIds.length };
  }
}
