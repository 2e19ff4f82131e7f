import type { PublicationService } from '#audience/publication/publication.service.js';
import type { OperatorRow } from '#operators/accounts/operator.repository.js';
import type { PasskeyService } from '#operators/second-factor/passkey.service.js';
import type { TotpService } from '#operators/second-factor/totp.service.js';
import type { OwnAccountService } from '#operators/team/own-account.service.js';
import { AccountController } from './account.controller.js';

it('answers with nothing of a row that is not to be seen, whatever shapes the answer later', async () => {
  const row = {
    id: '1',
    email: 'ann@post.example',
    name: 'Ann',
    role: 'author',
    passwordHash: 'scrypt$SECRETMARK',
    totpSealed: Buffer.from('SECRETMARK'),
    oidcSubject: 'SECRETMARK',
  } as OperatorRow;
  const accounts = { row: () => Promise.resolve(row) } as unknown as OwnAccountService;
  const totp = { codesLeft: () => Promise.resolve(3) } as unknown as TotpService;
  const passkeys = { list: () => Promise.resolve([]) } as unknown as PasskeyService;
  const controller = new AccountController(accounts, totp, passkeys, {} as PublicationService);
  const caller = { keyId: '1', publicationId: '2', role: 'author' } as const;
  expect(Object.keys(await controller.get(caller)).sort()).toEqual(
    [
      ...['email', 'hasPassword', 'hasTotp', 'id', 'name', 'passkeys', 'permissions'],
      ...['recoveryCodesLeft', 'role'],
    ].sort(),
  );
});
