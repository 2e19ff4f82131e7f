import { createHmac, randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { KEY_ID_BYTES, Keyring } from '#kernel/crypto/keyring.js';
import { InstallationSecretRepository } from './installation-secret.repository.js';

const NAME = 'address-hmac';
const KEY_BYTES = 32;

/**
 * Turns an address into what suppressions and consents know it by: HMAC-SHA256 (RFC 2104) of its normalised form.
 *
 * The key is random, made once per installation and kept in the database encrypted under APP_SECRET, so that the
 * hashes outlive a rotation of APP_SECRET; at boot it is sealed anew under the newest secret.
 */
@Injectable()
export class AddressHasher implements OnModuleInit {
  private loading: Promise<Buffer> | undefined;

  constructor(
    private readonly secrets: InstallationSecretRepository,
    private readonly keyring: Keyring,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.key();
  }

  /**
   * @param normalised an address as `parseAddress` normalises it
   * @throws Error when no APP_SECRET opens the kept key
   */
  async hash(normalised: string): Promise<Buffer> {
    return createHmac('sha256', await this.key())
      .update(normalised, 'utf8')
      .digest();
  }

  private key(): Promise<Buffer> {
    this.loading ??= this.load().catch((error: unknown) => {
      this.loading = undefined; // the next call tries again
      throw error;
    });
    return this.loading;
  }

  private async load(): Promise<Buffer> {
    const sealed =
      (await this.secrets.find(NAME)) ??
      (await this.secrets.keep(NAME, this.keyring.encrypt(NAME, randomBytes(KEY_BYTES))));
    const key = this.keyring.decrypt(NAME, sealed);
    if (!sealed.subarray(0, KEY_ID_BYTES).equals(this.keyring.currentKeyId)) {
      await this.secrets.reseal(NAME, sealed, this.keyring.encrypt(NAME, key));
    }
    return key;
  }
}
