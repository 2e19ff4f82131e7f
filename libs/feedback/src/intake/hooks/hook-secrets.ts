import { Injectable } from '@nestjs/common';
import { Keyring } from '#kernel/crypto/keyring.js';

/** Seals the settings of webhooks. Each seal is bound to its transport, so that a row's cannot serve another. */
@Injectable()
export class HookSecrets {
  constructor(private readonly keyring: Keyring) {}

  seal(transportId: string, settings: Record<string, unknown>): Buffer {
    return this.keyring.encrypt(purposeOf(transportId), Buffer.from(JSON.stringify(settings)));
  }

  /** @returns no settings when they cannot be opened: APP_SECRET is another, or the bytes are another transport's */
  open(transportId: string, sealed: Buffer): Record<string, unknown> {
    try {
      const plain = this.keyring.decrypt(purposeOf(transportId), sealed).toString();
      return JSON.parse(plain) as Record<string, unknown>;
    } catch {
      return {};
    }
  }
}

const purposeOf = (transportId: string) => `transport hook ${transportId}`;
