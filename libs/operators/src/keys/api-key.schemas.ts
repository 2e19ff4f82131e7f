import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../rights/permissions.js';
import { MOST_A_MINUTE, network } from './key-limits.js';

/** `viewer` is what keys were called that are an analyst's now. */
const role = z.enum([...ROLES, 'viewer']).transform((given) => (given === 'viewer' ? 'analyst' : given));

/** `POST /api-keys`. */
export const apiKeyInput = z
  .strictObject({
    name: z.string().trim().min(1, 'Give the key a name, so that it can be told from others.').max(100),
    role: role
      .optional()
      .describe(
        'owner: everything; editor (the default): all editorial work and readers; author: drafts; analyst: numbers, no addresses. `viewer` is an older word for analyst.',
      ),
    scopes: z
      .array(z.enum(PERMISSIONS))
      .min(1, 'Name at least one.')
      .max(PERMISSIONS.length)
      .optional()
      .describe('What it may do, instead of a role.'),
    expiresAt: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional()
      .describe('RFC 3339. After that it is refused. Default: never.'),
    networks: z
      .array(network)
      .min(1, 'Name at least one network.')
      .max(50)
      .optional()
      .describe('Addresses and networks (CIDR) it may be used from. Default: any.'),
    perMinute: z
      .int()
      .min(1)
      .max(MOST_A_MINUTE)
      .optional()
      .describe('How many requests it may make in a minute. Default: no limit.'),
  })
  .refine(({ role, scopes }) => role === undefined || scopes === undefined, {
    error: 'Give a role or scopes, not both.',
    path: ['scopes'],
    params: { code: 'role_or_scopes' },
  })
  .meta({ id: 'NewApiKey' });
export type ApiKeyInput = z.output<typeof apiKeyInput>;
