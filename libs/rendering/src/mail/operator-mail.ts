import { liquidFor, parseTemplateFile, renderTemplate } from '../template/liquid.js';
import { translate } from '../template/locales.js';
import { lookScope } from '../template/look-scope.js';
import { oneLine } from '../template/mail-headers.js';
import { compileMjml } from '../template/mjml.js';
import { sealForeign } from '../template/sentinel.js';
import { tidyText } from '../template/tidy.js';
import { webUrl, type PublicationView } from '../template/views.js';

/**
 * The mails to those who run the publication: an edition waits for a yes; one was missed while the service was down and
 * waits for a decision; the service paused one; a recipient domain refuses us and is left alone; an alarm of any other cause;
 * an invitation; a link for a new password; the first mail of an installation.
 */
export const OPERATOR_MAIL_KINDS = [
  'approval-wanted',
  'slot-held',
  'edition-paused',
  'domain-rested',
  'alarm',
  'invitation',
  'password-reset',
  'first-mail',
] as const;
export type OperatorMailKind = (typeof OPERATOR_MAIL_KINDS)[number];

/** What an alarm says. */
export interface AlarmWords {
  /** Its texts are `mail.alarm.KEY.title`, `.text` and `.todo`. */
  key: string;
  /** What stands in them besides `{name}`; written for people already. */
  vars: Readonly<Record<string, string>>;
}

/** Kinds about the operator's own account: they look alike, and are about the publication. */
const OF_ACCOUNTS: readonly OperatorMailKind[] = ['invitation', 'password-reset', 'first-mail'];

/** What an operator is told. */
export interface OperatorMailData {
  address: string;
  /** Of an alarm, the name of what it is about. */
  digestName: string;
  /** When it goes out, was due or was paused, a domain is tried again, an alarm began; written for people already. */
  at: string;
  /** Of `edition-paused`, `domain-rested` and `alarm`: what happened, with the server's words. */
  reason?: string;
  /** Needed by `alarm`. */
  alarm?: AlarmWords;
  /** The articles', in their order. */
  titles?: readonly string[];
  /** Absolute http(s) URL of the page where it is decided. */
  actionUrl: string;
  /** Of `approval-wanted`: what happens without an answer. */
  otherwise?: 'skip' | 'send';
}

/** What a mail to operators is made of. */
export interface OperatorMail {
  kind: OperatorMailKind;
  locale: string;
  publication: PublicationView;
  data: OperatorMailData;
}

/** There are few of these mails, each with its own list: nothing is kept. */
export async function compileOperatorMail({
  kind,
  locale,
  publication,
  data: { titles = [], ...data },
}: OperatorMail): Promise<{ subject: string; html: string; text: string }> {
  const actionUrl = webUrl(data.actionUrl);
  if (!actionUrl) throw new Error(`A mail of the kind "${kind}" needs actionUrl.`);
  const look = lookScope(locale, publication);
  const say = (key: string, vars = {}) =>
    translate(look.locale, `mail.${kind.replaceAll('-', '_')}.${key}`, vars);
  const digest = oneLine(data.digestName);
  const alarm = kind === 'alarm' ? spoken(look.locale, digest, data.alarm) : undefined;
  const subject = alarm?.title ?? say('subject', { digest });
  const scope = {
    ...look,
    subject,
    preheader: alarm?.text ?? [data.reason ?? say('due', { at: data.at }), ...titles].join(' · '),
    alarm,
    address: data.address,
    digest: { name: digest },
    at: data.at,
    titles,
    reason: data.reason ?? '',
    otherwise: data.otherwise ? say(`otherwise_${data.otherwise}`) : '',
    texts: OF_ACCOUNTS.includes(kind) ? accountTexts(say, digest, data.at) : undefined,
    actionUrl,
  };
  const render = (output: 'html' | 'text', file: string) => {
    const engine = liquidFor('emails', output);
    return renderTemplate(engine, parseTemplateFile(engine, file, 'template'), scope, 'template');
  };
  const file = OF_ACCOUNTS.includes(kind) ? 'account' : kind;
  const html = await compileMjml(render('html', `${file}.mjml`));
  // Titles and servers' words come from outside: none may become a placeholder in the plate.
  return {
    subject,
    html: sealForeign(html, '', 'html'),
    text: sealForeign(tidyText(render('text', `${file}.txt.liquid`)), '', 'text'),
  };
}

/** `mail.KIND.headline` and so on. */
function accountTexts(say: (key: string, vars?: object) => string, name: string, at: string) {
  const of = (key: string) => say(key, { digest: name, at });
  return {
    headline: of('headline'),
    text: of('text'),
    due: of('due'),
    button: of('button'),
    more: of('more'),
  };
}

function spoken(locale: string, name: string, alarm: AlarmWords | undefined) {
  if (!alarm) throw new Error('A mail of the kind "alarm" needs alarm.');
  const say = (key: string) => translate(locale, `mail.alarm.${alarm.key}.${key}`, { ...alarm.vars, name });
  return { title: say('title'), text: say('text'), todo: say('todo') };
}
