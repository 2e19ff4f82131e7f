import { domainToASCII } from 'node:url';
import { isIP } from 'node:net';
import { z } from 'zod';
import { emailField, line } from '#audience/publication/fields.js';
import { TRANSPORT_SECURITY } from '#database/schema/index.js';
import { parseAddress } from '#kernel/input/address.js';
import { readUrl } from '#kernel/input/read-url.js';

const INTEGER_MAX = 2_147_483_647; // PostgreSQL's integer
const MAX_CONNECTIONS = 200; // as SMTP_CONNECTIONS
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

const count = (max: number) =>
  z.int('must be a whole number').min(1, 'must be at least 1').max(max, `must be at most ${max}`);

/** A host as it is connected to: a name in ASCII, or an IP address without brackets. */
const hostField = z.string().transform((text, context) => {
  const bare = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare)) return bare;
  const name = /^[\0-\x7f]*$/.test(bare) ? bare.toLowerCase() : domainToASCII(bare);
  if (name.length <= 253 && HOST.test(name)) return name;
  context.addIssue({
    code: 'custom',
    message: 'Give a host name such as smtp.example.org, or an IP address; no port and no smtp://.',
    params: { code: 'invalid_host' },
  });
  return z.NEVER;
});

const secretText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\r\n]*$/, 'must be one line');

/** Tokens and client secrets go there, so it is https, or this very machine. */
const accessUrl = z
  .string()
  .max(2000)
  .refine(
    (text) =>
      /^https:\/\/|^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/.test(text) && readUrl(text) !== null,
    {
      error: 'Give an https:// URL.',
      params: { code: 'invalid_url' },
    },
  );

const authField = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('none') }),
    z.strictObject({
      method: z.literal('password'),
      user: line(320).optional(),
      password: secretText(1000).optional().describe('Never given out again. A change without it keeps it.'),
    }),
    z.strictObject({
      method: z.literal('xoauth2'),
      user: line(320).optional(),
      clientId: line(1000).optional(),
      clientSecret: secretText(1000).optional(),
      refreshToken: secretText(8000).optional(),
      accessUrl: accessUrl.optional().describe("Where tokens are fetched. Default: Google's."),
      accessToken: secretText(8000).optional().describe('A token, instead of what fetches one.'),
    }),
  ])
  .describe('How to sign in.');
export type AuthInput = z.output<typeof authField>;

const limitsField = z
  .strictObject({
    perSecond: count(10_000).nullish(),
    perHour: count(INTEGER_MAX).nullish(),
    perDay: count(INTEGER_MAX).nullish(),
  })
  .describe('Messages, of all workers together. Null: no limit.');

const warmUpField = z
  .strictObject({
    startPerDay: count(INTEGER_MAX),
    growthPercent: z.number().min(0, 'must not be negative').max(1000, 'must be at most 1000'),
    ceilingPerDay: count(INTEGER_MAX),
    startedOn: z.iso.date('must be a day: YYYY-MM-DD').optional().describe('UTC. Default: today.'),
  })
  .refine((plan) => plan.startPerDay <= plan.ceilingPerDay, {
    error: 'The plan starts above its ceiling.',
    path: ['startPerDay'],
    params: { code: 'too_big' },
  })
  .describe('A slow start: so many on the first day, so much more each day, up to a ceiling.');

/** A recipient domain in ASCII, or `*`. */
const domainField = z.string().transform((text, context) => {
  if (text.trim() === '*') return '*';
  const address = parseAddress(`x@${text.trim()}`);
  if (typeof address !== 'string') return address.domain;
  context.addIssue({
    code: 'custom',
    message: 'Give a domain such as gmail.com, or * for every other domain.',
    params: { code: 'invalid_domain' },
  });
  return z.NEVER;
});

const domainRule = z
  .strictObject({
    domains: z.array(domainField).min(1, 'must name a domain').max(200, 'must be at most 200 domains'),
    connections: count(MAX_CONNECTIONS).nullable().default(null),
    perSecond: count(10_000).nullable().default(null),
  })
  .refine((rule) => rule.connections !== null || rule.perSecond !== null, {
    error: 'Give connections, perSecond or both.',
    params: { code: 'required' },
  })
  .refine((rule) => rule.domains.length === 1 || !rule.domains.includes('*'), {
    error: '* stands for every other domain and stands alone.',
    path: ['domains'],
  })
  .meta({ id: 'NewDomainRule' });

const domainRulesField = z
  .array(domainRule)
  .max(100, 'must be at most 100 rules')
  .superRefine((rules, context) => {
    const seen = new Set<string>();
    for (const [at, { domains }] of rules.entries()) {
      for (const domain of domains) {
        if (seen.has(domain)) {
          const message = `${domain} is named twice; keep it in one rule.`;
          context.addIssue({ code: 'custom', message, path: [at, 'domains'], params: { code: 'duplicate' } });
        }
        seen.add(domain);
      }
    }
  })
  .describe('What mailbox providers take from us at once. Null: the defaults for the big ones.');

const fields = {
  name: line(80).describe('Told apart by it.'),
  url: z
    .string()
    .max(2000)
    .optional()
    .describe('Instead of host to auth: `smtps://user:password@smtp.example.org:465`, as SMTP_URL.'),
  host: hostField.optional(),
  port: count(65_535).optional().describe('Default: 465 with `tls`, else 587.'),
  security: z
    .enum(TRANSPORT_SECURITY, { error: `must be ${TRANSPORT_SECURITY.join(', ')}` })
    .optional()
    .describe('`tls`: from the first byte. `starttls`: required. `opportunistic`: if offered.'),
  verifyCertificate: z.boolean().optional(),
  clientName: hostField.nullish().describe("Said in EHLO. Null: the machine's name."),
  auth: authField.optional(),
  weight: z
    .int()
    .min(0, 'must not be negative')
    .max(1000, 'must be at most 1000')
    .optional()
    .describe('Its share of the mail; 0: only while no other is usable. Default 1.'),
  connections: count(MAX_CONNECTIONS).optional().describe('Per worker process. Default: SMTP_CONNECTIONS.'),
  limits: limitsField.optional(),
  warmUp: warmUpField.nullish(),
  domainRules: domainRulesField.nullish(),
  enabled: z.boolean().optional(),
};

/** `POST /transports`. */
export const transportInput = z
  .strictObject(fields)
  .meta({ id: 'NewTransport', description: 'A new transport.' });
export type TransportInput = z.output<typeof transportInput>;

/** `PATCH /transports/:id`. What is left out stays, secrets too. */
export const transportPatch = transportInput
  .partial()
  .meta({ id: 'TransportPatch', description: 'Changes to a transport.' });
export type TransportPatch = z.output<typeof transportPatch>;

/** `POST /transports/:id/test`. */
export const transportTestInput = z
  .strictObject({
    to: emailField.optional().describe('Gets a small test mail. None: only the connection is tried.'),
  })
  .meta({ id: 'NewTransportTest', description: 'What to try.' });
export type TransportTestInput = z.output<typeof transportTestInput>;

export const DKIM_CHOICES = ['rsa', 'ed25519', 'both'] as const;

/** `POST /transports/:id/dkim`. */
export const dkimInput = z
  .strictObject({
    algorithm: z.enum(DKIM_CHOICES, { error: 'must be rsa, ed25519 or both' }),
    selector: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .optional()
      .describe('With `both`, -rsa and -ed25519 are put behind it. Default: made from the date.'),
    domain: z.string().trim().min(1).max(253).optional().describe("Default: that of the sender's address."),
  })
  .meta({ id: 'NewDkimKeys', description: 'Keys to make.' });
export type DkimInput = z.output<typeof dkimInput>;
