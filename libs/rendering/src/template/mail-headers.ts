import { domainToASCII } from 'node:url';
import { encodeWord, foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { invalidField } from '#kernel/errors/errors.js';

/** Someone in a From, To or Reply-To header. */
export interface Mailbox {
  name?: string | null;
  address: string;
}

/** Only its encoding of header values is used, which keeps no state. */
const encoder = new MimeNode(false);

/** RFC 5322 §2.1.1: should be at most 78 characters a line; nodemailer folds at 76 too. */
const FOLD_AT = 76;
/** Longer words are cut into encoded words, because a line can only be folded at white space. */
const LONGEST_WORD = 70;
/** RFC 5322 §2.1.1: at most 998 octets a line; what can't be folded stays well below, with its field name. */
const LONGEST_UNFOLDED = 900;
/** Needs no encoding: most addresses, and this is done for each reader. */
const PLAIN_ADDRESS = /^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)*$/;
/** Likewise a name: words of letters and digits. */
const PLAIN_NAME = /^\w+( \w+)*$/;
/** RFC 5321 §4.5.3.1: 64 octets, an `@`, 255 octets. What a server takes is less, and its own to say. */
const LONGEST_ADDRESS = 320;
/** RFC 2919 §2. */
const MAX_LIST_ID = 255;
/** RFC 5322 §3.6.8. */
const FIELD_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;
/** Set by the plate itself. */
const RESERVED =
  /^(from|to|cc|bcc|sender|reply-to|subject|date|message-id|mime-version|content-.*|list-id|list-unsubscribe.*)$/i;

/** `Name: value` folded and ended with CRLF. The value must be encoded already and holds no line breaks. */
export function headerLine(name: string, value: string): string {
  if (name.length + value.length + 2 <= FOLD_AT) return `${name}: ${value}\r\n`;
  return `${foldLines(`${name}: ${value}`, FOLD_AT)}\r\n`;
}

/** White space and control characters to single spaces, so that nothing can begin a header of its own. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
}

/** An unstructured value (Subject), RFC 2047-encoded where needed. */
export function encodeText(text: string, longestWord = LONGEST_WORD): string {
  const clean = oneLine(text);
  if (clean.split(' ').some((word) => word.length > longestWord) && /^[\x20-\x7e]*$/.test(clean)) {
    return encodeWord(clean, 'Q', 52);
  }
  return encoder.encodeHeaderValue('Subject', clean);
}

/** A display name: as is, quoted, or RFC 2047-encoded. */
function encodeName(name: string): string {
  if (PLAIN_NAME.test(name) && name.length <= LONGEST_WORD) return name;
  const clean = oneLine(name);
  if (/^[\w ]+$/.test(clean) && clean.length <= LONGEST_WORD) return clean;
  // Readers decode what looks like an encoded word even between quotation marks, where RFC 2047 §5 knows none.
  const isMistaken = clean.includes('=?');
  return isMistaken || clean.split(' ').some((word) => word.length > LONGEST_WORD)
    ? encodeWord(clean, /^[\x20-\x7e]*$/.test(clean) ? 'Q' : 'B', 52)
    : encoder.encodeHeaderValue('From', { name: clean, address: 'a@b' }).replace(/ <a@b>$/, '');
}

/**
 * An address header's value. Domains in Unicode are turned to punycode, unless the local part is not ASCII either:
 * then the whole address is written in UTF-8 (RFC 6532), and needs SMTPUTF8 to be sent.
 * @throws DomainError `invalid_input` when the address holds a line break, an angle bracket or a second `@`, or is too long
 */
export function encodeMailbox(mailbox: Mailbox, field: string): string {
  if (
    Buffer.byteLength(mailbox.address) > LONGEST_ADDRESS ||
    !/^[^\x00-\x20\x7f<>,;:"()[\]\\@]+@[^\x00-\x20\x7f<>,;:"()[\]\\@]+$/.test(mailbox.address)
  ) {
    throw invalidField(
      field,
      'invalid',
      `"${oneLine(mailbox.address)}" can't stand in a mail as an address.`,
    );
  }
  const address = PLAIN_ADDRESS.test(mailbox.address)
    ? mailbox.address
    : encoder.encodeHeaderValue('To', { name: '', address: mailbox.address });
  const name = PLAIN_NAME.test(mailbox.name ?? '') ? mailbox.name : oneLine(mailbox.name ?? '');
  return name ? `${encodeName(name)} <${address.replace(/^<(.*)>$/, '$1')}>` : address;
}

/** `<…>` around a web address. @throws DomainError when it is not http(s) or could break out of the brackets */
export function bracketedUrl(url: string, field: string): string {
  if (url.length > LONGEST_UNFOLDED || !/^https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]+$/.test(url)) {
    throw invalidField(
      field,
      'invalid',
      'It must be a http or https address without spaces or angle brackets.',
    );
  }
  return `<${url}>`;
}

/** An address of letters, digits and `._+-`, which needs no escaping in a header or a `mailto:`. @throws DomainError when it has others */
export function plainAddress(address: string, field: string): string {
  if (address.length > 320 || !/^[\w.+-]+@[A-Za-z0-9.-]+$/.test(address)) {
    throw invalidField(field, 'invalid', 'It must be an address of letters, digits and ._+- only.');
  }
  return address;
}

/** A word of letters, digits, `_`, `-` and `:`. @throws DomainError when it has others */
export function atoms(text: string, field: string): string {
  if (!/^[\w:-]{1,320}$/.test(text)) throw invalidField(field, 'invalid', 'It must be one plain word.');
  return text;
}

/** `<left@right>`. @throws DomainError when it is not the form of a Message-ID (RFC 5322 §3.6.4) */
export function bracketedMessageId(id: string): string {
  const bare = id.replace(/^<(.*)>$/, '$1');
  if (
    bare.length > LONGEST_UNFOLDED ||
    !/^[\x21\x23-\x3b\x3d\x3f\x41-\x7e]+@[\x21\x23-\x3b\x3d\x3f\x41-\x7e]+$/.test(bare)
  ) {
    throw invalidField('messageId', 'invalid', 'A Message-ID has the form left@right.');
  }
  return `<${bare}>`;
}

/** RFC 2919 §3. @throws DomainError when the id is not a list label with a domain */
export function encodeListId(list: { name: string; id: string }): string {
  const id = domainToASCII(list.id) || list.id;
  if (id.length > MAX_LIST_ID || !/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/.test(id)) {
    throw invalidField('listId', 'invalid', 'A list id looks like a host name: digest.news.example.org.');
  }
  const name = oneLine(list.name);
  return name ? `${encodeName(name)} <${id}>` : `<${id}>`;
}

/** Headers given by configuration. @throws DomainError for a malformed or reserved name or a value with line breaks */
export function extraHeaderLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => {
      if (!FIELD_NAME.test(name) || RESERVED.test(name)) {
        throw invalidField('extraHeaders', 'invalid', `"${oneLine(name)}" can't be set as an extra header.`);
      }
      if (/[\r\n\0]/.test(value)) throw invalidField(name, 'invalid', 'A header value holds no line breaks.');
      return headerLine(name, encodeText(value, LONGEST_UNFOLDED));
    })
    .join('');
}
