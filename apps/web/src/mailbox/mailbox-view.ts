import { createRequire } from 'node:module';
import type { simpleParser } from 'mailparser';
import { lazily } from '#kernel/lazily.js';

/** Only where there is a mailbox to look into. */
const parser = lazily(
  () => createRequire(import.meta.url)('mailparser') as { simpleParser: typeof simpleParser },
);

/** A message taken apart for people. */
export interface MailboxView {
  /** With pictures that came along written into it; null: the message has no HTML. */
  html: string | null;
  text: string;
  /** Header fields in their order, unfolded and decoded only as far as the source is. */
  headers: { name: string; value: string }[];
  source: string;
  attachments: { name: string; type: string; bytes: number }[];
}

/** Takes a message apart (RFC 5322, MIME). */
export async function mailboxView(raw: Buffer): Promise<MailboxView> {
  const parsed = await parser().simpleParser(raw, { skipTextToHtml: true, skipImageLinks: false });
  return {
    html: parsed.html || null,
    text: parsed.text ?? '',
    headers: parsed.headerLines.map(({ line }) => {
      const colon = line.indexOf(':');
      return { name: line.slice(0, colon), value: unfolded(line.slice(colon + 1)) };
    }),
    source: raw.toString('utf8'),
    attachments: parsed.attachments.map(({ filename, contentType, size }) => ({
      name: filename ?? contentType,
      type: contentType,
      bytes: size,
    })),
  };
}

function unfolded(value: string): string {
  return value.replace(/\r?\n[ \t]+/g, ' ').trim();
}

/** Lets links leave the frame the message is shown in: none of them works inside. */
export function withLinksOutside(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + base) : base + html;
}
