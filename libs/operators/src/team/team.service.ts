import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import type { PageQuery } from '#kernel/input/page.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { AccountLinkRepository } from '../accounts/account-link.repository.js';
import { OperatorRepository, type OperatorRow } from '../accounts/operator.repository.js';
import { hashPassword } from '../accounts/password.js';
import { AuditLog } from '../audit/audit.js';
import { changesOf } from '../audit/changes.js';
import { PasskeyService } from '../second-factor/passkey.service.js';
import { TotpService } from '../second-factor/totp.service.js';
import { mayGive, rightsOf, type Caller } from '../rights/caller.js';
import type { Role } from '../rights/permissions.js';
import type { InvitationInput, OperatorInput, OperatorPatch, OperatorView } from './team.schemas.js';

/** How long an invitation can be accepted. */
export const INVITATION_MS = 7 * 86_400_000;

/** The operators of a publication: invited, changed, removed. */
@Injectable()
export class TeamService {
  constructor(
    private readonly database: Database,
    private readonly operators: OperatorRepository,
    private readonly links: AccountLinkRepository,
    private readonly totp: TotpService,
    private readonly passkeys: PasskeyService,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The oldest first, one more than the limit. */
  async list(publicationId: string, { limit, cursor }: PageQuery): Promise<OperatorView[]> {
    const rows = await this.operators.page(this.database.db, publicationId, limit + 1, cursor);
    return rows.map(({ operator, passkeys }) => view(operator, passkeys));
  }

  /** @throws DomainError `not_found` */
  get(publicationId: string, id: string): Promise<OperatorView> {
    return this.seen(this.database.db, publicationId, id);
  }

  /**
   * Makes an operator with a first password.
   * @throws DomainError `conflict` when there is one with this address; `forbidden` for a role that has more rights than the caller
   */
  async create(caller: Caller, { email, name, role, password }: OperatorInput): Promise<OperatorView> {
    insistOnGiving(caller, role);
    const passwordHash = await hashPassword(password);
    return this.database.transaction(async (tx) => {
      const its = { email, name, role, passwordHash, status: 'active' } as const;
      const id = await this.insert(tx, caller, its);
      return this.noted(tx, caller, null, await this.seen(tx, caller.publicationId, id));
    });
  }

  /**
   * Invites somebody by mail, or once more who has not accepted yet: the link in the mail before works no more then.
   * @throws DomainError as {@link create}, also for who was invited with more rights than the caller
   */
  async invite(caller: Caller, { email, name, role }: InvitationInput): Promise<OperatorView> {
    insistOnGiving(caller, role);
    const { publicationId } = caller;
    const now = this.clock.now();
    const { made, mailId } = await this.database.transaction(async (tx) => {
      const known = await this.operators.findByEmail(tx, email);
      if (known && (known.status !== 'invited' || known.publicationId !== publicationId)) throw taken();
      if (known) insistOnGiving(caller, known.role);
      const id = known?.id ?? (await this.insert(tx, caller, { email, name, role, status: 'invited' }));
      if (known) await this.operators.update(tx, id, { role, ...(name === undefined ? {} : { name }) });
      await this.links.dropOf(tx, id);
      const expiresAt = new Date(now.getTime() + INVITATION_MS);
      const linkId = newId();
      await this.links.insert(tx, {
        id: linkId,
        publicationId,
        kind: 'invitation',
        operatorId: id,
        createdAt: now,
        expiresAt,
      });
      const payload = { linkId, until: expiresAt.toISOString() };
      const mailId = await this.outbox.write(tx, {
        publicationId,
        kind: 'invitation',
        address: email,
        payload,
      });
      return { made: await this.noted(tx, caller, null, await this.seen(tx, publicationId, id)), mailId };
    });
    await this.outbox.announce(mailId);
    return made;
  }

  /**
   * Changes an operator. Another role or status ends their sessions.
   * @throws DomainError `not_found`; `wrong_state` for the last owner, and for who has not accepted yet
   */
  async patch(caller: Caller, id: string, patch: OperatorPatch): Promise<OperatorView> {
    if (patch.role) insistOnGiving(caller, patch.role);
    return this.database.transaction(async (tx) => {
      const owners = await this.operators.lockOwners(tx, caller.publicationId);
      const before = await this.seen(tx, caller.publicationId, id);
      insistOnGiving(caller, before.role);
      if (patch.status && before.status === 'invited') {
        throw wrongState('They have not accepted the invitation yet. Remove them instead.', 'invited');
      }
      const leaves = (patch.role ?? 'owner') !== 'owner' || patch.status === 'disabled';
      if (leaves) insistOnAnother(owners, id);
      await this.operators.update(tx, id, patch);
      const isOther =
        (patch.role ?? before.role) !== before.role || (patch.status ?? before.status) !== before.status;
      if (isOther) await this.operators.endSessions(tx, id);
      return this.noted(tx, caller, before, await this.seen(tx, caller.publicationId, id));
    });
  }

  /** Removes an operator, with their sessions and keys to sign in. What they did stays in the audit. */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const owners = await this.operators.lockOwners(tx, caller.publicationId);
      const before = await this.seen(tx, caller.publicationId, id);
      insistOnGiving(caller, before.role);
      insistOnAnother(owners, id);
      await this.operators.delete(tx, id);
      await this.noted(tx, caller, before, null);
    });
  }

  /**
   * Removes the authenticator app and the passkeys of who has lost them.
   * @throws DomainError as {@link changeable}
   */
  async removeSecondFactors(caller: Caller, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await this.seen(tx, caller.publicationId, id);
      insistOnGiving(caller, before.role);
      await this.totp.remove(id, tx);
      await this.passkeys.removeAll(id, tx);
      await this.noted(tx, caller, before, await this.seen(tx, caller.publicationId, id));
    });
  }

  /** An operator whom the caller may do something about. @throws DomainError `not_found`; `forbidden` for who has more rights */
  async changeable(caller: Caller, id: string): Promise<OperatorRow> {
    const row = await this.row(this.database.db, caller.publicationId, id);
    insistOnGiving(caller, row.role);
    return row;
  }

  private async seen(db: Executor, publicationId: string, id: string): Promise<OperatorView> {
    const row = await this.row(db, publicationId, id);
    return view(row, await this.operators.countPasskeys(db, row.id));
  }

  /** Notes a change in its own transaction. @param before null: it was made; @param after null: it was removed */
  private async noted<After extends OperatorView | null>(
    tx: Executor,
    caller: Caller,
    before: OperatorView | null,
    after: After,
  ): Promise<After> {
    const id = (before ?? after)?.id ?? null;
    await this.audit.noteWithin(tx, caller, 'operators', id, changesOf(before, after));
    return after;
  }

  private async row(db: Executor, publicationId: string, id: string): Promise<OperatorRow> {
    const row = isId(id) ? await this.operators.findById(db, id) : undefined;
    if (row?.publicationId !== publicationId) throw notFound('operator');
    return row;
  }

  private async insert(
    db: Executor,
    { publicationId }: Caller,
    its: Pick<OperatorRow, 'email' | 'role' | 'status'> & {
      name?: string | undefined;
      passwordHash?: string;
    },
  ): Promise<string> {
    const id = newId();
    const row = { ...its, name: its.name ?? '', id, publicationId, createdAt: this.clock.now() };
    if (!(await this.operators.insert(db, row))) throw taken();
    return id;
  }
}

/** Nobody gives more than they have, nor touches who has more. */
function insistOnGiving(caller: Caller, role: Role): void {
  if (mayGive(caller, rightsOf({ role }))) return;
  throw new DomainError('forbidden', `The role ${role} has rights that you have not.`);
}

function insistOnAnother(owners: readonly string[], id: string): void {
  if (owners.length > 1 || !owners.includes(id)) return;
  throw wrongState('They are the last owner. Make somebody else an owner first.', 'last_owner');
}

function taken(): DomainError {
  const message = 'There is an operator with this address already.';
  const { errors } = invalidField('email', 'taken', message);
  return new DomainError('conflict', message, errors ? { errors } : {});
}

function view(row: OperatorRow, passkeys = 0): OperatorView {
  const { id, email, name, role, status, createdAt, lastSignInAt } = row;
  return {
    id,
    email,
    name,
    role,
    status,
    hasPassword: row.passwordHash !== null,
    hasTotp: row.totpSince !== null,
    passkeys,
    createdAt,
    lastSignInAt,
  };
}
