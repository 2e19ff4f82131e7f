import { z } from 'zod';
import { OPERATOR_STATUSES, SIGN_IN_METHODS } from '#database/schema/index.js';
import { PERMISSIONS, ROLES } from '#operators/rights/permissions.js';
import { count, id, instant, orNull } from './common.js';

export const operatorView = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    status: z.enum(OPERATOR_STATUSES).describe('invited: has not accepted yet; disabled: may not sign in.'),
    hasPassword: z.boolean(),
    hasTotp: z.boolean().describe('A code of an authenticator app is asked for.'),
    passkeys: count,
    createdAt: instant,
    lastSignInAt: orNull(instant),
  })
  .meta({ id: 'Operator' });

export const resetLinkView = z
  .object({
    url: z.string().optional().describe('Shown this once: hand it over. It works once.'),
    expiresAt: instant,
  })
  .meta({ id: 'ResetLink' });

export const sessionView = z
  .object({
    id,
    operatorId: orNull(id).describe('Null: of the holder of an API key.'),
    apiKeyId: orNull(id),
    name: z.string().describe('Address of the operator, or name of the key.'),
    method: z.enum(SIGN_IN_METHODS),
    client: orNull(z.string()).describe('Address it was opened from.'),
    userAgent: orNull(z.string()),
    isCurrent: z.boolean().describe('The one that asks.'),
    createdAt: instant,
    lastSeenAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'Session' });

export const auditView = z
  .object({
    id,
    at: instant,
    actorId: orNull(id).describe('Operator or API key; null: the system, or a link of a mail.'),
    actorName: orNull(z.string()).describe('What they were called then.'),
    action: z.string().describe('Method and route, or a word: `sign-in`.'),
    subjectType: z.string(),
    subjectId: orNull(z.string()),
    detail: orNull(z.record(z.string(), z.unknown())).describe(
      'What was changed, `{field: {from, to}}`; of personal data only which `fields`.',
    ),
    client: orNull(z.string()).describe('From which address; null: not kept, or not any more.'),
  })
  .meta({ id: 'AuditEntry' });

export const passkeyView = z
  .object({ id, name: z.string(), createdAt: instant, lastUsedAt: orNull(instant) })
  .meta({ id: 'Passkey' });

export const accountView = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    permissions: z.array(z.enum(PERMISSIONS)),
    hasPassword: z.boolean(),
    hasTotp: z.boolean(),
    recoveryCodesLeft: count,
    passkeys: z.array(passkeyView),
  })
  .meta({ id: 'Account' });

export const totpStart = z
  .object({
    secret: z.string().optional().describe('In base32, to be typed in; shown this once.'),
    uri: z.string().optional().describe('`otpauth://…`, for a QR code; shown this once.'),
  })
  .meta({ id: 'TotpStart' });

export const recoveryCodes = z
  .object({ codes: z.array(z.string()).optional().describe('Each works once; shown this once.') })
  .meta({ id: 'RecoveryCodes' });

/** What the browser's `navigator.credentials` takes: WebAuthn §5.4. */
export const passkeyOptions = z.looseObject({}).meta({ id: 'PasskeyOptions' });
