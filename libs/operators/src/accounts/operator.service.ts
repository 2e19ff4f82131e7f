import { Injectable } from '@nestjs/common';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { auditEntry, operator, session } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { validate } from '#kernel/input/validate.js';
import { forgetGuessesAt } from './guess-limiter.js';
import { hashPassword, isPassword, newPassword } from './password.js';

/** An operator whose password was right. */
export interface Verified {
  id: string;
  publicationId: string;
  /** What it was checked against: a session is opened only while this is still the password. */
  passwordHash: string;
}

/** The people who run a publication. */
@Injectable()
export class OperatorService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Makes the first owner if the publication has no operator yet. */
  async ensureFirstOwner(publicationId: string, email: string, password: string): Promise<void> {
    const existing = await this.database.db.select({ id: operator.id }).from(operator).limit(1);
    if (existing.length > 0) return;
    const passwordHash = await hashPassword(password);
    await this.database.db
      .insert(operator)
      .values({
        id: newId(),
        publicationId,
        email: email.toLowerCase(),
        passwordHash,
        role: 'owner',
        createdAt: this.clock.now(),
      })
      .onConflictDoNothing();
  }

  /**
   * @param isKnown the client has signed in to the account before: see {@link isPassword}
   * @returns the operator, or null; both take the same time
   * @throws DomainError `unavailable` when too many sign in at once
   */
  async verify(email: string, password: string, isKnown = false): Promise<Verified | null> {
    const known = await this.find(email);
    const same = await isPassword(password, known?.passwordHash, isKnown);
    if (!known || !same) return null;
    return { id: known.id, publicationId: known.publicationId, passwordHash: known.passwordHash };
  }

  /**
   * Replaces a password and ends every session of its operator: whoever knew the old one is out. Guesses at the account are
   * forgotten, so that whoever has the new one gets in.
   * @throws DomainError `not_found`; `invalid_input` naming `password`
   */
  async setPassword(email: string, password: string): Promise<void> {
    const checked = validate(z.strictObject({ password: newPassword }), { password });
    const known = await this.find(email);
    if (!known) throw notFound('operator');
    const passwordHash = await hashPassword(checked.password);
    await this.database.transaction(async (tx) => {
      await tx.update(operator).set({ passwordHash }).where(eq(operator.id, known.id));
      await tx.delete(session).where(eq(session.operatorId, known.id));
      await forgetGuessesAt(tx, known.email);
      await tx.insert(auditEntry).values({
        id: newId(),
        publicationId: known.publicationId,
        actorId: null, // whoever has the server
        action: 'operators set-password',
        subjectType: 'operators',
        subjectId: known.id,
        at: this.clock.now(),
      });
    });
  }

  /**
   * Notes in the audit that somebody had an operator's address and not the password. A stranger's address leaves none, lest
   * anybody can fill the audit. An entry takes longer than none: whoever waits for this before they answer, tells which it was.
   * @param detail who it was, as far as may be kept
   */
  async noteWrongPassword(email: string, detail: { client: string }): Promise<void> {
    const [action, subject, at] = ['sign-in failed', 'operators', this.clock.now().toISOString()];
    await this.database.db.execute(sql`
      INSERT INTO ${auditEntry} (id, publication_id, action, subject_type, subject_id, detail, at)
      SELECT ${newId()}::uuid, ${operator.publicationId}, ${action}, ${subject}, ${operator.id}::text,
        ${JSON.stringify(detail)}::jsonb, ${at}::timestamptz
      FROM ${operator} WHERE lower(${operator.email}) = ${email.trim().toLowerCase()}`);
  }

  private async find(email: string) {
    const [known] = await this.database.db
      .select()
      .from(operator)
      .where(eq(sql`lower(${operator.email})`, email.trim().toLowerCase()));
    return known;
  }
}
