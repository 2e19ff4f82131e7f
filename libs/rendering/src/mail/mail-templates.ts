import { liquidFor, parseTemplateFile, renderTemplate } from '../template/liquid.js';
import { translate } from '../template/locales.js';
import { lookScope } from '../template/look-scope.js';
import { compileMjml } from '../template/mjml.js';
import { newNonce, sealForeign, sentinel, splitAtSentinels, type Sentinel } from '../template/sentinel.js';
import { placeholderSentinels } from '../template/placeholders.js';
import type { PublicationView } from '../template/views.js';

/** The mails that are sent one at a time, each because of something its reader did. */
export const MAIL_KINDS = [
  'confirmation',
  'welcome',
  'unsubscribed',
  'already-subscribed',
  'preferences-link',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** What the templates of a single mail are compiled for. */
export interface MailTemplates {
  kind: MailKind;
  locale: string;
  publication: PublicationView;
}

/** The two parts of a single mail, with what is its reader's still open. */
export interface CompiledMail {
  html: (string | Sentinel)[];
  text: (string | Sentinel)[];
}

/** Compiles the templates of a single mail. @throws DomainError `invalid_input` naming `template`, the file and the line */
export async function compileMailTemplates({
  kind,
  locale,
  publication,
}: MailTemplates): Promise<CompiledMail> {
  const nonce = newNonce();
  const scope = scopeOf(kind, locale, publication, nonce);
  const [html, text] = [liquidFor('emails', 'html'), liquidFor('emails', 'text')];
  const mjml = renderTemplate(html, parseTemplateFile(html, `${kind}.mjml`, 'template'), scope, 'template');
  const compiled = await compileMjml(mjml);
  const plain = renderTemplate(
    text,
    parseTemplateFile(text, `${kind}.txt.liquid`, 'template'),
    scope,
    'template',
  );
  const own = (its: string) => its === nonce;
  return {
    html: splitAtSentinels(sealForeign(compiled, nonce, 'html'), own),
    text: splitAtSentinels(sealForeign(plain, nonce, 'text'), own),
  };
}

function scopeOf(kind: MailKind, locale: string, publication: PublicationView, nonce: string) {
  const look = lookScope(locale, publication);
  const slot = placeholderSentinels(nonce);
  const requested = sentinel(nonce, 'requested');
  const vars = { publication: look.publication.name, address: slot.address, requested };
  return {
    ...look,
    subject: subjectOf(kind, locale, publication),
    preheader: translate(
      locale,
      kind === 'confirmation' ? 'mail.confirmation.asked' : `${keyOf(kind)}.text`,
      vars,
    ),
    subscribeUrl: `${look.publication.baseUrl}/subscribe`,
    slot,
    requested,
  };
}

function keyOf(kind: MailKind): string {
  return `mail.${kind.replaceAll('-', '_')}`;
}

/** The subject of a single mail. */
export function subjectOf(kind: MailKind, locale: string, publication: PublicationView): string {
  return translate(locale, `${keyOf(kind)}.subject`, { publication: publication.name });
}
