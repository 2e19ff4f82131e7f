import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import type { OidcRole } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { AccountLinkRepository } from '../accounts/account-link.repository.js';
import { OperatorRepository, type OperatorRow } from '../accounts/operator.repository.js';
import { AuditRepository } from '../audit/audit.repository.js';
import type { Identity } from './identity.js';
import { RefusedByProvider } from './refusal.js';

type Noted = Pick<OperatorRow, 'id' | 'publicationId' | 'email'>;
/** Notes something of an operator in the audit, within the transaction. */
type Note = (of: Noted, action: string, detail?: Record<string, unknown>) => Promise<void>;

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
   * @param ip from where, for the audit
   * @returns the operator's id
   * @throws RefusedByProvider
   */
  async operatorOf(identity: Identity, role: OidcRole | undefined, ip?: string): Promise<string> {
    return this.database.transaction(async (tx) => {
      const note: Note = (row, action, detail) => this.note(tx, row, action, detail, ip);
      const known =
        (await this.operators.findBySubject(tx, identity.subject)) ?? (await this.bound(tx, identity, note));
      if (!known) return this.made(tx, identity, role, note);
      if (known.status === 'disabled') throw new RefusedByProvider('disabled', known.email);
      await this.follow(tx, known, role, note);
      return known.id;
    });
  }

  /** Somebody with the same address, who is from then on known by their subject. */
  private async bound(
    tx: Executor,
    { email, subject, name }: Identity,
    note: Note,
  ): Promise<OperatorRow | undefined> {
    const known = email === null ? undefined : await this.operators.findByEmail(tx, email);
    if (!known) return undefined;
    if (known.oidcSubject !== null) throw new RefusedByProvider('other_account', email);
    const isInvited = known.status === 'invited';
    await this.operators.update(tx, known.id, {
      oidcSubject: subject,
      ...(isInvited ? { status: 'active' } : {}),
      ...(known.name === '' ? { name } : {}),
    });
    if (isInvited) await this.links.dropOf(tx, known.id, 'invitation');
    await note(known, 'identity provider bound');
    return isInvited ? { ...known, status: 'active' } : known;
  }

  /** Who has another role there has it here too; but the last owner stays one, or nobody could mend a wrong mapping. */
  private async follow(
    tx: Executor,
    known: OperatorRow,
    role: OidcRole | undefined,
    note: Note,
  ): Promise<void> {
    if (!role || role === known.role) return;
    const owners = await this.operators.lockOwners(tx, known.publicationId);
    if (owners.length === 1 && owners.includes(known.id)) return;
    await this.operators.update(tx, known.id, { role });
    await this.operators.endSessions(tx, known.id);
    await note(known, 'role by identity provider', { role: { from: known.role, to: role } });
  }

  private async made(
    tx: Executor,
    { email, subject, name }: Identity,
    role: OidcRole | undefined,
    note: Note,
  ): Promise<string> {
    const publicationId = role && (await this.operators.publicationId(tx));
    if (!role || !publicationId || email === null) throw new RefusedByProvider('unknown', email);
    const id = newId();
    const row = { id, publicationId, email, name, role, oidcSubject: subject, createdAt: this.clock.now() };
    await this.operators.insert(tx, { ...row, status: 'active' });
    await note(row, 'operator by identity provider', { role: { to: role } });
    return id;
  }

  private async note(
    tx: Executor,
    { id, publicationId, email }: Noted,
    action: string,
    detail?: Record<string, unknown>,
    ip?: string,
  ): Promise<void> {
    const about = { actorId: id, actorName: email, subjectType: 'operators', subjectId: id };
    const entry = { publicationId, action, ...about, detail, at: this.clock.now() };
    await this.audit.insert(tx, entry, ip);
  }
}
