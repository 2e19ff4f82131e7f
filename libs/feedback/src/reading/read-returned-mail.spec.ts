import { DIALECTS } from './dialects/dialects.fixtures.js';
import { fixture } from './fixtures.js';
import { readReturnedMail } from './read-returned-mail.js';

const plain =
  "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<anna@reader.example>: host mx said: 550 5.1.1 No Such User\n    Here (in reply to RCPT TO command)\n";

describe('reports whose frame is broken', () => {
  const head = 'From: MAILER-DAEMON@reader.example\nSubject: failure notice\n';
  it.each<[string, string]>([
    ['no header at all', plain],
    ['the envelope of a mailbox file', `From MAILER-DAEMON Fri Jan 1 00:00:00 2026\n${head}\n${plain}`],
    [
      'a part that begins with its words',
      `${head}Content-Type: multipart/mixed; boundary=b\n\n--b\n${plain}\n--b--\n`,
    ],
    ['blank lines on top', `    \n\n${head}\n${plain}`],
    ['a type that is none', `${head}Content-Type: plain\n\n${plain}`],
    [
      'a parameter whose semicolon is missing',
      `${head}Content-Type: text/plain\n   charset="utf-8"\n\n${plain}`,
    ],
    [
      'headers whose folds are lost',
      `Received: from a\nby b with SMTP\n${head}Content-Type: multipart/mixed;\nboundary="b"\nTo: x@news.example.org\n\n--b\nContent-Type: text/plain;\n charset=utf-8\n\n${plain}\n--b--\n`,
    ],
    [
      'a boundary that begins another',
      `${head}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b-1\n\n--b-1\nContent-Type: text/plain\n\n${plain}\n--b-1--\n--b--\n`,
    ],
  ])('%s', async (_, text) => {
    for (const its of [text, text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '\r')]) {
      const read = await readReturnedMail(Buffer.from(its));
      expect(read.kind).toBe('bounce');
      expect(read.recipients).toMatchObject([
        { address: 'anna@reader.example', code: 550, status: '5.1.1', stage: 'rcpt' },
      ]);
    }
  });
});

describe('reports without fields', () => {
  it.each(DIALECTS.map((its) => [its.name, its] as const))('%s', async (_, its) => {
    const read = await readReturnedMail(fixture(its));
    expect(read.kind).toBe(its.kind ?? 'bounce');
    expect(read.recipients).toEqual(
      its.expect.map((one) => expect.objectContaining({ action: 'failed', ...one }) as unknown),
    );
    if (its.says) expect(read.recipients[0]?.text).toContain(its.says);
    expect(read.returnPaths).toContain('bounces+tok3n@news.example.org');
    if (its.original && its.original !== 'none')
      expect(read.messageIds[0]).toBe('<edition-1@news.example.org>');
  });
});
