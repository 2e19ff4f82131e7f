import { PublicationRepository } from '#audience/publication/publication.repository.js';
import { SystemClock } from '#kernel/clock.js';
import { accountLinkUrl } from '#kernel/crypto/account-links.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { AccountLinkRepository } from '#operators/accounts/account-link.repository.js';
import { insertResetLink } from '#operators/accounts/reset-links.js';
import { OperatorRepository } from '#operators/accounts/operator.repository.js';
import { AuditRepository } from '#operators/audit/audit.repository.js';
import { PasskeyRepository } from '#operators/second-factor/passkey.repository.js';
import { RecoveryCodeRepository } from '#operators/second-factor/recovery-code.repository.js';
import { CliError } from './cli-error.js';
import type { Locally } from './local-database.js';

/** Writes a link for a new password into the database, with an entry in the audit. @returns where it leads */
export async function resetLinkOnServer(
  { database, config }: Locally,
  email: string,
  secondFactors: boolean,
): Promise<string> {
  const operators = new OperatorRepository();
  const at = new SystemClock().now();
  const known = await operators.findByEmail(database.db, email);
  if (!known) throw new CliError('There is no such operator.');
  if (known.status === 'disabled') throw new CliError('This account is disabled.');
  const { id } = await database.transaction(async (tx) => {
    const links = new AccountLinkRepository();
    await links.dropOf(tx, known.id); // an invitation too: whoever resets has come in otherwise
    const link = await insertResetLink(tx, links, known, at);
    if (known.status === 'invited') await operators.update(tx, known.id, { status: 'active' });
    if (secondFactors) {
      await operators.update(tx, known.id, {
        totpSealed: null,
        totpBegunAt: null,
        totpSince: null,
        totpStep: null,
      });
      await new RecoveryCodeRepository().replaceAll(tx, known.id, []);
      await new PasskeyRepository().delete(tx, known.id);
    }
    await new AuditRepository().insert(tx, {
      publicationId: known.publicationId,
      actorId: null, // the person at the server
      action: 'operators reset-password',
      subjectType: 'operators',
      subjectId: known.id,
      at,
    });
    return link;
  });
  const publication = await new PublicationRepository(database).first();
  const base = config.baseUrlGiven ? config.baseUrl : (publication?.baseUrl ?? config.baseUrl);
  const signer = new TokenSigner(new Keyring(config.secrets));
  return accountLinkUrl(signer, base.replace(/\/+$/, ''), 'reset', id);
}
