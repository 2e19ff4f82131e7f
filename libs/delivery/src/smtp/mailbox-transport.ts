import { mailboxMessage } from '#database/schema/index.js';
import type { Clock } from '#kernel/clock.js';
import type { Database } from '#database/database.js';
import { wireChunks } from '#rendering/wire/plate.js';
import { newId } from '#kernel/ids.js';
import type { SendResult } from '../outcomes/send-result.js';
import { tryStamp } from './stamping.js';
import { Transport, type OutgoingMessage, type Permission } from './transport.js';

/** The built-in mailbox, used while SMTP_URL is unset: mail is kept here and never leaves the machine. */
export class MailboxTransport extends Transport {
  readonly name = 'mailbox';
  readonly lanes = 1; // the embedded database runs one transaction at a time

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async send(message: OutgoingMessage, begin: Permission = () => true): Promise<SendResult> {
    if (!begin('content')) return { kind: 'not-begun' };
    const made = tryStamp(message, '7bit');
    if (!made.stamped) return made.failure;
    try {
      await this.database.db
        .insert(mailboxMessage)
        .values({
          id: newId(),
          messageId: message.messageId,
          recipient: message.to,
          sender: message.from,
          subject: message.subject,
          raw: Buffer.concat(wireChunks(made.stamped)),
          opensAccount: message.opensAccount ?? false,
          receivedAt: this.clock.now(),
        })
        // Like a mail store: a resend with the same Message-ID is the same message.
        .onConflictDoNothing();
      return { kind: 'accepted', code: 250, reply: '250 2.0.0 kept in the built-in mailbox' };
    } catch (error) {
      return { kind: 'broken', stage: 'before', reason: (error as Error).message };
    }
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}
