import { isSameSecret } from '../crypto/same-secret.js';
import { isFromThisMachine, type Origin } from '../this-machine.js';

/**
 * Who may read the metrics: whoever has METRICS_TOKEN; without one, this machine alone. They tell how many readers and mails
 * there are.
 */
export function mayReadMetrics(origin: Origin, token: string | null): boolean {
  if (token === null) return isFromThisMachine(origin);
  return isSameSecret(origin.headers.authorization, `Bearer ${token}`);
}
