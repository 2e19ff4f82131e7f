import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import type { OidcRole } from '#kernel/config/config.js';
import { DomainError } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { AccountLinkRepository } from '../accounts/account-link.repository.js';
import { OperatorRepository, type OperatorRow } from '../accounts/operator.repository.js';
import { AuditRepository } from '../audit/audit.repository.js';
import type { Identity } from './identity.js';

/** Which operator somebody is whom the identity provider knows. */
@Injectable()
export class ProviderAccounts {
  constructor(
    private readonly database: Database,
    private readonly operators: OperatorRepository,
    private readonly links: AccountLinkRepository,
    private readonly audit: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * By subject; the first time by the verified address of an operator or of somebody invited; else, where the provider gives roles, a new one.
   * @param role what the provider gives; undefined: roles are given here
   * @returns the operator's id
   * @throws DomainError `forbidden`
   */
  async operatorOf(identity: Identity, role: OidcRole | undefined): Promise<string> {
    return this.database.transaction(async (tx) => {
      const known =
        (await this.operators.findBySubject(tx, identity.subject)) ?? (await this.bound(tx, identity));
      if (!known) return this.made(tx, identity, role);
      if (known.status === 'disabled') throw new DomainError('forbidden', 'This account is disabled.');
      await this.follow(tx, known, role);
      return known.id;
    });
  }

  /** Somebody with the same address, who is from then on known by their subject. */
  private async bound(tx: Executor, { email, subject, name }: Identity): Promise<OperatorRow | undefined> {
    const known = email === null ? undefined : await this.operators.findByEmail(tx, email);
    if (!known) return undefined;
    if (known.oidcSubject !== null) {
      throw new DomainError('forbidden', 'This address belongs to another account of the identity provider.');
    }
    const isInvited = known.status === 'invited';
    await this.operators.update(tx, known.id, {
      oidcSubject: subject,
      ...(isInvited ? { status: 'active' } : {}),
      ...(known.name === '' ? { name } : {}),
    });
    if (isInvited) await this.links.dropOf(tx, known.id, 'invitation');
    await this.note(tx, known, 'identity provider bound');
    return isInvited ? { ...known, status: 'active' } : known;
  }

  /** Who has another role there has it here too; but the last owner stays one, or nobody could mend a wrong mapping. */
  private async follow(tx: Executor, known: OperatorRow, role: OidcRole | undefined): Promise<void> {
    if (!role || role === known.role) return;
    const owners = await this.operators.lockOwners(tx, known.publicationId);
    if (owners.length === 1 && owners.includes(known.id)) return;
    await this.operators.update(tx, known.id, { role });
    await this.operators.endSessions(tx, known.id);
    await this.note(tx, known, 'role by identity provider', { role: { from: known.role, to: role } });
  }

  private async made(tx: Executor, { email, subject, name }: Identity, role?: OidcRole): Promise<string> {
    const publicationId = role && (await this.operators.publicationId(tx));
    if (!role || !publicationId || email === null) {
      throw new DomainError(
        'forbidden',
        'There is no operator with your address. Ask an owner for an invitation.',
      );
    }
    const id = newId();
    const row = { id, publicationId, email, name, role, oidcSubject: subject, createdAt: this.clock.now() };
    await this.operators.insert(tx, { ...row, status: 'active' });
    await this.note(tx, row, 'operator by identity provider', { role: { to: role } });
    return id;
  }

  private async note(
    tx: Executor,
    { id, publicationId, email }: Pick<OperatorRow, 'id' | 'publicationId' | 'email'>,
    action: string,
    detail?: Record<string, unknown>,
  ): Promise<void> {
    const at = this.clock.now();
    const about = { subjectType: 'operators', subjectId: id };
    await this.audit.insert(tx, {
      publicationId,
      actorId: id,
      actorName: email,
      action,
      ...about,
      detail,
      at,
    });
  }
}
