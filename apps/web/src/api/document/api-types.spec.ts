import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../../../../tests/support/root.js';

it('has its types in libs/contract, as the code was built', async () => {
  const check = promisify(execFile)(process.execPath, [join(ROOT, 'scripts/api-types.mjs'), '--check']);
  await expect(check).resolves.toMatchObject({ stderr: '' });
});
