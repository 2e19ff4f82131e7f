import { z } from 'zod';
import { TRANSPORT_AUTH, TRANSPORT_SECURITY } from '#database/schema/index.js';
import { HOOK_PROVIDER_NAMES } from '#feedback/hooks/hook-providers.js';
import { count, id, instant, orNull } from './common.js';

const limit = orNull(z.int().min(1));

const dkimKey = { domain: z.string(), selector: z.string() };

export const transportView = z
  .object({
    id,
    name: z.string(),
    origin: z.enum(['environment', 'operator']).describe('`environment`: made from SMTP_URL.'),
    enabled: z.boolean(),
    host: orNull(z.string()).describe('Null: SMTP_URL is unset.'),
    port: z.int(),
    security: z.enum(TRANSPORT_SECURITY),
    verifyCertificate: z.boolean(),
    clientName: orNull(z.string()),
    auth: z.object({ method: z.enum(TRANSPORT_AUTH), user: orNull(z.string()) }),
    hasSecret: z.boolean().describe('A password or token is kept. It is never given out.'),
    weight: count,
    connections: z.int().min(1),
    limits: z.object({ perSecond: limit, perHour: limit, perDay: limit }),
    warmUp: orNull(
      z.object({
        startPerDay: z.int(),
        growthPercent: z.number(),
        ceilingPerDay: z.int(),
        startedOn: z.string(),
      }),
    ),
    domainRules: orNull(
      z.array(z.object({ domains: z.array(z.string()), connections: limit, perSecond: limit })),
    ).describe('Null: the defaults for the big mailbox providers.'),
    dkim: z.array(z.object({ ...dkimKey, algorithm: z.enum(['rsa-sha256', 'ed25519-sha256']) })),
    restingUntil: orNull(instant).describe('It failed and is left alone until then.'),
    lastError: orNull(z.string()),
    lastErrorAt: orNull(instant),
    usedThisHour: count,
    usedToday: count,
    allowedToday: orNull(count).describe('By limit and warm-up. Null: no limit.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Transport' });

export const transportHookView = z
  .object({
    provider: z.enum(HOOK_PROVIDER_NAMES),
    url: z.url().describe('Where the provider is to send its events.'),
    settings: z.record(z.string(), z.unknown()).describe('Without its secrets.'),
    lastEventAt: orNull(instant).describe('To the second.'),
    lastRefusalAt: orNull(instant),
    lastRefusal: orNull(z.string()).describe('Why a request was not believed.'),
  })
  .meta({ id: 'TransportHook' });

export const transportTestView = z
  .object({
    ok: z.boolean(),
    tls: orNull(z.object({ protocol: z.string(), cipher: z.string(), verified: z.boolean() })),
    authenticated: z.boolean(),
    capabilities: orNull(
      z.object({
        pipelining: z.boolean(),
        smtpUtf8: z.boolean(),
        eightBitMime: z.boolean(),
        maxSize: orNull(z.int()).describe('Bytes.'),
      }),
    ),
    sent: z.boolean(),
    reply: orNull(z.string()),
    error: orNull(z.string()).describe("What went wrong, in the server's words where they are its."),
    milliseconds: z.int(),
  })
  .meta({ id: 'TransportTest' });

export const dkimKeyView = z
  .object({
    ...dkimKey,
    algorithm: z.enum(['rsa', 'ed25519']),
    record: z
      .object({ name: z.string(), type: z.literal('TXT'), value: z.string(), zoneFile: z.string() })
      .describe('What belongs into DNS.'),
  })
  .meta({ id: 'DkimKey' });

export const madeDkimKeys = z.object({ data: z.array(dkimKeyView) }).meta({ id: 'MadeDkimKeys' });
