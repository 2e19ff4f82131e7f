import { Injectable } from '@nestjs/common';
import { and, eq } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { installationSecret } from '#database/schema/index.js';

/** Secrets of the installation, sealed under APP_SECRET. */
@Injectable()
export class InstallationSecretRepository {
  constructor(private readonly database: Database) {}

  async find(name: string): Promise<Buffer | undefined> {
    const [row] = await this.database.db
      .select()
      .from(installationSecret)
      .where(eq(installationSecret.name, name));
    return row?.sealed;
  }

  /** Keeps a secret unless there is one of that name. @returns the one that is kept */
  async keep(name: string, sealed: Buffer): Promise<Buffer> {
    await this.database.db.insert(installationSecret).values({ name, sealed }).onConflictDoNothing();
    const kept = await this.find(name);
    if (!kept) throw new Error(`The installation secret ${name} was not kept.`);
    return kept;
  }

  /** Puts a new sealing of the same secret in place of the one that was read. */
  async reseal(name: string, before: Buffer, after: Buffer): Promise<void> {
    await this.database.db
      .update(installationSecret)
      .set({ sealed: after })
      .where(and(eq(installationSecret.name, name), eq(installationSecret.sealed, before)));
  }
}
