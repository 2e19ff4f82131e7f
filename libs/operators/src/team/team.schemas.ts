import { z } from 'zod';
import { OPERATOR_STATUSES } from '#database/schema/index.js';
import { ADDRESS_PROBLEMS, parseAddress } from '#kernel/input/address.js';
import { newPassword } from '../accounts/password.js';
import { ROLES } from '../rights/permissions.js';

/** Of a person; what is sent by mail is addressed with it. */
export const personName = z
  .string()
  .trim()
  .max(100)
  .regex(/^[^\p{Cc}<>]*$/u, 'Write it in one line, without < and >.');

/** Kept in lower case: it is what one signs in with. */
export const operatorEmail = z.string().transform((text, context) => {
  const parsed = parseAddress(text);
  if (typeof parsed !== 'string') return parsed.address.toLowerCase();
  if (/^[^@\s<>]+@localhost$/.test(text.trim())) return text.trim().toLowerCase();
  context.addIssue({ code: 'custom', message: ADDRESS_PROBLEMS[parsed], params: { code: parsed } });
  return z.NEVER;
});

const role = z
  .enum(ROLES)
  .describe(
    'owner: everything; editor: all editorial work and readers; author: drafts of articles and editions; analyst: numbers, no addresses',
  );

/** `POST /invitations`. */
export const invitationInput = z
  .strictObject({ email: operatorEmail, name: personName.optional(), role })
  .meta({ id: 'NewInvitation' });
export type InvitationInput = z.output<typeof invitationInput>;

/** `POST /operators`. */
export const operatorInput = z
  .strictObject({
    email: operatorEmail,
    name: personName.optional(),
    role,
    password: newPassword.describe('The first one; they can change it.'),
  })
  .meta({ id: 'NewOperator' });
export type OperatorInput = z.output<typeof operatorInput>;

/** `PATCH /operators/:id`. */
export const operatorPatch = z
  .strictObject({
    name: personName,
    role,
    status: z.enum(['active', 'disabled']).describe('disabled: kept, and refused; all their sessions end'),
  })
  .partial()
  .meta({ id: 'OperatorPatch' });
export type OperatorPatch = z.output<typeof operatorPatch>;

/** An operator as others may see them. */
export interface OperatorView {
  id: string;
  email: string;
  name: string;
  role: (typeof ROLES)[number];
  status: (typeof OPERATOR_STATUSES)[number];
  hasPassword: boolean;
  hasTotp: boolean;
  passkeys: number;
  createdAt: Date;
  lastSignInAt: Date | null;
}
