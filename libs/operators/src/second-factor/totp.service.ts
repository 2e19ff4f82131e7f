import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { invalidField, notFound, wrongState } from '#kernel/errors/errors.js';
import { OperatorRepository, type OperatorRow } from '../accounts/operator.repository.js';
import { RecoveryCodeRepository } from './recovery-code.repository.js';

/** What every authenticator app takes (RFC 6238 §4, §5.2): SHA-1, six digits, a new code every 30 s. */
const KIND = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** 160 bits, as RFC 4226 §4 recommends. */
const SECRET_BYTES = 20;
/** Clocks that are half a minute apart still agree: one step before, one after. */
const WINDOW = 1;
const CODES = 10;
/** 80 bits: too many to be guessed, so their plain SHA-256 cannot be searched for. */
const CODE_BYTES = 10;
/** How long a new secret waits for its first code. */
const BEGUN_MS = 10 * 60_000;
const PURPOSE = 'authenticator';

/** Crockford's: no letter that is read as a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The codes of an authenticator app, and those for when it is lost. */
@Injectable()
export class TotpService {
  constructor(
    private readonly database: Database,
    private readonly operators: OperatorRepository,
    private readonly codes: RecoveryCodeRepository,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins: makes a secret that counts once its first code was given.
   * @param issuer what the app calls us
   * @throws DomainError `wrong_state` when there is one
   */
  async begin(operatorId: string, issuer: string): Promise<{ secret: string; uri: string }> {
    const row = await this.row(operatorId);
    if (row.totpSince) throw wrongState('There is an authenticator app already; remove it first.', 'on');
    const secret = new Secret({ size: SECRET_BYTES });
    const totpSealed = this.keyring.encrypt(PURPOSE, Buffer.from(secret.bytes));
    const totpBegunAt = this.clock.now();
    await this.operators.update(this.database.db, operatorId, { totpSealed, totpBegunAt, totpStep: null });
    return {
      secret: secret.base32,
      uri: new TOTP({ ...KIND, issuer, label: row.email, secret }).toString(),
    };
  }

  /**
   * Turns it on with its first code, and makes the recovery codes.
   * @throws DomainError `wrong_state` when nothing was begun, or too long ago; `invalid_input` for a wrong code
   */
  async confirm(operatorId: string, code: string): Promise<string[]> {
    const row = await this.row(operatorId);
    if (row.totpSince) throw wrongState('It is on already.', 'on');
    if (!row.totpSealed) throw wrongState('Begin first.', 'off');
    if (this.clock.now().getTime() - (row.totpBegunAt?.getTime() ?? 0) > BEGUN_MS) {
      throw wrongState('It took too long; begin anew.', 'off');
    }
    if (!(await this.isCode(row, code))) {
      throw invalidField('code', 'wrong', 'The code does not fit. Is the clock of the device right?');
    }
    const fresh = recoveryCodes();
    await this.database.transaction(async (tx) => {
      await this.operators.update(tx, operatorId, { totpSince: this.clock.now() });
      await this.codes.replaceAll(tx, operatorId, fresh.map(hashOf));
    });
    return fresh;
  }

  /** New recovery codes; those before work no more. @throws DomainError `wrong_state` */
  async renewCodes(operatorId: string): Promise<string[]> {
    const row = await this.row(operatorId);
    if (!row.totpSince) throw wrongState('There is no authenticator app.', 'off');
    const fresh = recoveryCodes();
    await this.database.transaction((tx) => this.codes.replaceAll(tx, operatorId, fresh.map(hashOf)));
    return fresh;
  }

  /** Removes it and its recovery codes. @param tx of whoever else removes something */
  async remove(operatorId: string, tx?: Executor): Promise<void> {
    if (!tx) return this.database.transaction((own) => this.remove(operatorId, own));
    await this.operators.update(tx, operatorId, {
      totpSealed: null,
      totpBegunAt: null,
      totpSince: null,
      totpStep: null,
    });
    await this.codes.replaceAll(tx, operatorId, []);
  }

  /** Whether it is a code of the app or a recovery code, and was not used. It is then. */
  async isRight(operatorId: string, given: string): Promise<boolean> {
    const row = await this.operators.findById(this.database.db, operatorId);
    if (!row?.totpSince) return false;
    if (await this.isCode(row, given)) return true;
    return this.codes.take(this.database.db, operatorId, hashOf(given), this.clock.now());
  }

  codesLeft(operatorId: string): Promise<number> {
    return this.codes.countLeft(this.database.db, operatorId);
  }

  private async isCode({ id, totpSealed }: OperatorRow, given: string): Promise<boolean> {
    const token = given.replace(/\s/g, '');
    if (!totpSealed || !/^\d{6}$/.test(token)) return false;
    const plain = this.keyring.decrypt(PURPOSE, totpSealed);
    const secret = new Secret({ buffer: new Uint8Array(plain).buffer });
    const timestamp = this.clock.now().getTime();
    const delta = new TOTP({ ...KIND, secret }).validate({ token, timestamp, window: WINDOW });
    if (delta === null) return false;
    const step = Math.floor(timestamp / 1000 / KIND.period) + delta;
    return this.operators.takeTotpStep(this.database.db, id, step);
  }

  private async row(operatorId: string): Promise<OperatorRow> {
    const row = await this.operators.findById(this.database.db, operatorId);
    if (!row) throw notFound('operator');
    return row;
  }
}

/** `k7mq-2fxa-…`: 16 characters of five bits each. */
function recoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => {
    const bits = [...randomBytes(CODE_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const text = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
    return (text.match(/.{4}/g) ?? []).join('-');
  });
}

/** However it is typed: spaces, hyphens and capitals say nothing. */
function hashOf(code: string): Buffer {
  return createHash('sha256')
    .update(
      code
        .toLowerCase()
        .replace(/[^a-z0-9]/g, '')
        .replace(/o/g, '0')
        .replace(/[il]/g, '1'),
    )
    .digest();
}
