import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField } from '#kernel/errors/errors.js';
import { AccountLinkRepository } from '../accounts/account-link.repository.js';
import { GuessLimiter } from '../accounts/guess-limiter.js';
import { replacePassword } from '../accounts/new-password.js';
import { OperatorRepository, type OperatorRow } from '../accounts/operator.repository.js';
import { OperatorService } from '../accounts/operator.service.js';
import { hashPassword, newPassword } from '../accounts/password.js';
import { SignInTrail } from '../accounts/sign-in-trail.js';
import { AuditLog } from '../audit/audit.js';
import { insistOnFresh, type Caller } from '../rights/caller.js';
import { TotpService } from '../second-factor/totp.service.js';
import { personName } from './team.schemas.js';

/** `PATCH /account`. */
export const accountPatch = z.strictObject({ name: personName }).meta({ id: 'AccountPatch' });
export type AccountPatch = z.output<typeof accountPatch>;

/** `POST /account/password`. */
export const passwordChange = z
  .strictObject({
    current: z
      .string()
      .max(1_000)
      .optional()
      .describe('Not needed by who has none yet.')
      .meta({ format: 'password' }),
    password: newPassword,
  })
  .meta({ id: 'PasswordChange' });
export type PasswordChange = z.output<typeof passwordChange>;

/** What operators change of themselves. */
@Injectable()
export class OwnAccountService {
  constructor(
    private readonly database: Database,
    private readonly operators: OperatorRepository,
    private readonly verifier: OperatorService,
    private readonly links: AccountLinkRepository,
    private readonly guesses: GuessLimiter,
    private readonly trail: SignInTrail,
    private readonly totp: TotpService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `forbidden` for a key: it is nobody's account */
  async row({ operatorId }: Caller): Promise<OperatorRow> {
    const row = operatorId && (await this.operators.findById(this.database.db, operatorId));
    if (!row) throw new DomainError('forbidden', 'An API key has no account; sign in as an operator.');
    return row;
  }

  async rename(caller: Caller, { name }: AccountPatch): Promise<void> {
    const { id } = await this.row(caller);
    await this.operators.update(this.database.db, id, { name });
  }

  /**
   * Another password: all sessions end but the one that changes it, and links for a new one work no more.
   * @param client who tries: a wrong current one counts as a guess
   * @throws DomainError `invalid_input` naming `current`; `rate_limited`; `fresh_sign_in_required` for who has no password to give
   */
  async changePassword(caller: Caller, { current, password }: PasswordChange, client: string): Promise<void> {
    const row = await this.row(caller);
    if (row.passwordHash === null) insistOnFresh(caller, this.clock.now());
    else await this.insistOnCurrent(row, current ?? '', client);
    const passwordHash = await hashPassword(password);
    const its = { operators: this.operators, links: this.links };
    await this.database.transaction(async (tx) => {
      await replacePassword(tx, its, row, passwordHash, caller.session?.id);
      await this.audit.noteWithin(tx, caller, 'account', row.id);
    });
  }

  /**
   * Turns the authenticator app on: see {@link TotpService.confirm}. A wrong code counts as a guess at the account.
   * @returns recovery codes
   * @throws DomainError `rate_limited`
   */
  async confirmTotp(caller: Caller, code: string, client: string): Promise<string[]> {
    const { id, email } = await this.row(caller);
    return this.guesses.tried(email, client, () => this.totp.confirm(id, code));
  }

  private async insistOnCurrent({ email }: OperatorRow, current: string, client: string): Promise<void> {
    await this.trail.of({ by: 'password', email }, client, () =>
      this.guesses.tried(email, client, async (isKnown) => {
        const found = await this.verifier.verify(email, current, isKnown);
        if (!found) throw invalidField('current', 'wrong', 'This is not your password.');
      }),
    );
  }
}
