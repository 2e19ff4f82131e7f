import { DomainError, type ErrorCode } from '#kernel/errors/errors.js';
import type { HookReading, RefusalReason } from '../../hooks/hook.js';
import type { HookProviderName } from '../../hooks/hook-providers.js';

const CODES: Record<RefusalReason, ErrorCode> = {
  unauthorised: 'unauthorized',
  signature: 'forbidden',
  stale: 'forbidden',
  topic: 'forbidden',
  shape: 'malformed',
  certificate: 'unavailable',
};

/**
 * Where a provider wants another answer. Mailgun sends for 8 hours whatever is not answered 200 or 406: what will be refused again is
 * ended, what a mended key would let in is not.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-retries
 */
const OF_PROVIDER: Partial<Record<HookProviderName, Partial<Record<RefusalReason, ErrorCode>>>> = {
  mailgun: { stale: 'not_acceptable', shape: 'not_acceptable' },
};

/** Seconds after which a certificate may be there. */
const RETRY_AFTER_S = 60;

/** What a refused request is answered. */
export function refusalError(
  provider: HookProviderName,
  { reason, detail }: HookReading & { is: 'refused' },
): DomainError {
  const code = OF_PROVIDER[provider]?.[reason] ?? CODES[reason];
  return new DomainError(code, detail, code === 'unavailable' ? { retryAfter: RETRY_AFTER_S } : {});
}
