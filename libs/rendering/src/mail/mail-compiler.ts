import { createHash } from 'node:crypto';
import { formatList, greeting, resolveLocale, translate } from '../template/locales.js';
import { subjectOf, type CompiledMail, type MailKind, type MailTemplates } from './mail-templates.js';
import {
  OPERATOR_MAIL_KINDS,
  type OperatorMail,
  type OperatorMailData,
  type OperatorMailKind,
} from './operator-mail.js';
import { sealForeign } from '../template/sentinel.js';
import { escapeHtml, type PlaceholderValues } from '../template/placeholders.js';
import { tidyText } from '../template/tidy.js';
import type { PublicationView } from '../template/views.js';

export { MAIL_KINDS, type MailKind } from './mail-templates.js';
export { OPERATOR_MAIL_KINDS, type OperatorMailData, type OperatorMailKind } from './operator-mail.js';

/** Who gets a single mail, and the links in it. */
export interface MailData {
  address: string;
  name?: string | null;
  /** Names of what was asked for, such as digests; none: "the newsletter". */
  requested?: readonly string[];
  /** Needed by `confirmation`. */
  confirmUrl?: string;
  /** Needed by `welcome`, `already-subscribed` and `preferences-link`. */
  preferencesUrl?: string;
  /** Needed by `welcome`. */
  unsubscribeUrl?: string;
}

export interface SingleMail {
  subject: string;
  html: string;
  text: string;
}

export interface MailInput<Data> {
  locale: string;
  publication: PublicationView;
  data: Data;
}

/** 5 kinds × 5 locales × a few publications; one takes about 30 KB. */
const CACHED_MAILS = 200;

/** What compiles: `Renderer`, in a process of its own. */
export interface MailWork {
  mailTemplates(its: MailTemplates): Promise<CompiledMail>;
  operatorMail(its: OperatorMail): Promise<SingleMail>;
}

/** Renders single mails: their MJML is compiled once per kind, locale and look of the publication. */
export class MailCompiler {
  private readonly compiled = new Map<string, Promise<CompiledMail>>();

  constructor(private readonly work: MailWork) {}

  /**
   * @returns the finished mail: no placeholders are left in it
   * @throws Error when a link the kind needs is missing
   */
  compile(kind: MailKind, input: MailInput<MailData>): Promise<SingleMail>;
  compile(kind: OperatorMailKind, input: MailInput<OperatorMailData>): Promise<SingleMail>;
  async compile(
    kind: MailKind | OperatorMailKind,
    input: MailInput<MailData> | MailInput<OperatorMailData>,
  ): Promise<SingleMail> {
    if (isOperatorKind(kind)) {
      return this.work.operatorMail({ kind, ...(input as MailInput<OperatorMailData>) });
    }
    return this.readerMail(kind, input);
  }

  private async readerMail(
    kind: MailKind,
    { locale: wanted, publication, data }: MailInput<MailData>,
  ): Promise<SingleMail> {
    const locale = resolveLocale(wanted, publication.locale);
    const mail = await this.compiledOnce(kind, locale, publication);
    const values = {
      address: data.address,
      greeting: greeting(locale, data.name),
      requested: data.requested?.length
        ? formatList(locale, data.requested)
        : translate(locale, 'mail.confirmation.newsletter'),
      ...definedLinks(data),
    };
    const fill = (part: 'html' | 'text') =>
      mail[part]
        .map((piece) => (typeof piece === 'string' ? piece : valueOf(kind, piece.name, values, part)))
        .join('');
    return {
      subject: subjectOf(kind, locale, publication),
      html: fill('html'),
      text: tidyText(fill('text')),
    };
  }

  private compiledOnce(kind: MailKind, locale: string, publication: PublicationView): Promise<CompiledMail> {
    const look = createHash('sha256').update(JSON.stringify(publication)).digest('base64url');
    const key = `${kind} ${locale} ${look}`;
    const known = this.compiled.get(key);
    if (known) return known;
    const oldest = this.compiled.keys().next().value;
    if (this.compiled.size >= CACHED_MAILS && oldest) this.compiled.delete(oldest);
    const compiling = this.work.mailTemplates({ kind, locale, publication });
    this.compiled.set(key, compiling);
    // A failure is not kept: the next mail tries again, and the one waiting is told.
    compiling.catch(() => this.compiled.delete(key));
    return compiling;
  }
}

function isOperatorKind(kind: MailKind | OperatorMailKind): kind is OperatorMailKind {
  return (OPERATOR_MAIL_KINDS as readonly string[]).includes(kind);
}

function definedLinks(data: MailData): PlaceholderValues {
  const { confirmUrl, preferencesUrl, unsubscribeUrl } = data;
  const links = Object.entries({ confirmUrl, preferencesUrl, unsubscribeUrl });
  return Object.fromEntries(links.filter(([, url]) => url !== undefined));
}

function valueOf(
  kind: MailKind,
  name: string,
  values: Record<string, string>,
  part: 'html' | 'text',
): string {
  const value = values[name];
  if (value === undefined) throw new Error(`A mail of the kind "${kind}" needs ${name}.`);
  // A value may come from a stranger: should it look like a placeholder, it must not become one in the plate.
  return sealForeign(part === 'html' ? escapeHtml(value) : value, '', part);
}
