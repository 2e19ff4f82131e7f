/** Mails for tests, in the shapes that programs give them; the words and addresses are our own. */

/** Our message as it comes back. */
export const ORIGINAL = [
  'Return-Path: <bounces+tok3n@news.example.org>',
  'Received: from out.news.example.org (out.news.example.org [192.0.2.10])',
  '\tby mx.reader.example (MTA) with ESMTPS id 4F0; Tue, 24 Nov 2026 10:00:00 +0000',
  'Message-ID: <edition-1@news.example.org>',
  'From: The Harbour Post <editor@news.example.org>',
  'To: Anna <anna@reader.example>',
  'Subject: Today in the harbour',
  'Date: Tue, 24 Nov 2026 10:00:00 +0000',
  'List-Id: <harbour.news.example.org>',
  'List-Unsubscribe: <https://news.example.org/unsubscribe/tok3n>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
].join('\n');

export interface FixtureMail {
  from?: string;
  to?: string;
  subject?: string;
  /** Further header lines. */
  headers?: string[];
  /** The words. */
  text: string | Uint8Array;
  contentType?: string;
  encoding?: string;
  /** Of a `message/delivery-status`: its lines. */
  status?: string;
  /** Of any other report part: its type and content. */
  part?: [contentType: string, content: string];
  /** How our message came back; `text`: below the words, behind the line that is given. */
  original?: 'message' | 'headers' | 'none' | { below: string };
  reportType?: string;
}

/** Builds the bytes of such a mail. */
export function fixture(mail: FixtureMail): Uint8Array {
  const {
    from = 'Mail Delivery System <mailer-daemon@mx.reader.example>',
    to = 'bounces+tok3n@news.example.org',
  } = mail;
  const original = mail.original ?? (mail.status ? 'headers' : 'none');
  const head = [
    'Return-Path: <>',
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${mail.subject ?? 'Undelivered'}`,
    'Message-ID: <report-1@mx.reader.example>',
    'Date: Tue, 24 Nov 2026 10:00:05 +0000',
    'MIME-Version: 1.0',
    ...(mail.headers ?? []),
  ];
  const below =
    typeof original === 'object' ? `\n${original.below}\n\n${ORIGINAL}\n\nThe lamp is lit.\n` : '';
  const words = Buffer.concat([Buffer.from(mail.text), Buffer.from(below)]);
  const own = [
    `Content-Type: ${mail.contentType ?? 'text/plain; charset=utf-8'}`,
    ...(mail.encoding ? [`Content-Transfer-Encoding: ${mail.encoding}`] : []),
  ];
  const parts = [
    ...(mail.status ? [['message/delivery-status', mail.status] as const] : []),
    ...(mail.part ? [mail.part] : []),
    ...(original === 'message' ? [['message/rfc822', `${ORIGINAL}\n\nThe lamp is lit.\n`] as const] : []),
    ...(original === 'headers' ? [['text/rfc822-headers', `${ORIGINAL}\n`] as const] : []),
  ];
  if (parts.length === 0) return lines([...head, ...own, ''], words);
  const type = mail.reportType ?? (mail.status ? 'delivery-status' : null);
  const multipart = type
    ? `multipart/report; report-type=${type}; boundary="=_b1"`
    : 'multipart/mixed; boundary="=_b1"';
  const tail = parts.map(([kind, content]) => `--=_b1\nContent-Type: ${kind}\n\n${content}\n`).join('');
  return lines(
    [...head, `Content-Type: ${multipart}`, '', 'In several parts.', '', '--=_b1', ...own, ''],
    Buffer.concat([words, Buffer.from(`\n${tail}--=_b1--\n`)]),
  );
}

function lines(head: string[], body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n`), body]);
}

/** Fields of one recipient of a delivery status. */
export function recipientStatus(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
