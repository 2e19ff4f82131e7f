import type { HeaderFields } from '../mime/header-fields.js';
import { addressIn, addressesIn } from '../mime/addresses.js';
import type { ComplaintReport } from '../returned-mail.js';

/** Who sends complaints that are no ARF: a mail with ours in it. */
const SENDERS =
  /^(?:staff@hotmail\.com|complaints@(?:email-abuse\.amazonses\.com|us-west-2\.email-abuse\.amazonses\.com)|(?:fbl|feedbackloop|feedback|scomp|abuse-?report|complaints?|spam-?report|arf)[\w.+-]{0,40}@(?:[\w-]{1,60}\.){0,4}(?:aol|aol\.net|hotmail|outlook|live|msn|microsoft|yahoo|yahoo-inc|comcast|comcastfbl|cox|usa|fastmail|messagingengine|rackspace|synacor|tucows|hostedemail|uol|terra|bluetie|mail|corp\.mail|yandex|laposte|orange|sfr|signal-spam|libero|tim|abusix|spamcop|returnpath|validity|senderscore|fblreports)\.(?:com|net|org|co|ru|fr|it|br|com\.br|zone|corp)|staff@(?:outlook|live|msn)\.com|scomp@aol\.net)$/i;
const SUBJECT =
  /^(?:complaint about message from|abuse report|email feedback report|fbl(?: report)?\b|fw: |spam report|\[?feedback[- ]loop|yahoo! mail.{0,40}complaint|client tos notification)/i;
const TOLD = /^complaint about message from/i;
/** Fields of the original that Microsoft's programme adds: who got it. */
const RECIPIENTS = ['x-hmxmroriginalrecipient', 'x-ms-exchange-organization-originalrecipient'];

/**
 * A complaint that is a mail with ours in it, of a sender known for them, or with the field that only Microsoft's programme adds;
 * null: it is none.
 * @param original our header as it came back; empty: nothing came back
 */
export function plainComplaint(headers: HeaderFields, original: HeaderFields): ComplaintReport | null {
  const from = addressIn(headers.text('from')) ?? '';
  const subject = headers.text('subject');
  const isKnown = SENDERS.test(from) && SUBJECT.test(subject);
  const isNoted = TOLD.test(subject) && notedRecipients(original).length > 0;
  if (original.size === 0 || !(isKnown || isNoted)) return null;
  const ip = /\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(subject)?.[0] ?? null;
  return { feedbackType: 'abuse', userAgent: null, sourceIp: ip, reportedDomain: null, arrivedAt: null };
}

/** Who got our message, as the provider noted in its header; lower case. */
export function notedRecipients(original: HeaderFields): string[] {
  return RECIPIENTS.flatMap((name) => original.all(name))
    .flatMap((value) => addressesIn(value))
    .map((address) => address.toLowerCase());
}
