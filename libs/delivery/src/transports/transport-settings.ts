import type { KeyObject } from 'node:crypto';
import type { DomainRule, WarmUp } from '#database/schema/index.js';
import type { SmtpOptions } from '../smtp-options.js';

/** What a sender needs of one transport: decrypted, checked. */
export interface TransportSettings {
  id: string;
  name: string;
  origin: 'environment' | 'operator';
  weight: number;
  connections: number;
  options: SmtpOptions;
  limits: { perSecond: number | null; perHour: number | null; perDay: number | null; warmUp: WarmUp | null };
  /** null: the defaults. */
  domainRules: DomainRule[] | null;
  dkim: {
    domain: string;
    selector: string;
    algorithm: 'rsa-sha256' | 'ed25519-sha256';
    privateKey: KeyObject;
  }[];
  restingUntil: Date | null;
  /** Changes whenever a setting does. */
  version: string;
}
