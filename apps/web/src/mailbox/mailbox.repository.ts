import { Injectable } from '@nestjs/common';
import { and, desc, eq, lt, or, sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { mailboxMessage } from '#database/schema/index.js';

/** One line of the mailbox. */
export interface MailboxItem {
  id: string;
  to: string;
  from: string;
  subject: string;
  receivedAt: Date;
}

export interface MailboxQuery {
  /** Only mail to this address. */
  to?: string | undefined;
  /** Only what stands after this message in the list: older mail. */
  before?: string | undefined;
  limit: number;
  /** Also those by which one becomes an operator or signs in as one. */
  withAccounts: boolean;
}

const itemColumns = {
  id: mailboxMessage.id,
  to: mailboxMessage.recipient,
  from: mailboxMessage.sender,
  subject: mailboxMessage.subject,
  receivedAt: mailboxMessage.receivedAt,
};

/** The mail that was kept instead of sent. */
@Injectable()
export class MailboxRepository {
  constructor(private readonly database: Database) {}

  /** Newest first, without the messages themselves. */
  async list({ to, before, limit, withAccounts }: MailboxQuery): Promise<MailboxItem[]> {
    const last = before ? await this.find(before, withAccounts) : undefined;
    return this.database.db
      .select(itemColumns)
      .from(mailboxMessage)
      .where(
        and(
          reach(withAccounts),
          to ? eq(sql`lower(${mailboxMessage.recipient})`, to.toLowerCase()) : undefined,
          last &&
            or(
              lt(mailboxMessage.receivedAt, last.receivedAt),
              and(eq(mailboxMessage.receivedAt, last.receivedAt), lt(mailboxMessage.id, last.id)),
            ),
        ),
      )
      .orderBy(desc(mailboxMessage.receivedAt), desc(mailboxMessage.id))
      .limit(limit);
  }

  /** One message, as it would have gone over the wire. */
  async find(id: string, withAccounts: boolean): Promise<(MailboxItem & { raw: Buffer }) | undefined> {
    const [row] = await this.database.db
      .select({ ...itemColumns, raw: mailboxMessage.raw })
      .from(mailboxMessage)
      .where(and(eq(mailboxMessage.id, id), reach(withAccounts)));
    return row;
  }
}

function reach(withAccounts: boolean) {
  return withAccounts ? undefined : eq(mailboxMessage.opensAccount, false);
}
