import type { Schemas } from '#contract/paths.js';

export type Import = Schemas['Import'];
export type ImportCounts = Schemas['ImportCounts'];
export type ColumnMapping = Schemas['ColumnMapping'];
export type ImportSettings = Schemas['ImportSettings'];
export type Export = Schemas['Export'];
export type Field = ColumnMapping['field'];

export const FORMAT_NAMES: Record<Import['format'], string> = {
  broadsheet: 'an export of Broadsheet',
  mailchimp: 'an export of Mailchimp',
  ghost: 'an export of Ghost',
  substack: 'an export of Substack',
  beehiiv: 'an export of Beehiiv',
  buttondown: 'an export of Buttondown',
  kit: 'an export of Kit',
  listmonk: 'an export of listmonk',
  csv: 'a CSV file',
};

export const FIELD_NAMES: Record<Field, string> = {
  ignore: 'Leave out',
  email: 'E-mail address',
  name: 'Name',
  first_name: 'First name',
  last_name: 'Last name',
  attribute: 'Attribute',
  tags: 'Tags',
  status: 'Status there',
  consented_at: 'Consent given at',
  unsubscribed_at: 'Unsubscribed at',
  bounced_at: 'Bounced at',
  opted_out: 'Opted out: yes or no',
  opted_in: 'Opted in: yes or no',
  locale: 'Language',
  time_zone: 'Time zone',
  topics: 'Topics',
  digests: 'Digests',
  attributes: 'Attributes as JSON',
  cadence: 'Cadence',
  weekday: 'Weekday',
  hour: 'Hour',
  alerts: 'Breaking news',
  paused_until: 'Paused until',
  subscriptions: 'Subscriptions as JSON',
};

export const STATE_NAMES: Record<Import['status'] | Export['status'], string> = {
  ready: 'not begun',
  checking: 'dry run',
  checked: 'checked',
  running: 'running',
  done: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
};

const DELIMITERS: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

/** `UTF-8, with semicolons`. */
export const spokenDialect = ({ encoding, delimiter }: Import['dialect']) =>
  `${encoding.toUpperCase().replace('WINDOWS', 'Windows')}, with ${DELIMITERS[delimiter] ?? delimiter}`;

const MEGABYTE = 1024 * 1024;

/** `3.2 MB`. */
export const showSize = (bytes: number) =>
  bytes < MEGABYTE
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / MEGABYTE).toLocaleString('en-GB', { maximumFractionDigits: 1 })} MB`;

/** Something happens to it by itself. */
export const isAtWork = ({ status }: { status: string }) => status === 'checking' || status === 'running';
