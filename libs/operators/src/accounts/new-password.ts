import type { Executor } from '#database/database.js';
import type { AccountLinkRepository } from './account-link.repository.js';
import { forgetGuessesAt } from './guess-limiter.js';
import type { OperatorRepository, OperatorRow } from './operator.repository.js';

/**
 * Gives an operator another password, within the transaction of whoever may: whoever knew the old one is out, so sessions end and links that
 * were made before work no more; guesses are forgotten, so that whoever has the new one gets in.
 * @param except the session that goes on
 */
export async function replacePassword(
  tx: Executor,
  { operators, links }: { operators: OperatorRepository; links: AccountLinkRepository },
  { id, email }: Pick<OperatorRow, 'id' | 'email'>,
  passwordHash: string,
  except?: string,
): Promise<void> {
  await operators.update(tx, id, { passwordHash });
  await operators.endSessions(tx, id, except);
  await links.dropOf(tx, id);
  await forgetGuessesAt(tx, email);
}
