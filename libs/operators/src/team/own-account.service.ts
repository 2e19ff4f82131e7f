import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { DomainError, invalidField } from '#kernel/errors/errors.js';
import { GuessLimiter } from '../accounts/guess-limiter.js';
import { OperatorRepository, type OperatorRow } from '../accounts/operator.repository.js';
import { OperatorService } from '../accounts/operator.service.js';
import { hashPassword, newPassword } from '../accounts/password.js';
import type { Caller } from '../rights/caller.js';
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
    private readonly guesses: GuessLimiter,
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
   * Another password: all sessions end but the one that changes it.
   * @param client who tries: a wrong current one counts as a guess
   * @throws DomainError `invalid_input` naming `current`; `rate_limited`
   */
  async changePassword(caller: Caller, { current, password }: PasswordChange, client: string): Promise<void> {
    const row = await this.row(caller);
    if (row.passwordHash !== null) {
      const guess = await this.guesses.begin(row.email, client);
      const found = await this.verifier.verify(row.email, current ?? '', guess.isKnown);
      if (!found) throw invalidField('current', 'wrong', 'This is not your password.');
      await guess.succeeded();
    }
    const passwordHash = await hashPassword(password);
    await this.database.transaction(async (tx) => {
      await this.operators.update(tx, row.id, { passwordHash });
      await this.operators.endSessions(tx, row.id, caller.session?.id);
    });
  }
}
