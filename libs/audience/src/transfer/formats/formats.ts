import { IMPORT_COLUMNS } from '../../operator/import-row.js';
import { MANY, type ColumnMapping, type Field } from './fields.js';
import type { Standing } from './standing.js';

export const FORMATS = [
  'broadsheet',
  'mailchimp',
  'ghost',
  'substack',
  'beehiiv',
  'buttondown',
  'kit',
  'listmonk',
  'csv',
] as const;
export type FormatName = (typeof FORMATS)[number];

interface Format {
  /** Whether these are the names of its columns, as {@link plainName} writes them. */
  isIts: (has: (...names: string[]) => boolean, names: readonly string[]) => boolean;
  /** What its columns are, besides {@link COMMON}. */
  fields: Readonly<Record<string, Field>>;
  /** What it calls a standing in a way of its own. */
  words?: Readonly<Record<string, Standing>>;
  /** Columns that are about its own machinery. */
  noise?: readonly string[];
}

/** `E-mail Address` as `e_mail_address`, the accents off: how columns are compared. */
export const plainName = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');

const all = (field: Field, ...names: string[]) =>
  Object.fromEntries([field, ...names].map((name) => [name, field]));

/** What a file of lines that were left out says of them: it comes back mended. */
export const REPORT_COLUMNS = ['import_line', 'import_problem'] as const;

/** Names that mean the same wherever they come from. */
const COMMON: Readonly<Record<string, Field>> = {
  ...Object.fromEntries(IMPORT_COLUMNS.map((name) => [name, name])),
  ...all('ignore', ...REPORT_COLUMNS),
  ...all('email', 'e_mail', 'email_address', 'e_mail_address', 'mail', 'subscriber_email', 'user_email'),
  ...all('email', 'emailadresse', 'e_mail_adresse', 'adresse_e_mail', 'adresse_mail', 'courriel', 'correo'),
  ...all('name', 'full_name', 'fullname', 'display_name', 'subscriber_name'),
  ...all('first_name', 'firstname', 'fname', 'given_name', 'vorname', 'prenom', 'nombre'),
  ...all('last_name', 'lastname', 'lname', 'surname', 'family_name', 'nachname', 'apellido', 'apellidos'),
  ...all('locale', 'language', 'lang', 'sprache', 'langue'),
  ...all('time_zone', 'timezone', 'tz'),
  ...all('status', 'state', 'subscription_status', 'subscriber_status'),
  ...all('tags', 'labels', 'segments', 'groups'),
  ...all('attributes', 'metadata'),
  ...all('consented_at', 'confirmed_at', 'confirm_time', 'optin_time', 'opt_in_time', 'subscribed_at'),
  ...all(
    'consented_at',
    'created_at',
    'creation_date',
    'signup_date',
    'date_added',
    'added_at',
    'start_date',
  ),
  ...all('unsubscribed_at', 'unsub_time', 'unsubscription_date', 'unsubscribe_date', 'deleted_at'),
  ...all('bounced_at', 'clean_time', 'bounce_date'),
  ...all('opted_out', 'unsubscribed', 'opt_out', 'email_disabled'),
  ...all('opted_in', 'subscribed', 'opt_in', 'subscribed_to_emails'),
};

const OURS = new Set<string>([
  ...IMPORT_COLUMNS,
  'id',
  'created_at',
  'confirmed_at',
  'unsubscribed_at',
  ...REPORT_COLUMNS,
]);
const MAIL = ['email', 'email_address'];

/**
 * The exports of other services, the most telling first. Names are those of their files: listmonk `cmd/subscribers.go`, Ghost's members
 * export and the fixtures of its importers (Mailchimp, Substack, Beehiiv), Buttondown's and Kit's API.
 */
const KNOWN: Readonly<Record<Exclude<FormatName, 'csv'>, Format>> = {
  broadsheet: {
    isIts: (has, names) => has('email') && names.length > 4 && names.every((name) => OURS.has(name)),
    // What was is in the status.
    fields: { created_at: 'ignore', unsubscribed_at: 'ignore' },
    noise: ['id'],
  },
  mailchimp: {
    isIts: (has) =>
      has('email_address') && (has('member_rating') || has('leid', 'euid') || has('optin_time')),
    fields: { timezone: 'time_zone' },
    noise: [
      ...[
        'member_rating',
        'optin_ip',
        'confirm_ip',
        'latitude',
        'longitude',
        'gmtoff',
        'dstoff',
        'cc',
        'region',
      ],
      ...[
        'last_changed',
        'leid',
        'euid',
        'notes',
        'unsub_campaign_title',
        'unsub_campaign_id',
        'unsub_reason',
      ],
      ...['unsub_reason_other', 'clean_campaign_title', 'clean_campaign_id'],
    ],
  },
  ghost: {
    isIts: (has) => has('email', 'subscribed_to_emails') || has('email', 'complimentary_plan'),
    fields: {},
    noise: ['id', 'complimentary_plan', 'stripe_customer_id', 'tiers', 'products', 'gift_id', 'note'],
  },
  substack: {
    isIts: (has) => has('email') && (has('active_subscription') || has('email_disabled')),
    // A subscription of theirs is a paid one: who has none reads for free.
    fields: {},
    noise: [
      ...['active_subscription', 'expiry', 'plan', 'type', 'first_payment_at', 'prefer_digests'],
      ...['stripe_connected_customer_id', 'stripe_customer_id'],
    ],
  },
  beehiiv: {
    isIts: (has) =>
      has('email', 'status') &&
      ['tier', 'subscription_tier', 'free_tier', 'subscription_premium_tiers', 'subscription_id'].some(
        (name) => has(name),
      ),
    fields: {},
    noise: [
      ...[
        'id',
        'subscription_id',
        'tier',
        'subscription_tier',
        'free_tier',
        'premium_tier',
        'stripe_customer_id',
      ],
      ...['subscription_premium_tiers', 'referral_code', 'referring_site', 'referral_count', 'referrals'],
      ...['utm_source', 'utm_medium', 'utm_campaign', 'utm_channel', 'utm_term', 'utm_content', 'ip_address'],
    ],
  },
  buttondown: {
    isIts: (has) =>
      MAIL.some((name) => has(name)) &&
      (has('subscriber_type') ||
        has('creation_date') ||
        has('unsubscription_date') ||
        has('secondary_id') ||
        (has('type') && (has('referrer_url') || has('metadata') || has('notes')))),
    fields: { type: 'status', subscriber_type: 'status' },
    words: { disabled: 'blocked' },
    noise: [
      ...['id', 'secondary_id', 'notes', 'referrer_url', 'source', 'ip_address', 'avatar_url', 'risk_score'],
      ...[
        'unsubscription_reason',
        'last_open_date',
        'last_click_date',
        'transitions',
        'undeliverability_date',
      ],
      ...['undeliverability_reason', 'churn_date', 'upgrade_date', 'stripe_customer_id', 'purchased_by'],
      ...['utm_source', 'utm_medium', 'utm_campaign', 'account', 'publication'],
    ],
  },
  kit: {
    isIts: (has, names) =>
      MAIL.some((name) => has(name)) &&
      has('first_name', 'created_at') &&
      !has('last_name') &&
      (has('status') || has('state') || has('tags') || names.length <= 5),
    fields: {},
    // Kit calls inactive who did not confirm.
    words: { inactive: 'pending' },
    noise: [
      'id',
      'subscriber_id',
      'referrer',
      'utm_source',
      'utm_medium',
      'utm_campaign',
      'utm_content',
      'utm_term',
    ],
  },
  listmonk: {
    isIts: (has) => has('email', 'attributes') && (has('uuid') || has('status', 'updated_at')),
    fields: {},
    noise: ['id', 'uuid', 'updated_at', 'lists', 'list_ids'],
  },
};

/** What wrote a file, by the names of its columns. */
export function formatOf(columns: readonly string[]): FormatName {
  const names = columns.map(plainName);
  const set = new Set(names);
  const has = (...wanted: string[]) => wanted.every((name) => set.has(name));
  const entries = Object.entries(KNOWN) as [FormatName, Format][];
  return entries.find(([, { isIts }]) => isIts(has, names))?.[0] ?? 'csv';
}

/** The words of a format for standings. */
export function wordsOf(format: FormatName): Readonly<Record<string, Standing>> {
  return format === 'csv' ? {} : (KNOWN[format].words ?? {});
}

/** What the columns of a file are taken for until somebody says otherwise: one that nobody knows is kept as an attribute. */
export function mappingFor(format: FormatName, columns: readonly string[]): ColumnMapping[] {
  const { fields = {}, noise = [] }: Partial<Format> = format === 'csv' ? {} : KNOWN[format];
  const taken = new Set<Field>();
  return columns.map((column) => {
    const name = plainName(column);
    const field = noise.includes(name) ? 'ignore' : (fields[name] ?? COMMON[name]);
    if (!field) return { field: 'attribute', attribute: column };
    if (taken.has(field) && !MANY.includes(field)) return { field: 'ignore' };
    taken.add(field);
    return { field };
  });
}
