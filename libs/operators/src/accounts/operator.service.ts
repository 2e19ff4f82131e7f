import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { validate } from '#kernel/input/validate.js';
import { AuditRepository, type Whose } from '../audit/audit.repository.js';
import { AccountLinkRepository } from './account-link.repository.js';
import { replacePassword } from './new-password.js';
import { OperatorRepository } from './operator.repository.js';
import { hashPassword, isPassword, newPassword } from './password.js';

/** An operator whose password was right. */
export interface Verified {
  id: string;
  publicationId: string;
  /** What it was checked against: a session is opened only while this is still the password. */
  passwordHash: string;
  /** A password is not enough: there is a second factor. */
  needsCode: boolean;
}

/** The people who run a publication. */
@Injectable()
export class OperatorService {
  constructor(
    private readonly database: Database,
    private readonly operators: OperatorRepository,
    private readonly links: AccountLinkRepository,
    private readonly audit: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** Makes the first owner if the publication has no operator yet. */
  async ensureFirstOwner(publicationId: string, email: string, password: string): Promise<void> {
    const { db } = this.database;
    if (await this.operators.isThereAny(db)) return;
    const passwordHash = await hashPassword(password);
    const createdAt = this.clock.now();
    const row = { id: newId(), publicationId, email: email.toLowerCase(), passwordHash, createdAt };
    await this.operators.insert(db, { ...row, role: 'owner', status: 'active' });
  }

  /**
   * @param isKnown the client has signed in to the account before: see {@link isPassword}
   * @returns the operator, or null; both take the same time
   * @throws DomainError `unavailable` when too many sign in at once
   */
  async verify(email: string, password: string, isKnown = false): Promise<Verified | null> {
    const known = await this.operators.findByEmail(this.database.db, email);
    const stored = known?.status === 'active' ? (known.passwordHash ?? undefined) : undefined;
    const same = await isPassword(password, stored, isKnown);
    if (!known || !stored || !same) return null;
    const { id, publicationId, totpSince } = known;
    return { id, publicationId, passwordHash: stored, needsCode: totpSince !== null };
  }

  /**
   * Replaces a password: see {@link replacePassword}. Who was invited has accepted by that, and the invitation is over.
   * @throws DomainError `not_found`; `invalid_input` naming `password`
   */
  async setPassword(email: string, password: string): Promise<void> {
    const checked = validate(z.strictObject({ password: newPassword }), { password });
    const known = await this.operators.findByEmail(this.database.db, email);
    if (!known) throw notFound('operator');
    const passwordHash = await hashPassword(checked.password);
    await this.database.transaction(async (tx) => {
      await replacePassword(tx, { operators: this.operators, links: this.links }, known, passwordHash);
      if (known.status === 'invited') await this.operators.update(tx, known.id, { status: 'active' });
      await this.audit.insert(tx, {
        publicationId: known.publicationId,
        actorId: null, // the person at the server
        action: 'operators set-password',
        subjectType: 'operators',
        subjectId: known.id,
        at: this.clock.now(),
      });
    });
  }

  /**
   * Notes in the audit that somebody tried to be an operator and could not prove it. An address that no
   * operator has makes no entry, or anybody could fill the audit. Do not wait for this before answering: an entry takes longer than none, so
   * the time would tell whether there is such an operator.
   * @param detail who it was and how they tried, as far as may be kept
   */
  async noteFailedProof(whose: Whose, detail: { client: string; by: string }): Promise<void> {
    const entry = { action: 'sign-in failed', detail, at: this.clock.now() };
    await this.audit.insertAbout(this.database.db, whose, entry);
  }
}
