import { Injectable } from '@nestjs/common';
import { randomBytes, scrypt as scryptCallback, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { operator } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { Role } from './api-key.service.js';

/** OWASP's minimum for scrypt: N=2^17, r=8, p=1 (128 MiB). */
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

function scrypt(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scryptCallback(password.normalize('NFKC'), salt, 32, COST, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** The people who run a publication. */
@Injectable()
export class OperatorService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Makes the first owner if the publication has no operator yet. */
  async ensureFirstOwner(publicationId: string, email: string, password: string): Promise<void> {
    const existing = await this.database.db.select({ id: operator.id }).from(operator).limit(1);
    if (existing.length > 0) return;
    const salt = randomBytes(16);
    const passwordHash = `scrypt$${salt.toString('base64')}$${(await scrypt(password, salt)).toString('base64')}`;
    await this.database.db
      .insert(operator)
      .values({
        id: newId(),
        publicationId,
        email: email.toLowerCase(),
        passwordHash,
        role: 'owner',
        createdAt: this.clock.now(),
      })
      .onConflictDoNothing();
  }

  /** @returns the operator, or null; both take the same time */
  async verify(
    email: string,
    password: string,
  ): Promise<{ id: string; publicationId: string; role: Role } | null> {
    const [known] = await this.database.db
      .select()
      .from(operator)
      .where(eq(sql`lower(${operator.email})`, email.trim().toLowerCase()));
    const [, salt, hash] = (known?.passwordHash ?? `scrypt$${'A'.repeat(22)}==$${'A'.repeat(43)}=`).split(
      '$',
    );
    const given = await scrypt(password, Buffer.from(salt ?? '', 'base64'));
    const wanted = Buffer.from(hash ?? '', 'base64');
    const same = wanted.length === given.length && timingSafeEqual(wanted, given);
    return known && same ? { id: known.id, publicationId: known.publicationId, role: known.role } : null;
  }
}
