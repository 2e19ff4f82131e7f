import { allowanceOn } from './warm-up.js';
import { NO_HOST } from './environment-transport.js';
import type { TransportRow, TransportUse } from './transport.repository.js';

/** A transport as operators see it: no secret, not even sealed. */
export function transportView(row: TransportRow, use: TransportUse, now: Date) {
  const { id, name, origin, enabled, port, security, verifyCertificate, clientName } = row;
  const { authMethod, username, weight, connections, perSecond, perHour, perDay } = row;
  const { warmUp, domainRules, lastError, lastErrorAt, createdAt, updatedAt } = row;
  return {
    id,
    name,
    origin,
    enabled,
    host: row.host === NO_HOST ? null : row.host,
    port,
    security,
    verifyCertificate,
    clientName,
    auth: { method: authMethod, user: username },
    hasSecret: row.sealedSecret !== null || (origin === 'environment' && authMethod !== 'none'),
    weight,
    connections,
    limits: { perSecond, perHour, perDay },
    warmUp,
    domainRules,
    dkim: row.dkim.map(({ domain, selector, algorithm }) => ({ domain, selector, algorithm })),
    restingUntil: row.restingUntil && row.restingUntil > now ? row.restingUntil : null,
    lastError,
    lastErrorAt,
    usedThisHour: use.hour,
    usedToday: use.day,
    allowedToday: allowedOn(row, now),
    createdAt,
    updatedAt,
  };
}

export type TransportView = ReturnType<typeof transportView>;

/** Messages that may go on a day: the limit or the warm-up plan, whichever is less; null: no limit. */
function allowedOn({ perDay, warmUp }: TransportRow, now: Date): number | null {
  const planned = warmUp && allowanceOn(warmUp, now);
  return planned === null ? perDay : Math.min(planned, perDay ?? planned);
}
