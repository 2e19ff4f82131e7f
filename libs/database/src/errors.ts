/** The SQLSTATE of a database error, wherever the driver or Drizzle put it. */
export function sqlState(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

/** The name of the violated constraint, if the error is about one. */
export function violatedConstraint(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const name = (at as { constraint?: unknown }).constraint;
    if (typeof name === 'string') return name;
  }
  return undefined;
}

/** PostgreSQL's error classes: 08 connection lost, 53 no disk, memory or connections left, 57P shutting down or coming up. */
const OUT_OF_ORDER = /^(?:08...|53...|57P0[123])$/;
/** What a connection to PostgreSQL that is not to be had, or was lost, fails with. */
const UNREACHABLE = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
];

/** Whether a failed query failed because the database cannot work now, whatever it was asked. */
export function isOutOfOrder(error: unknown): boolean {
  if (OUT_OF_ORDER.test(sqlState(error) ?? '')) return true;
  const root = rootOf(error);
  if (!(error instanceof Error) || error === root || !(root instanceof Error)) return false; // no query's error
  const { code } = root as NodeJS.ErrnoException;
  return UNREACHABLE.includes(code ?? '') || root.message.startsWith('Connection terminated');
}

function rootOf(error: unknown): unknown {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at;
}

export const UNIQUE_VIOLATION = '23505';
export const DEADLOCK = '40P01';
export const FOREIGN_KEY_VIOLATION = '23503';
