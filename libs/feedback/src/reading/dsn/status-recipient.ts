import type { HeaderFields } from '../mime/header-fields.js';
import { addressIn } from '../mime/addresses.js';
import type { ReturnedRecipient } from '../returned-mail.js';
import { isGeneral, replyParts, replyText, statusIn } from '../dialects/reply-parts.js';

type Action = ReturnedRecipient['action'];

const ACTIONS: readonly [RegExp, Action][] = [
  [/^fail|^expired|^error|^undeliver|^reject|^bounce/i, 'failed'],
  [/^delay|^deferr|^transient|^warn/i, 'delayed'],
  [/^deliver/i, 'delivered'],
  [/^relay/i, 'relayed'],
  [/^expand/i, 'expanded'],
];

/** What a block of a delivery status says of its recipient (RFC 3464 §2.3, RFC 6533). */
export function statusRecipient(fields: HeaderFields): ReturnedRecipient {
  const original = addressOf(fields.text('original-recipient'));
  // sendmail notes here where the final recipient's mail goes on to.
  const actual = addressOf(fields.text('x-actual-recipient'));
  const final = addressOf(fields.text('final-recipient')) ?? actual;
  const first = original ?? final;
  const last = actual ?? final;
  const diagnostic = withoutType(fields.all('diagnostic-code').join(' '));
  const said = statusIn(fields.text('status'));
  const parts = replyParts(`${diagnostic}\n`);
  const status = surest(said, parts.status);
  return {
    address: first,
    finalAddress: last !== first ? last : null,
    action: actionOf(fields.text('action'), status),
    code: parts.code,
    status,
    text: replyText(diagnostic || fields.text('status').replace(/^[\d.\s]+/, '')),
    stage: parts.stage,
  };
}

/** The words of the server are truer than the status that another program made of them, unless they say less. */
function surest(said: string | null, quoted: string | null): string | null {
  if (quoted === null) return said;
  if (said === null) return quoted;
  return isGeneral(quoted) && !isGeneral(said) ? said : quoted;
}

function actionOf(action: string, status: string | null): Action {
  const known = ACTIONS.find(([pattern]) => pattern.test(action.trim()))?.[1];
  if (known) return known;
  if (status?.startsWith('2')) return 'delivered';
  return 'failed';
}

/** Without `smtp;`, `x-unix;` and the like (RFC 3464 §2.3.6). */
function withoutType(diagnostic: string): string {
  return diagnostic.replace(/^\s*[a-z][\w-]{1,20}[ \t]*;/i, '').trim();
}

/** `rfc822;` and the address, in whatever frame; X.400 names hold none. */
function addressOf(field: string): string | null {
  const semicolon = field.indexOf(';');
  const value = semicolon === -1 ? field : field.slice(semicolon + 1);
  return addressIn(decoded(value.trim()))?.toLowerCase() ?? null;
}

/** RFC 3461 §4 (xtext) and RFC 6533 §3, where they were used: a `+` of an address is no code by itself. */
function decoded(address: string): string {
  const ascii = /\+(?:2B|3D|40)/.test(address)
    ? address.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : address;
  return ascii.replace(/\\x\{([0-9A-F]{2,6})\}/gi, (whole, hex: string) => {
    const point = parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
