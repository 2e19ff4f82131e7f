import type { HeaderFields } from '../mime/header-fields.js';
import { addressIn } from '../mime/addresses.js';

const LOCAL_PARTS =
  /^(?:mailer[-_.]?daemon|post[-_]?master|mail-?daemon|mdaemon|mail-?delivery|mailadmin|mail\.administrator|sysadmin|ndr|bounces?|bounce-?(?:handler|notification)|delivery|mailer|daemon|mailsystem|mail-system|microsoftexchange\w{0,60}|notification|systemadmin|system-administrator|courier|exchange|mmdf|smtp|smtpd|ms-mailer|root|mailmaster|virusalert|nondelivery|undeliver\w{0,10}|(?:[\w.]{1,30}[-_])?mailer-daemon)(?:[+-][\w.=-]{0,100})?@/i;
const NAMES =
  /mail(?:er)?[ -]?(?:deliver\w{0,3}|daemon|system|administrat|router|subsystem|service)|postmaster|system administrator|delivery (?:system|subsystem|service|status|notification)|content-filter at|internet mail|microsoft (?:outlook|exchange)|interscan|message handler|mail gateway|電子メール配送|mdaemon/i;

/** Without an address. */
const NAMED_MACHINE = /^\W{0,3}(?:mailer-?daemon|postmaster|mail (?:delivery|system))/i;

/** Whether a mail comes from a mail server itself: by its name, or with no address of a person at all. */
export function isMachineSender(headers: HeaderFields): boolean {
  // A report whose header was lost on its way into a file.
  if (!headers.has('from') && !headers.has('subject')) return true;
  const from = headers.text('from');
  const address = addressIn(from);
  if (address === null) return NAMED_MACHINE.test(from) || isNullPath(headers);
  return LOCAL_PARTS.test(address) || NAMES.test(from.replace(address, ''));
}

/** Whether it is sent with no return path, as reports are, and answers of machines too. */
export function isNullPath(headers: HeaderFields): boolean {
  return /^\s*<\s*(?:mailer-daemon)?\s*>/i.test(headers.text('return-path'));
}
