import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, id, instant } from './columns.js';
import { publication } from './publication.js';

export const ROLES = ['owner', 'editor', 'author', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

/** `invited`: has no way to sign in yet; `disabled`: kept, and refused. */
export const OPERATOR_STATUSES = ['invited', 'active', 'disabled'] as const;
export type OperatorStatus = (typeof OPERATOR_STATUSES)[number];

const publicationId = () =>
  uuid()
    .notNull()
    .references(() => publication.id);
const operatorId = () =>
  uuid()
    .notNull()
    .references(() => operator.id, { onDelete: 'cascade' });

/** Who runs a publication. */
export const operator = pgTable('operator', {
  id: id(),
  publicationId: publicationId(),
  /** In lower case. */
  email: text().notNull().unique(),
  name: text().notNull().default(''),
  /** Null: no password was set, as of who was invited or signs in elsewhere. */
  passwordHash: text(),
  role: text({ enum: ROLES }).notNull(),
  status: text({ enum: OPERATOR_STATUSES }).notNull().default('active'),
  /** The secret of the authenticator app, encrypted under APP_SECRET. */
  totpSealed: bytes(),
  /** When it was made: it waits for its first code for a while, and no longer. */
  totpBegunAt: instant(),
  /** Null while the secret waits for its first code. */
  totpSince: instant(),
  /** The last time step whose code was taken: none is taken twice. */
  totpStep: integer(),
  /** Issuer and subject at the identity provider. */
  oidcSubject: text().unique(),
  createdAt: instant().notNull().defaultNow(),
  lastSignInAt: instant(),
});

/** A key that signs its holder in: WebAuthn. */
export const passkey = pgTable(
  'passkey',
  {
    id: id(),
    operatorId: operatorId(),
    name: text().notNull(),
    /** base64url */
    credentialId: text().notNull().unique(),
    publicKey: bytes().notNull(),
    /** Of its uses, where it counts: a smaller one is a copy's. */
    counter: bigint({ mode: 'number' }).notNull(),
    transports: jsonb().$type<string[]>().notNull(),
    createdAt: instant().notNull().defaultNow(),
    lastUsedAt: instant(),
  },
  (t) => [index().on(t.operatorId)],
);

/** What signs in once where the authenticator app is lost. */
export const recoveryCode = pgTable(
  'recovery_code',
  { operatorId: operatorId(), sha256: bytes().notNull(), usedAt: instant() },
  (t) => [primaryKey({ columns: [t.operatorId, t.sha256] })],
);

export const ACCOUNT_LINK_KINDS = ['invitation', 'reset', 'first-run'] as const;
export type AccountLinkKind = (typeof ACCOUNT_LINK_KINDS)[number];

/** A link that works once. Its text is signed and stored nowhere. */
export const accountLink = pgTable(
  'account_link',
  {
    id: id(),
    publicationId: publicationId(),
    kind: text({ enum: ACCOUNT_LINK_KINDS }).notNull(),
    /** Null: of the first start, when there is nobody. */
    operatorId: uuid().references(() => operator.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
    /** Null: never. */
    expiresAt: instant(),
    usedAt: instant(),
  },
  (t) => [index().on(t.operatorId)],
);

/** What a sign-in in several steps remembers in between, taken once. */
export const signInStep = pgTable(
  'sign_in_step',
  {
    id: id(),
    kind: text({ enum: ['passkey', 'new-passkey', 'oidc'] }).notNull(),
    operatorId: uuid().references(() => operator.id, { onDelete: 'cascade' }),
    data: jsonb().$type<Record<string, string>>().notNull(),
    expiresAt: instant().notNull(),
  },
  (t) => [index().on(t.expiresAt)],
);

export const apiKey = pgTable('api_key', {
  id: id(),
  publicationId: publicationId(),
  name: text().notNull(),
  /** SHA-256 of the key; the key itself is shown once and never stored. */
  sha256: bytes().notNull().unique(),
  /** Its first characters, so that a person can tell keys apart. */
  prefix: text().notNull(),
  /** Null: it may what its scopes say. */
  role: text({ enum: ROLES }),
  scopes: jsonb().$type<string[]>(),
  /** Networks it may come from, in CIDR notation; null: any. */
  networks: jsonb().$type<string[]>(),
  /** Requests a minute; null: as many as it likes. */
  perMinute: integer(),
  expiresAt: instant(),
  fromEnvironment: boolean().notNull().default(false),
  createdAt: instant().notNull().defaultNow(),
  lastUsedAt: instant(),
  revokedAt: instant(),
});

export const SIGN_IN_METHODS = ['password', 'key', 'passkey', 'oidc', 'link'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** A sign-in of an operator's browser. The cookie holds the token, the row its hash. */
export const session = pgTable(
  'session',
  {
    id: id(),
    publicationId: publicationId(),
    sha256: bytes().notNull().unique(),
    /** Who signed in: an operator, or the holder of an API key. */
    operatorId: uuid().references(() => operator.id, { onDelete: 'cascade' }),
    apiKeyId: uuid().references(() => apiKey.id, { onDelete: 'cascade' }),
    method: text({ enum: SIGN_IN_METHODS }).notNull().default('password'),
    /** Address and browser, for whoever looks for a session that is not theirs. */
    client: text(),
    userAgent: text(),
    createdAt: instant().notNull().defaultNow(),
    /** When who it is was last proved. */
    provedAt: instant().notNull().defaultNow(),
    lastSeenAt: instant().notNull().defaultNow(),
    expiresAt: instant().notNull(),
  },
  (t) => [index().on(t.expiresAt), index().on(t.operatorId)],
);

export const auditEntry = pgTable(
  'audit_entry',
  {
    id: id(),
    publicationId: publicationId(),
    /** The API key or operator that did it; null: the system. */
    actorId: uuid(),
    /** What they were called then. */
    actorName: text(),
    action: text().notNull(),
    subjectType: text().notNull(),
    subjectId: text(),
    detail: jsonb().$type<Record<string, unknown>>(),
    at: instant().notNull().defaultNow(),
  },
  (t) => [index().on(t.publicationId, t.at), index().on(t.publicationId, t.actorId)],
);

/** From where something was done. Apart from the entry, which stays for ever: an address goes after a while. */
export const auditOrigin = pgTable(
  'audit_origin',
  { entryId: uuid().primaryKey(), client: text().notNull(), at: instant().notNull() },
  (t) => [index().on(t.at)],
);

/** Answers to POSTs that carried an Idempotency-Key, kept for a day. */
export const idempotencyKey = pgTable(
  'idempotency_key',
  {
    apiKeyId: uuid().notNull(),
    key: text().notNull(),
    requestSha256: text().notNull(),
    status: integer(),
    body: jsonb(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.apiKeyId, t.key] }), index().on(t.createdAt)],
);
