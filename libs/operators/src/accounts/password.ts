import { randomBytes, scrypt as scryptCallback, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import pLimit from 'p-limit';
import { z } from 'zod';
import { DomainError } from '#kernel/errors/errors.js';
import { isCommonPassword } from './common-passwords.js';

/** OWASP's minimum for scrypt: N=2^17, r=8, p=1 (128 MiB). */
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
/** Each holds 128 MB for a third of a second. */
const AT_ONCE = 2;
/** Three seconds' worth. More are refused, so that nobody waits long behind a crowd of guesses. */
const MOST_WAITING = 20;
/** Further places, for clients that have signed in before, so that strangers cannot keep them out. They wait half a second longer. */
const KEPT_FOR_KNOWN = 4;
const RETRY_AFTER_S = 5;
/** Characters; NIST SP 800-63B asks for 15 where there is no second factor, and OPERATOR_PASSWORD has always taken 12. */
export const MIN_PASSWORD = 12;

/**
 * A password that is to be stored: long enough, and none that everybody tries first. No rules of letters, digits and marks, which make passwords
 * that people cannot keep in mind (NIST SP 800-63B §3.1.1.2).
 */
export const newPassword = z
  .string()
  .min(MIN_PASSWORD, `A password has at least ${MIN_PASSWORD} characters.`)
  .max(1_000)
  .refine((text) => !isCommonPassword(text), {
    error: 'This password is among the first that are tried. Take another one, such as four words.',
    params: { code: 'common' },
  })
  .meta({ format: 'password' });

/** Checked when there is no operator with the address, so that the answer takes the same time. */
const NOBODY = `scrypt$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;

const turn = pLimit(AT_ONCE);

/** @returns `scrypt$SALT$HASH`, in base64 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString('base64')}$${(await scrypt(password, salt)).toString('base64')}`;
}

/**
 * Whether it is the password that was hashed; takes as long when there is none.
 * @param isKnown the client has signed in to the account before: some places are kept for such
 * @throws DomainError `unavailable` when too many are being checked
 */
export async function isPassword(
  password: string,
  stored: string | undefined,
  isKnown = false,
): Promise<boolean> {
  const [, salt = '', hash = ''] = (stored ?? NOBODY).split('$');
  const given = await scrypt(
    password,
    Buffer.from(salt, 'base64'),
    MOST_WAITING + (isKnown ? KEPT_FOR_KNOWN : 0),
  );
  const wanted = Buffer.from(hash, 'base64');
  return wanted.length === given.length && timingSafeEqual(wanted, given) && stored !== undefined;
}

function scrypt(password: string, salt: Buffer, mostWaiting = MOST_WAITING): Promise<Buffer> {
  if (turn.pendingCount >= mostWaiting) {
    throw new DomainError('unavailable', 'Too many sign in at once. Try again in a moment.', {
      retryAfter: RETRY_AFTER_S,
    });
  }
  return turn(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scryptCallback(password.normalize('NFKC'), salt, 32, COST, (error, key) => {
          if (error) reject(error);
          else resolve(key);
        });
      }),
  );
}
