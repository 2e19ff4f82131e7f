import type { AcceptedMessage } from '../../support/smtp-peer.js';

/** What a mail server got, as far as it matters here. */
export interface ReceivedMail {
  email: string;
  kind: 'regular' | 'alert';
  digest: string;
  /** Titles in their order. */
  titles: string[];
  messageId: string;
}

const TITLE = /^[SH]\d{3} .+$/gm;

/** Reads a message by its headers and its plain-text part. */
export function readMessage({ to, raw }: AcceptedMessage): ReceivedMail {
  const source = raw.toString('latin1');
  const end = source.indexOf('\r\n\r\n');
  const headers = source.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(headers)?.[1] ?? '';
  const boundary = /boundary="?([^";]+)"?/.exec(header('Content-Type'))?.[1] ?? '';
  const text = source
    .slice(end)
    .split(`--${boundary}`)
    .find((part) => part.includes('text/plain'));
  if (boundary === '' || text === undefined) throw new Error(`A mail without plain text:\n${headers}`);
  const plain = fromQuotedPrintable(text.slice(text.indexOf('\r\n\r\n') + 4));
  return {
    email: to[0] ?? '',
    kind: /^\*\*\* .+ \*\*\*$/m.test(plain) ? 'alert' : 'regular',
    digest: /<([^.>]+)\./.exec(header('List-Id'))?.[1] ?? '',
    titles: [...plain.matchAll(TITLE)].map(([title]) => title),
    messageId: header('Message-ID'),
  };
}

/** RFC 2045 §6.7. */
function fromQuotedPrintable(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
}
