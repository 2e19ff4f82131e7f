import { z } from 'zod';

const code = z.string().min(6).max(40);

/** `POST /api/session`. */
export const signInInput = z.union([
  z.strictObject({
    email: z.string().max(320),
    password: z.string().min(1).max(1000),
    code: code.optional(),
  }),
  z.strictObject({ apiKey: z.string().min(1).max(512) }),
]);
export type SignInInput = z.output<typeof signInInput>;

/** `POST /api/session/fresh`: one of them proves who it is. */
export const proofInput = z.union([
  z.strictObject({ password: z.string().min(1).max(1000) }),
  z.strictObject({ code }),
  z.strictObject({ apiKey: z.string().min(1).max(512) }),
]);
export type ProofInput = z.output<typeof proofInput>;
