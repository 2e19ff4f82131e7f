import { resolve } from 'node:path';
import { EnvironmentError, readEnvironment, VARIABLES, type Environment } from './environment.js';
import { appSecretIn } from './secret-file.js';
import { stripEnd } from '../input/strip.js';

/** Everything the environment decides, checked, typed and frozen. The injection token of the configuration. */
export abstract class Config {
  readonly port!: number;
  readonly workerPort!: number | null;
  readonly host!: string;
  /** Without a trailing slash. */
  readonly baseUrl!: string;
  /** BASE_URL was set, so it holds whatever the publication says. */
  readonly baseUrlGiven!: boolean;
  /** Absolute path. */
  readonly dataDir!: string;
  readonly database!: {
    readonly url: string | null;
    /** Of the role that owns the tables, where the application's does not. */
    readonly migrationUrl: string | null;
    readonly pool: number;
  };
  /** As {@link parseRedisAddress} reads it. */
  readonly redisUrl!: string | null;
  readonly smtp!: { readonly url: string | null; readonly connections: number };
  readonly mailFrom!: { readonly name: string; readonly address: string } | null;
  /** Where bounces go, each message's with a token; null: to the sender's address. */
  readonly bounceAddress!: string | null;
  readonly feedback!: {
    readonly complaintAddress: string | null;
    /** Of the receiver; null: there is none. */
    readonly smtpPort: number | null;
    readonly smtpHost: string;
    readonly protocol: 'smtp' | 'lmtp';
    /** In PEM. */
    readonly certificate: { readonly cert: string; readonly key: string } | null;
    readonly imapUrl: string | null;
  };
  /** Newest first. */
  readonly secrets!: readonly string[];
  readonly operator!: {
    readonly email: string | null;
    readonly password: string | null;
    readonly apiKey: string | null;
  };
  /** How long the audit keeps from where something was done. */
  readonly auditAddressDays!: number;
  /** The identity provider that operators may sign in with; null: none. */
  readonly oidc!: {
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string | null;
    /** On the button. */
    readonly name: string;
    /** Lower case; none: of any. */
    readonly domains: readonly string[];
    /** The claim that says what somebody may, and what of it makes which role; null: roles are given here. */
    readonly roles: {
      readonly claim: string;
      readonly byValue: readonly { value: string; role: OidcRole }[];
    } | null;
  } | null;
  readonly trustProxy!: false | number | string;
  readonly log!: { readonly level: Environment['LOG_LEVEL']; readonly format: Environment['LOG_FORMAT'] };
  readonly shutdownTimeoutMs!: number;
  readonly signupRatePerMinute!: number;
  readonly inDoubt!: 'resend' | 'hold';
  readonly hardBounceLimit!: number;
  /** Of a file of readers. */
  readonly importMaxBytes!: number;
  /** How long a claim lasts unless renewed. */
  readonly leaseMs!: number;
  /** Addresses, networks and host names, lower case, that may be fetched from though they are not public. */
  readonly fetchAllow!: readonly string[];
  /** Of the deliverability check. */
  readonly dns!: {
    /** `192.0.2.53`, `[2001:db8::53]:5353`; none: the machine's. */
    readonly servers: readonly string[];
    /** Zones, lower case. */
    readonly blockLists: readonly string[];
  };
  readonly metricsToken!: string | null;
  /** Who is told of alarms; the secret is the key of the signatures, in base64. */
  readonly alarmWebhook!: { readonly url: string; readonly secret: string } | null;
  /** A URL: whom to tell of a weakness. */
  readonly securityContact!: string | null;
}

function trustProxy(text: string): false | number | string {
  if (text === 'false') return false;
  return /^\d+$/.test(text) ? Number(text) : text;
}

export type OidcRole = 'owner' | 'editor' | 'author' | 'analyst';

/** @throws EnvironmentError when half of it is there */
function oidcOf(values: Environment): Config['oidc'] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = values;
  if (Boolean(issuer) !== Boolean(clientId)) {
    const name = issuer ? 'OIDC_CLIENT_ID' : 'OIDC_ISSUER';
    const problem = 'is missing: signing in with an identity provider needs both';
    throw new EnvironmentError([{ name, problem, example: VARIABLES[name].example }]);
  }
  if (!issuer || !clientId) return null;
  const { OIDC_ROLE_CLAIM: claim, OIDC_ROLES: byValue } = values;
  return {
    issuer,
    clientId,
    clientSecret: values.OIDC_CLIENT_SECRET ?? null,
    name: values.OIDC_NAME ?? new URL(issuer).hostname,
    domains: listOf(values.OIDC_DOMAINS),
    roles: claim && byValue ? { claim, byValue } : null,
  };
}

/** What stands between commas, lower case. */
function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
}

/**
 * Makes the configuration from the environment. The only place that reads it.
 * @throws EnvironmentError when a value is wrong or a needed one is missing
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const values = readEnvironment(env);
  const dataDir = resolve(values.DATA_DIR);
  const missing = (name: keyof typeof VARIABLES, problem: string) =>
    new EnvironmentError([{ name, problem, example: VARIABLES[name].example }]);
  if (values.DATABASE_URL && !values.APP_SECRET) {
    throw missing('APP_SECRET', 'is required with DATABASE_URL, because every process must share it');
  }
  if (values.MIGRATION_DATABASE_URL && !values.DATABASE_URL) {
    throw missing('DATABASE_URL', "is required with MIGRATION_DATABASE_URL: the application's own role");
  }
  if (Boolean(values.OPERATOR_EMAIL) !== Boolean(values.OPERATOR_PASSWORD)) {
    throw missing(
      values.OPERATOR_EMAIL ? 'OPERATOR_PASSWORD' : 'OPERATOR_EMAIL',
      'is missing: the first owner needs both',
    );
  }
  if (Boolean(values.FEEDBACK_SMTP_CERT) !== Boolean(values.FEEDBACK_SMTP_KEY)) {
    throw missing(
      values.FEEDBACK_SMTP_CERT ? 'FEEDBACK_SMTP_KEY' : 'FEEDBACK_SMTP_CERT',
      'is missing: STARTTLS needs both',
    );
  }
  if (values.FEEDBACK_SMTP_PORT && !values.BOUNCE_ADDRESS && !values.COMPLAINT_ADDRESS) {
    throw missing(
      'BOUNCE_ADDRESS',
      'is missing: the receiver takes mail for it, or for COMPLAINT_ADDRESS, and for nothing else',
    );
  }
  if (Boolean(values.ALARM_WEBHOOK_URL) !== Boolean(values.ALARM_WEBHOOK_SECRET)) {
    throw missing(
      values.ALARM_WEBHOOK_URL ? 'ALARM_WEBHOOK_SECRET' : 'ALARM_WEBHOOK_URL',
      'is missing: the webhook of alarms needs both',
    );
  }
  if (values.HTTPS_ONLY && !values.BASE_URL?.startsWith('https:')) {
    throw missing('BASE_URL', 'must be https because HTTPS_ONLY is set');
  }
  const config: Pick<Config, keyof Config> = {
    port: values.PORT,
    workerPort: values.WORKER_PORT ?? null,
    host: values.HOST,
    baseUrl: stripEnd(values.BASE_URL ?? `http://localhost:${values.PORT}`, '/'),
    baseUrlGiven: values.BASE_URL !== undefined,
    dataDir,
    database: {
      url: values.DATABASE_URL ?? null,
      migrationUrl: values.MIGRATION_DATABASE_URL ?? null,
      pool: values.DATABASE_POOL,
    },
    redisUrl: values.REDIS_URL ?? null,
    smtp: { url: values.SMTP_URL ?? null, connections: values.SMTP_CONNECTIONS },
    mailFrom: values.MAIL_FROM ?? null,
    bounceAddress: values.BOUNCE_ADDRESS ?? null,
    feedback: {
      complaintAddress: values.COMPLAINT_ADDRESS ?? null,
      smtpPort: values.FEEDBACK_SMTP_PORT ?? null,
      smtpHost: values.FEEDBACK_SMTP_HOST,
      protocol: values.FEEDBACK_SMTP_PROTOCOL,
      certificate:
        values.FEEDBACK_SMTP_CERT && values.FEEDBACK_SMTP_KEY
          ? { cert: values.FEEDBACK_SMTP_CERT, key: values.FEEDBACK_SMTP_KEY }
          : null,
      imapUrl: values.FEEDBACK_IMAP_URL ?? null,
    },
    secrets: (values.APP_SECRET ?? appSecretIn(dataDir)).split(',').map((secret) => secret.trim()),
    operator: {
      email: values.OPERATOR_EMAIL ?? null,
      password: values.OPERATOR_PASSWORD ?? null,
      apiKey: values.OPERATOR_API_KEY ?? null,
    },
    auditAddressDays: values.AUDIT_ADDRESS_DAYS,
    oidc: oidcOf(values),
    trustProxy: trustProxy(values.TRUST_PROXY),
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT * 1000,
    signupRatePerMinute: values.SIGNUP_RATE,
    inDoubt: values.IN_DOUBT,
    hardBounceLimit: values.HARD_BOUNCE_LIMIT,
    importMaxBytes: values.IMPORT_MAX_MB * 1024 * 1024,
    leaseMs: values.LEASE_SECONDS * 1000,
    fetchAllow: listOf(values.FETCH_ALLOW),
    dns: { servers: listOf(values.DNS_SERVERS), blockLists: listOf(values.DNS_BLOCK_LISTS) },
    metricsToken: values.METRICS_TOKEN ?? null,
    alarmWebhook:
      values.ALARM_WEBHOOK_URL && values.ALARM_WEBHOOK_SECRET
        ? { url: values.ALARM_WEBHOOK_URL, secret: values.ALARM_WEBHOOK_SECRET }
        : null,
    securityContact: values.SECURITY_CONTACT ?? null,
  };
  for (const part of Object.values(config) as unknown[]) Object.freeze(part);
  return Object.freeze(config);
}
