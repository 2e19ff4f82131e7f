import { Injectable } from '@nestjs/common';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { auditEntry, operator, session } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors.js';
import { newId } from '#kernel/ids.js';
import { validate } from '#kernel/validate.js';
import type { Role } from './api-key.service.js';
import { hashPassword, isPassword, newPassword } from './password.js';

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

  /** @returns the operator, or null; both take the same time */
  async verify(
    email: string,
    password: string,
  ): Promise<{ id: string; publicationId: string; role: Role } | null> {
    const known = await this.find(email);
    const same = await isPassword(password, known?.passwordHash);
    return known && same ? { id: known.id, publicationId: known.publicationId, role: known.role } : null;
  }

  /**
   * Replaces a password and ends every session of its operator: whoever knew the old one is out.
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
   * anybody can fill the audit; the statement is the same, and so is its time.
   */
  async noteWrongPassword(email: string): Promise<void> {
    const [action, subject, at] = ['sign-in failed', 'operators', this.clock.now().toISOString()];
    await this.database.db.execute(sql`
      INSERT INTO ${auditEntry} (id, publication_id, action, subject_type, subject_id, at)
      SELECT ${newId()}::uuid, ${operator.publicationId}, ${action}, ${subject}, ${operator.id}::text, ${at}::timestamptz
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
