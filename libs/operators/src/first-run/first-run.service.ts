import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { accountLinkId, accountLinkUrl } from '#kernel/crypto/account-links.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { DomainError } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { AccountLinkRepository } from '../accounts/account-link.repository.js';
import { OperatorRepository } from '../accounts/operator.repository.js';
import { hashPassword } from '../accounts/password.js';
import { AuditRepository } from '../audit/audit.repository.js';

/** The link is printed into a log, which lies about. */
const FIRST_RUN_MS = 3_600_000;

/** The link of an installation that nobody runs yet: whoever starts it sees it, and makes themselves its first owner. */
@Injectable()
export class FirstRun {
  constructor(
    private readonly database: Database,
    private readonly links: AccountLinkRepository,
    private readonly operators: OperatorRepository,
    private readonly audit: AuditRepository,
    private readonly signer: TokenSigner,
    private readonly clock: Clock,
  ) {}

  /**
   * A new link, in place of the one of the last start. It works for an hour.
   * @param isWanted false: whoever starts it has a key of their own; the link of the last start works no more all the same
   * @returns null when there is an operator
   */
  async makeLink(publicationId: string, base: string, isWanted: boolean): Promise<string | null> {
    const id = await this.database.transaction(async (tx) => {
      await this.links.dropFirstRun(tx);
      if (!isWanted || (await this.operators.isThereAny(tx))) return null;
      const [id, createdAt] = [newId(), this.clock.now()];
      const expiresAt = new Date(createdAt.getTime() + FIRST_RUN_MS);
      await this.links.insert(tx, { id, publicationId, kind: 'first-run', createdAt, expiresAt });
      return id;
    });
    return id && accountLinkUrl(this.signer, base, 'first-run', id);
  }

  /** @throws DomainError `not_found` when the link was used, is of an earlier start or an hour old, or there is an operator by now */
  async insist(token: string): Promise<string> {
    const id = accountLinkId(this.signer, 'first-run', token);
    const { db } = this.database;
    const link = id && (await this.links.findOpen(db, 'first-run', id, this.clock.now()));
    if (!link || (await this.operators.isThereAny(db))) throw over();
    return link.id;
  }

  /** Uses the link: makes the owner. Of two at once, one does. @returns the owner's id. @throws DomainError as {@link insist} */
  async makeOwner(
    token: string,
    { email, name, password }: { email: string; name: string; password: string },
    ip?: string,
  ): Promise<{ id: string; publicationId: string }> {
    const linkId = await this.insist(token);
    const passwordHash = await hashPassword(password);
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const link = await this.links.take(tx, 'first-run', linkId, now);
      if (!link || (await this.operators.isThereAny(tx))) throw over();
      const { publicationId } = link;
      const id = newId();
      const row = { id, publicationId, email, name, passwordHash, createdAt: now };
      await this.operators.insert(tx, { ...row, role: 'owner', status: 'active' });
      const about = { actorId: id, actorName: email, subjectType: 'operators', subjectId: id };
      await this.audit.insert(tx, { publicationId, action: 'first run', ...about, at: now }, ip);
      return { id, publicationId };
    });
  }
}

function over(): DomainError {
  const message =
    'This link does not work any more: it was used, its hour is over, or the server was started again since. A start prints a new one.';
  return new DomainError('not_found', message);
}
