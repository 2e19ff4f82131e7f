import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { isNotSuppressed } from '#audience/subscribers/mailable.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { ClaimedMail } from '#queue/outbox/outbox.repository.js';

/** A mail with whom it is for. */
export interface AddressedMail extends ClaimedMail {
  /** Whom to write to; null when the subscriber is gone or must not be mailed. */
  email: string | null;
  name: string | null;
  locale: string | null;
}

interface MailReader {
  email: string;
  name: string | null;
  locale: string;
}

/** Whom single mails are for. */
@Injectable()
export class MailReaderRepository {
  constructor(private readonly database: Database) {}

  async addressed(mail: ClaimedMail): Promise<AddressedMail> {
    if (!mail.subscriberId) return { ...mail, email: mail.address, name: null, locale: null };
    const reader = await this.find(mail.subscriberId);
    return { ...mail, ...(reader ?? { email: null, name: null, locale: null }) };
  }

  private async find(subscriberId: string): Promise<MailReader | undefined> {
    const result = await this.database.db.execute(sql`
      SELECT s.email, s.name, s.locale FROM subscriber s WHERE s.id = ${subscriberId} AND ${isNotSuppressed}`);
    return rowsOf<MailReader>(result)[0];
  }

  /** Names of the digests a reader asked for. */
  async digestNames(subscriberId: string): Promise<string[]> {
    const result = await this.database.db.execute(sql`
      SELECT d.name FROM subscription u JOIN digest d ON d.id = u.digest_id
      WHERE u.subscriber_id = ${subscriberId} AND d.archived_at IS NULL ORDER BY d.id`);
    return rowsOf<{ name: string }>(result).map((row) => row.name);
  }
}
