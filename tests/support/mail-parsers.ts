import { simpleParser, type AddressObject } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import PostalMime from 'postal-mime';
import type { PlateInput, Stamp } from '#rendering/wire/plate.js';
import { fillPlaceholders, splitAtPlaceholders } from '#rendering/template/placeholders.js';

const even = (text: string | undefined | false) => evenBreaks(text || '').replace(/\n+$/, '');

/** Line breaks of any kind as one kind: on the wire there is only one. */
export function evenBreaks(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** What two independent parsers make of a message. Line breaks at the end of a part count for nothing. */
export async function readMail(message: Buffer) {
  const [postal, parsed] = [await PostalMime.parse(message), await simpleParser(message)];
  const addresses = (value: AddressObject | AddressObject[] | undefined) =>
    [value ?? []].flat().flatMap((object) => object.value.map(({ name, address }) => ({ name, address })));
  return {
    postal: {
      subject: postal.subject ?? '',
      from: [{ name: postal.from?.name ?? '', address: postal.from?.address }],
      to: postal.to?.map(({ name, address }) => ({ name, address })),
      replyTo: postal.replyTo?.map(({ name, address }) => ({ name, address })),
      messageId: postal.messageId,
      date: postal.date,
      html: even(postal.html),
      text: even(postal.text),
    },
    parsed: {
      subject: parsed.subject ?? '',
      from: addresses(parsed.from),
      to: addresses(parsed.to),
      replyTo: addresses(parsed.replyTo),
      messageId: parsed.messageId,
      date: parsed.date?.toISOString(),
      html: even(parsed.html),
      text: even(parsed.text),
    },
  };
}

/** One reader's message as nodemailer composes it. */
export async function composeWithNodemailer(
  input: PlateInput,
  { to, messageId, values }: Stamp,
): Promise<Buffer> {
  const mail = new MailComposer({
    from: input.from,
    replyTo: input.replyTo as { name: string; address: string },
    to: { name: to.name ?? '', address: to.address },
    subject: input.subject,
    messageId: `<${messageId}>`,
    date: input.date,
    html: fillPlaceholders(splitAtPlaceholders(input.html), values, 'html'),
    text: fillPlaceholders(splitAtPlaceholders(input.text), values, 'text'),
    textEncoding: 'quoted-printable',
  });
  return new Promise((resolve, reject) => {
    mail.compile().build((error, message) => (error ? reject(error) : resolve(message)));
  });
}

/**
 * Looks for what keeps a message from being written after DATA as it is (RFC 5321, RFC 5322).
 * @param eightBit its body may have long lines and octets above 127
 * @returns what is wrong, in words; nothing is right
 */
export function wireFaults(message: Buffer, eightBit = false): string[] {
  const text = message.toString('latin1');
  const split = text.indexOf('\r\n\r\n');
  const [head, body] = [text.slice(0, split), text.slice(split + 4)];
  const tooLong = (part: string, most: number) => part.split('\r\n').some((line) => line.length > most);
  const faults: [string, boolean][] = [
    ['the last line is not ended', !text.endsWith('\r\n')],
    ['a bare CR or LF', /(?<!\r)\n|\r(?!\n)/.test(text)],
    ['a NUL', text.includes('\0')],
    ['a line begins with a dot', /^\./m.test(text)],
    ['a header line is too long', tooLong(head, 998)],
    ['a body line is too long', tooLong(body, eightBit ? 998 : 76)],
    ['octets above 127 in the body', !eightBit && /[\x80-\xff]/.test(body)],
  ];
  return faults.filter(([, found]) => found).map(([fault]) => fault);
}
