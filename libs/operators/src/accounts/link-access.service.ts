import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { RateCounter } from '#database/rate-limit.js';
import { Clock } from '#kernel/clock.js';
import { accountLinkId, accountLinkUrl } from '#kernel/crypto/account-links.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { DomainError } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { AuditLog } from '../audit/audit.js';
import { AuditRepository } from '../audit/audit.repository.js';
import type { Caller } from '../rights/caller.js';
import { AccountLinkRepository, type OpenLink } from './account-link.repository.js';
import { replacePassword } from './new-password.js';
import { OperatorRepository, type OperatorRow } from './operator.repository.js';
import { hashPassword } from './password.js';
import { insertResetLink } from './reset-links.js';

/** Mails that one client can have sent to one address: strangers are not to use up what its holder has. */
const MAILS_OF_PAIR = { name: 'reset-pair', points: 3, windowS: 3_600 };
/** That all can have sent to one address, and one client to all. */
const MAILS_TO_ONE = { name: 'reset-mail', points: 12, windowS: 3_600 };
const MAILS_BY_ONE = { name: 'reset-client', points: 20, windowS: 3_600 };
const TOO_MANY = 'Too many mails were asked for; wait a while.';

/** What an invitation says to whoever opens it. */
export interface Invitation {
  email: string;
  name: string;
  role: OperatorRow['role'];
}

/** What links of mails let people do: accept an invitation, and set a new password. */
@Injectable()
export class LinkAccess {
  private readonly ofPair: RateCounter;
  private readonly toOne: RateCounter;
  private readonly byOne: RateCounter;

  constructor(
    private readonly database: Database,
    private readonly links: AccountLinkRepository,
    private readonly operators: OperatorRepository,
    private readonly audit: AuditRepository,
    private readonly trail: AuditLog,
    private readonly outbox: Outbox,
    private readonly signer: TokenSigner,
    private readonly log: Log,
    private readonly clock: Clock,
  ) {
    this.ofPair = new RateCounter(database, MAILS_OF_PAIR);
    this.toOne = new RateCounter(database, MAILS_TO_ONE);
    this.byOne = new RateCounter(database, MAILS_BY_ONE);
  }

  /** @throws DomainError `not_found` for a link that was used, is over, or is none of ours */
  async invitation(token: string): Promise<Invitation> {
    const link = await this.openLink('invitation', token);
    const { email, name, role } = await this.invited(this.database.db, link);
    return { email, name, role };
  }

  /**
   * Accepts an invitation: its operator has a password and can sign in.
   * @param ip from where
   * @returns the operator's id
   * @throws DomainError as {@link invitation}
   */
  async accept(
    token: string,
    { name, password }: { name?: string | undefined; password: string },
    ip?: string,
  ): Promise<string> {
    const { id: linkId } = await this.openLink('invitation', token); // before a third of a second of scrypt
    const passwordHash = await hashPassword(password);
    return this.database.transaction(async (tx) => {
      const row = await this.invited(tx, await this.taken(tx, 'invitation', linkId));
      await this.operators.update(tx, row.id, { status: 'active', ...(name ? { name } : {}) });
      await this.replacePassword(tx, row, passwordHash);
      await this.note(tx, row, 'invitation accepted', ip);
      return row.id;
    });
  }

  /**
   * Sends a link for a new password, if there is such an operator. Answers before it has looked, so neither words nor time tell.
   * @throws DomainError `rate_limited`, alike for every address
   */
  async requestReset(email: string, client: string, ip?: string): Promise<void> {
    const wanted = email.trim().toLowerCase();
    // The narrower first: what it refuses does not count against others.
    await this.ofPair.take([wanted, client], TOO_MANY);
    await this.byOne.take([client], TOO_MANY);
    await this.toOne.take([wanted], TOO_MANY);
    this.mailReset(wanted, ip).catch((error: unknown) => {
      this.log.error('a mail for a new password could not be written', error);
    });
  }

  /** Whether the link can be used. @throws DomainError `not_found` */
  async resetFor(token: string): Promise<{ email: string }> {
    const { email } = await this.whose(this.database.db, await this.openLink('reset', token));
    return { email };
  }

  /**
   * Sets a new password by a link: every session ends, and guesses are forgotten.
   * @throws DomainError `not_found` for a link that was used, is over, or is none of ours
   */
  async reset(token: string, password: string, ip?: string): Promise<void> {
    const { id: linkId } = await this.openLink('reset', token);
    const passwordHash = await hashPassword(password);
    await this.database.transaction(async (tx) => {
      const row = await this.whose(tx, await this.taken(tx, 'reset', linkId));
      await this.replacePassword(tx, row, passwordHash);
      await this.note(tx, row, 'password reset', ip);
    });
  }

  /**
   * A link for a new password, to be handed over by whoever may; those before work no more, nor does an invitation.
   * @param base the site's address
   * @param by who makes it, for the audit
   */
  async resetLink(row: OperatorRow, base: string, by: Caller): Promise<{ url: string; expiresAt: Date }> {
    if (row.status === 'disabled') throw new DomainError('conflict', 'This account is disabled.');
    const { id, expiresAt } = await this.database.transaction(async (tx) => {
      await this.links.dropOf(tx, row.id);
      if (row.status === 'invited') await this.operators.update(tx, row.id, { status: 'active' });
      const link = await insertResetLink(tx, this.links, row, this.clock.now());
      await this.trail.noteWithin(tx, by, 'operators', row.id);
      return link;
    });
    return { url: accountLinkUrl(this.signer, base, 'reset', id), expiresAt };
  }

  private async mailReset(email: string, ip?: string): Promise<void> {
    const mailId = await this.database.transaction(async (tx) => {
      const row = await this.links.findWhoResets(tx, email);
      if (!row) return undefined;
      const { id: linkId, expiresAt } = await insertResetLink(tx, this.links, row, this.clock.now());
      await this.note(tx, row, 'password reset asked for', ip);
      const payload = { linkId, until: expiresAt.toISOString() };
      const { publicationId } = row;
      return this.outbox.write(tx, { publicationId, kind: 'password-reset', address: row.email, payload });
    });
    if (mailId) await this.outbox.announce(mailId);
  }

  private async openLink(kind: 'invitation' | 'reset', token: string): Promise<OpenLink> {
    const id = accountLinkId(this.signer, kind, token);
    const link = id && (await this.links.findOpen(this.database.db, kind, id, this.clock.now()));
    if (!link) throw over();
    return link;
  }

  private async taken(tx: Executor, kind: 'invitation' | 'reset', id: string): Promise<OpenLink> {
    const link = await this.links.take(tx, kind, id, this.clock.now());
    if (!link) throw over();
    return link;
  }

  private async whose(db: Executor, { operatorId }: OpenLink): Promise<OperatorRow> {
    const row = operatorId && (await this.operators.findById(db, operatorId));
    if (!row || row.status === 'disabled') throw over();
    return row;
  }

  /** Of an invitation: whoever has come in otherwise since has no use for it, and nobody else is to have. */
  private async invited(db: Executor, link: OpenLink): Promise<OperatorRow> {
    const row = await this.whose(db, link);
    if (row.status !== 'invited') throw over();
    return row;
  }

  private async replacePassword(tx: Executor, row: OperatorRow, passwordHash: string): Promise<void> {
    await replacePassword(tx, { operators: this.operators, links: this.links }, row, passwordHash);
  }

  private async note(
    tx: Executor,
    { id, publicationId, email }: Pick<OperatorRow, 'id' | 'publicationId' | 'email'>,
    action: string,
    ip?: string,
  ): Promise<void> {
    const at = this.clock.now();
    const about = { actorId: null, actorName: email, subjectType: 'operators', subjectId: id };
    await this.audit.insert(tx, { publicationId, action, ...about, at }, ip);
  }
}

function over(): DomainError {
  const message = 'This link does not work any more: it was used, or its time is over. Ask for a new one.';
  return new DomainError('not_found', message);
}
