import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { parseAddress } from '../input/address.js';
import { readUrl } from '../input/read-url.js';
import { parseRedisAddress, RedisAddressError } from './redis-address.js';

/** One variable: how it is read, what a good value looks like, what it does. The docs table is made from this. */
interface Variable {
  schema: z.ZodType;
  example: string;
  about: string;
}

const urlOf = (protocols: string[]) =>
  z.string().refine((text) => protocols.includes(readUrl(text)?.protocol ?? ''), {
    error: `must be a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  });
/** Paths are put behind it, so it ends with its own. */
const baseUrl = urlOf(['http:', 'https:']).refine(
  (text) => {
    const url = readUrl(text);
    return url !== null && !/[?#]/.test(text) && url.username === '' && url.password === '';
  },
  { error: 'must have no user name, no ? and no #', abort: true },
);
/** The rest of it is read by libs/delivery, and that late in a web process: what is wrong must stop every process. */
const smtpUrl = urlOf(['smtp:', 'smtps:']).refine(
  (text) => {
    const url = readUrl(text);
    const startTls = url?.searchParams.get('starttls') ?? null;
    return url !== null && (startTls === null || ['required', 'opportunistic', 'off'].includes(startTls));
  },
  { error: 'has a starttls that is not required, opportunistic or off', abort: true },
);
const redisUrl = z.string().superRefine((text, context) => {
  try {
    parseRedisAddress(text);
  } catch (error) {
    if (!(error instanceof RedisAddressError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, { error: `must be from ${min} to ${max}` });
const flag = z.stringbool({ error: 'must be true or false' });
const secretText = z.string().refine((text) => text.split(',').every((one) => one.trim().length >= 32), {
  error: 'must have at least 32 characters (each, when several are given with commas: newest first)',
});

/** It is called by fetch, which takes no user name in a URL. */
const callUrl = urlOf(['http:', 'https:']).refine(
  (text) => {
    const url = readUrl(text);
    return url !== null && url.username === '' && url.password === '';
  },
  { error: 'must have no user name: calls are proved by their signature', abort: true },
);
/** As receivers of Standard Webhooks read it: 24 to 64 bytes in base64, `whsec_` before it or not. Read to the bare base64. */
const webhookSecret = z
  .string()
  .transform((text) => text.replace(/^whsec_/, ''))
  .refine(
    (text) => {
      const bytes = Buffer.from(text, 'base64');
      return bytes.toString('base64') === text && bytes.length >= 24 && bytes.length <= 64;
    },
    { error: 'must be 24 to 64 bytes in base64' },
  );

/** As Fastify reads it: a network in CIDR notation, an address, or one of its names for private networks. */
function isProxy(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  if (['loopback', 'linklocal', 'uniquelocal'].includes(address)) return bits === undefined;
  const version = isIP(address);
  return version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128);
}

/** A network in CIDR notation, an address, or a host's name. */
function isFetchable(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const version = isIP(address);
  if (version !== 0) return Number(bits ?? 0) <= (version === 4 ? 32 : 128);
  // A last label without a letter is an address that was mistyped.
  return bits === undefined && /^(?:[\w-]+\.)*[\w-]*[a-z][\w-]*$/i.test(address);
}

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`. */
function isDnsServer(text: string): boolean {
  const one = text.trim();
  if (isIP(one) !== 0) return true;
  const [, six = '', four = '', port = '53'] =
    /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/i.exec(one) ?? [];
  return (isIP(six) === 6 || isIP(four) === 4) && Number(port) >= 1 && Number(port) <= 65_535;
}

/** A domain name of at least two labels. */
const isZone = (text: string) =>
  text.trim().length <= 253 && /^(?:[a-z\d_-]{1,63}\.)+[a-z\d-]{0,62}[a-z]$/i.test(text.trim());

/** `Name <address>` or a bare address. Locally `news@localhost` is fine, so the domain is not checked here. */
const mailbox = z.string().transform((text, context) => {
  const match = /^\s*(?:"?([^"<>\r\n]*?)"?\s*<([^<>\s]+@[^<>\s]+)>|([^<>\s]+@[^<>\s]+))\s*$/.exec(text);
  const address = match?.[2] ?? match?.[3];
  if (!address || (!address.endsWith('@localhost') && typeof parseAddress(address) === 'string')) {
    context.addIssue({
      code: 'custom',
      message: 'must be an address, or a name and an address in angle brackets',
    });
    return z.NEVER;
  }
  return { name: match?.[1]?.trim() ?? '', address };
});

/** RFC 5321 §4.5.3.1.1: a local part has 64 octets, of which the token of a message and its `+` take 53. */
const BOUNCE_LOCAL_OCTETS = 11;
const bounceAddress = z.string().refine(
  (text) => {
    const [, local = '', domain = ''] = /^([a-z0-9._-]+)@([^@]+)$/i.exec(text) ?? [];
    if (local.length > BOUNCE_LOCAL_OCTETS) return false;
    return domain === 'localhost' || (local !== '' && typeof parseAddress(text) !== 'string');
  },
  {
    error: `must be an address with at most ${BOUNCE_LOCAL_OCTETS} letters, digits, dots or hyphens before the @`,
  },
);
const pem = (what: string) =>
  z.string().refine((text) => text.includes('-----BEGIN ') && text.includes(`${what}-----`), {
    error: `must be ${what.toLowerCase()} in PEM`,
  });
const imapUrl = urlOf(['imap:', 'imaps:']).refine(
  (text) => {
    const url = readUrl(text);
    if (url === null || url.username === '' || url.password === '') return false;
    const given = [...url.searchParams.keys()];
    const tls = url.searchParams.get('starttls') ?? 'required';
    return given.every((name) => ['done', 'starttls'].includes(name)) && ['required', 'off'].includes(tls);
  },
  {
    error: 'must have a user name and a password, and may have ?done=FOLDER and starttls=required or off',
    abort: true,
  },
);

const OIDC_ROLE = /^([^=]+)=\s*(owner|editor|author|analyst)$/;
/** `group=role`, with commas. Of several that fit, the first written counts. */
const oidcRoles = z
  .string()
  .refine((text) => text.split(',').every((one) => OIDC_ROLE.test(one.trim())), {
    error: 'must be value=role with commas; roles are owner, editor, author, analyst',
    abort: true,
  })
  .transform((text) =>
    text.split(',').map((one) => {
      const [, value = '', role] = OIDC_ROLE.exec(one.trim()) ?? [];
      return { value: value.trim(), role: role as 'owner' | 'editor' | 'author' | 'analyst' };
    }),
  );

/** Every environment variable of the product. */
export const VARIABLES = {
  PORT: { schema: whole(1, 65535).default(3000), example: '3000', about: 'TCP port of the web process' },
  WORKER_PORT: {
    schema: whole(1, 65535).optional(),
    example: '3001',
    about: 'port on which a worker process answers /healthz, /readyz and /metrics; unset: none',
  },
  HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    example: '0.0.0.0',
    about: 'address the web process listens on',
  },
  BASE_URL: {
    schema: baseUrl.optional(),
    example: 'https://news.example.org',
    about: 'public URL, used in every link; default http://localhost:PORT',
  },
  DATA_DIR: {
    schema: z.string().min(1).default('./data'),
    example: '/var/lib/broadsheet',
    about: 'folder of the embedded database, secret and journals',
  },
  DATABASE_URL: {
    schema: urlOf(['postgres:', 'postgresql:']).optional(),
    example: 'postgres://broadsheet:secret@db:5432/broadsheet',
    about: 'PostgreSQL 15 or newer; unset: embedded',
  },
  MIGRATION_DATABASE_URL: {
    schema: urlOf(['postgres:', 'postgresql:']).optional(),
    example: 'postgres://broadsheet_owner:secret@db:5432/broadsheet',
    about:
      'the same database as the role that owns the tables: it migrates, and the role of DATABASE_URL then needs no rights but to read and write rows; unset: that one migrates',
  },
  DATABASE_POOL: {
    schema: whole(2, 200).default(10),
    example: '10',
    about: 'connections to PostgreSQL per process',
  },
  REDIS_URL: {
    schema: redisUrl.optional(),
    example: 'redis://redis:6379',
    about:
      'Redis 7 or newer for the queue: one server, a Redis Cluster (redis-cluster://) or Sentinels (redis-sentinel://); unset: the queue lives in the database',
  },
  SMTP_URL: {
    schema: smtpUrl.optional(),
    example: 'smtps://user:password@smtp.example.org:465',
    about: 'default transport; unset: mail stays in the built-in mailbox',
  },
  SMTP_CONNECTIONS: {
    schema: whole(1, 200).default(10),
    example: '10',
    about: 'SMTP connections per worker process',
  },
  MAIL_FROM: {
    schema: mailbox.optional(),
    example: 'The Harbour Post <news@example.org>',
    about: "the first publication's sender",
  },
  BOUNCE_ADDRESS: {
    schema: bounceAddress.optional(),
    example: 'bounces@news.example.org',
    about:
      'turns on a return path per message: bounces come to bounces+TOKEN@news.example.org; unset: to the sender address',
  },
  COMPLAINT_ADDRESS: {
    schema: z
      .string()
      .refine((text) => typeof parseAddress(text) !== 'string', { error: 'must be an e-mail address' })
      .optional(),
    example: 'complaints@news.example.org',
    about:
      'where feedback loops send complaints, and DMARC and TLS reports come to: the receiver takes mail for it',
  },
  FEEDBACK_SMTP_PORT: {
    schema: whole(1, 65535).optional(),
    example: '2525',
    about: 'port on which the worker takes mail for the bounce and the complaint address; unset: none',
  },
  FEEDBACK_SMTP_HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    example: '0.0.0.0',
    about: 'address the receiver listens on',
  },
  FEEDBACK_SMTP_PROTOCOL: {
    schema: z.enum(['smtp', 'lmtp']).default('smtp'),
    example: 'lmtp',
    about: 'smtp for mail servers anywhere, lmtp for the one on this machine',
  },
  FEEDBACK_SMTP_CERT: {
    schema: pem('CERTIFICATE').optional(),
    example: '-----BEGIN CERTIFICATE-----…',
    about: 'certificate chain of the receiver, in PEM: it then offers STARTTLS',
  },
  FEEDBACK_SMTP_KEY: {
    schema: pem('PRIVATE KEY').optional(),
    example: '-----BEGIN PRIVATE KEY-----…',
    about: 'its private key, in PEM',
  },
  FEEDBACK_IMAP_URL: {
    schema: imapUrl.optional(),
    example: 'imaps://bounces:password@mail.example.org/INBOX?done=Handled',
    about:
      'mailbox that bounces and complaints come to: read by the worker, then moved to the folder of `done` (Broadsheet, unless given)',
  },
  APP_SECRET: {
    schema: secretText.optional(),
    example: 'the output of: openssl rand -base64 48',
    about:
      'signs links and encrypts secrets; several with commas, newest first, to rotate; made and kept in DATA_DIR when embedded',
  },
  OPERATOR_EMAIL: {
    schema: z
      .string()
      .refine((text) => typeof parseAddress(text) !== 'string', { error: 'must be an e-mail address' })
      .optional(),
    example: 'you@example.org',
    about: 'first owner, made if there is none',
  },
  OPERATOR_PASSWORD: {
    schema: z.string().min(12, 'must have at least 12 characters').optional(),
    example: 'a long pass phrase',
    about: 'password of the first owner',
  },
  OPERATOR_API_KEY: {
    schema: z.string().min(32, 'must have at least 32 characters').optional(),
    example: 'the output of: openssl rand -hex 24',
    about: "an owner's bearer key for the API",
  },
  OIDC_ISSUER: {
    schema: urlOf(['https:', 'http:']).optional(),
    example: 'https://id.example.com',
    about:
      'identity provider (OpenID Connect) that operators may sign in with; register BASE_URL/api/session/oidc/callback there',
  },
  OIDC_CLIENT_ID: {
    schema: z.string().min(1).optional(),
    example: 'broadsheet',
    about: 'our name at the identity provider',
  },
  OIDC_CLIENT_SECRET: {
    schema: z.string().min(1).optional(),
    example: 'a-secret-of-the-provider',
    about: 'our secret at the identity provider; unset: we are a public client',
  },
  OIDC_NAME: {
    schema: z.string().min(1).max(60).optional(),
    example: 'Newsroom ID',
    about: 'what the identity provider is called on the sign-in page; unset: its host name',
  },
  OIDC_DOMAINS: {
    schema: z.string().optional(),
    example: 'post.example,press.example',
    about: 'domains of the addresses that may sign in with it, with commas; unset: any that an operator has',
  },
  OIDC_ROLE_CLAIM: {
    schema: z.string().min(1).max(200).optional(),
    example: 'groups',
    about: 'claim of the ID token that says the role, with OIDC_ROLES; who has none of them is refused',
  },
  OIDC_ROLES: {
    schema: oidcRoles.optional(),
    example: 'newsroom-admins=owner,desk=editor,freelancers=author,board=analyst',
    about:
      'which value of OIDC_ROLE_CLAIM makes which role: whoever has one is made an operator at their first sign-in',
  },
  AUDIT_ADDRESS_DAYS: {
    schema: whole(1, 3650).default(90),
    example: '30',
    about: 'days for which the audit keeps from which address something was done; what was done stays',
  },
  TRUST_PROXY: {
    schema: z
      .string()
      .refine((text) => !/^\s*true\s*$/i.test(text) && !/\/0+\s*(?:,|$)/.test(text), {
        error:
          'must name the proxies: with true, or a network of all addresses, anybody can claim any address in X-Forwarded-For. Give the number of proxies in front (1), or their networks',
        abort: true,
      })
      .refine((text) => /^(?:false|\d{1,2})$/.test(text) || text.split(',').every(isProxy), {
        error: 'must be false, a number of hops, or addresses with commas',
      })
      .default('false'),
    example: '10.0.0.0/8',
    about: 'proxies whose X-Forwarded-* headers are believed: false, a hop count, or addresses',
  },
  LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    example: 'info',
    about: 'least severe lines that are logged',
  },
  LOG_FORMAT: {
    schema: z.enum(['pretty', 'json']).default('pretty'),
    example: 'json',
    about: 'pretty for people, json for collectors',
  },
  SHUTDOWN_TIMEOUT: {
    schema: whole(1, 3600).default(30),
    example: '30',
    about: 'seconds to finish what is in flight on SIGTERM',
  },
  SIGNUP_RATE: {
    schema: whole(0, 1_000_000).default(120),
    example: '120',
    about: 'sign-up posts per minute and client address; 0: no limit',
  },
  IN_DOUBT: {
    schema: z.enum(['resend', 'hold']).default('resend'),
    example: 'hold',
    about: 'messages a dying process left in doubt: resend with the same Message-ID, or hold as uncertain',
  },
  HARD_BOUNCE_LIMIT: {
    schema: whole(1, 100).default(1),
    example: '1',
    about: 'times in a row that an address is refused as unknown (5.1.x) before it is never mailed again',
  },
  IMPORT_MAX_MB: {
    schema: whole(1, 4096).default(256),
    example: '512',
    about: 'size of a file of readers that may be imported, in MB; a million readers are about 60',
  },
  LEASE_SECONDS: {
    schema: whole(5, 3600).default(60),
    example: '60',
    about: 'how long a worker that says nothing keeps what it has claimed; the same for all workers',
  },
  FETCH_ALLOW: {
    schema: z
      .string()
      .refine((text) => text.split(',').every(isFetchable), {
        error: 'must be addresses, networks (10.1.0.0/16) or host names, with commas',
      })
      .optional(),
    example: '10.1.0.0/16,intranet.example.org',
    about: 'private addresses and hosts that feeds and pages may be fetched from; unset: public ones only',
  },
  DNS_SERVERS: {
    schema: z
      .string()
      .refine((text) => text.split(',').every(isDnsServer), {
        error: 'must be addresses, with ports where they are not 53 ([2001:db8::53]:5353), with commas',
      })
      .optional(),
    example: '192.0.2.53,[2001:db8::53]:5353',
    about: 'name servers that the deliverability check asks; unset: those of the machine',
  },
  DNS_BLOCK_LISTS: {
    schema: z
      .string()
      .refine((text) => text.split(',').every(isZone), { error: 'must be domain names, with commas' })
      .optional(),
    example: 'list.example.net',
    about:
      'DNS block lists that the deliverability check asks about the addresses that mail is sent from; unset: none',
  },
  METRICS_TOKEN: {
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
    example: 'the output of: openssl rand -hex 16',
    about: 'bearer token that /metrics asks for; unset: it answers this machine alone',
  },
  ALARM_WEBHOOK_URL: {
    schema: callUrl.optional(),
    example: 'https://alerts.example.org/broadsheet',
    about: 'is told of every alarm by a signed POST; may be on a private network; unset: nobody is',
  },
  ALARM_WEBHOOK_SECRET: {
    schema: webhookSecret.optional(),
    example: 'the output of: openssl rand -base64 32',
    about: 'key of the signatures at ALARM_WEBHOOK_URL, in base64, with or without whsec_ before it',
  },
  SECURITY_CONTACT: {
    schema: z
      .string()
      .regex(/^(mailto:\S+@\S+|https:\/\/\S+)$/, 'must be mailto:ADDRESS or an https URL')
      .optional(),
    example: 'mailto:security@example.org',
    about: 'whom /.well-known/security.txt names; unset: where mails are answered',
  },
  HTTPS_ONLY: {
    schema: flag.default(false),
    example: 'true',
    about: 'refuse to start unless BASE_URL is https, which one-click unsubscribe needs (RFC 8058)',
  },
} satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;
export type Environment = { [K in VariableName]: z.output<(typeof VARIABLES)[K]['schema']> };

/** The start cannot go on: some environment variables are wrong. The message lists each with an example. */
export class EnvironmentError extends Error {
  constructor(readonly problems: { name: string; problem: string; example: string }[]) {
    super(
      'The environment needs mending:\n' +
        problems.map((p) => `  ${p.name}: ${p.problem}. Example: ${p.name}=${p.example}`).join('\n'),
    );
    this.name = 'EnvironmentError';
  }
}

/**
 * Reads and checks every variable. An empty value counts as unset. `NAME_FILE` names a file that holds the value.
 * @throws EnvironmentError naming every bad variable, never its value (it may be a secret)
 */
export function readEnvironment(
  env: Record<string, string | undefined>,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Environment {
  const problems: EnvironmentError['problems'] = [];
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(VARIABLES) as [VariableName, Variable][]) {
    const fail = (problem: string) => problems.push({ name, problem, example: variable.example });
    let raw = env[name] === '' ? undefined : env[name];
    const file = env[`${name}_FILE`];
    if (file) {
      if (raw !== undefined) fail(`is given twice, as ${name} and as ${name}_FILE; keep one`);
      try {
        raw = readFile(file).trim();
      } catch (error) {
        fail(`${name}_FILE cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
        continue;
      }
    }
    const result = variable.schema.safeParse(raw);
    if (result.success) values[name] = result.data;
    else fail(result.error.issues.map((issue) => issue.message).join('; '));
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
  return values as Environment;
}
