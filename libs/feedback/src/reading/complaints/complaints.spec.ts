import { fixture, ORIGINAL, type FixtureMail } from '../fixtures.js';
import { readReturnedMail } from '../read-returned-mail.js';

const FEEDBACK = `Feedback-Type: abuse
User-Agent: ProviderFBL/1.0
Version: 1
Original-Mail-From: <bounces+0ther@news.example.org>
Source-IP: 192.0.2.10
Reported-Domain: news.example.org
Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0000
`;
const arf = (fields: string, more: Partial<FixtureMail> = {}) =>
  fixture({
    from: 'Feedback <feedback@provider.example>',
    subject: 'Today in the harbour',
    reportType: 'feedback-report',
    text: 'This is an email abuse report.\n',
    part: ['message/feedback-report', fields],
    original: 'message',
    ...more,
  });
const redacted = ORIGINAL.replace('anna@reader.example', 'redacted@reader.example');

describe('complaints', () => {
  it('tells who complained, of what, and by whom', async () => {
    const read = await readReturnedMail(arf(`${FEEDBACK}Original-Rcpt-To: <Anna@Reader.example>\n`));
    expect(read).toMatchObject({
      kind: 'complaint',
      recipients: [{ address: 'anna@reader.example', action: 'delivered', code: null, status: null }],
      complaint: {
        feedbackType: 'abuse',
        userAgent: 'ProviderFBL/1.0',
        sourceIp: '192.0.2.10',
        reportedDomain: 'news.example.org',
        arrivedAt: new Date('2026-11-24T10:00:00Z'),
      },
      messageIds: ['<edition-1@news.example.org>'],
    });
    expect(read.returnPaths).toEqual(
      expect.arrayContaining(['bounces+tok3n@news.example.org', 'bounces+0ther@news.example.org']),
    );
    expect(read.original?.listUnsubscribe).toContain('tok3n');
  });

  it.each<[string, Uint8Array, (string | null)[]]>([
    [
      'several',
      arf(`${FEEDBACK}Original-Rcpt-To: anna@reader.example\nOriginal-Rcpt-To: bert@reader.example\n`),
      ['anna@reader.example', 'bert@reader.example'],
    ],
    ['the returned header alone', arf(FEEDBACK), ['anna@reader.example']],
    [
      'a redacted one',
      arf(`${FEEDBACK}Original-Rcpt-To: redacted@reader.example\n`, { original: 'none' }),
      [null],
    ],
    ['the fields apart', arf(FEEDBACK.replaceAll('\n', '\n\n')), ['anna@reader.example']],
    [
      'no fields at all',
      fixture({ text: 'x', reportType: 'feedback-report', original: 'message' }),
      ['anna@reader.example'],
    ],
    [
      'Microsoft, a mail in a mail',
      fixture({
        from: 'staff@hotmail.com',
        subject: 'complaint about message from 192.0.2.10',
        text: '',
        part: ['message/rfc822', `X-HmXmrOriginalRecipient: anna@reader.example\n${redacted}\n\nx\n`],
      }),
      ['anna@reader.example'],
    ],
    [
      'the field of Microsoft, though sent on by somebody else',
      fixture({
        from: 'staff@gateway.example',
        subject: 'complaint about message from 192.0.2.10',
        text: '',
        part: ['message/rfc822', `X-HmXmrOriginalRecipient: anna@reader.example\n${redacted}\n\nx\n`],
      }),
      ['anna@reader.example'],
    ],
  ])('by %s', async (_, raw, addresses) => {
    const read = await readReturnedMail(raw);
    expect([read.kind, read.complaint?.feedbackType, read.recipients.map((its) => its.address)]).toEqual([
      'complaint',
      'abuse',
      addresses,
    ]);
  });

  it.each(['not-spam', 'auth-failure'])('is not feedback of the kind %s', async (type) => {
    const read = await readReturnedMail(arf(FEEDBACK.replace('abuse', type)));
    expect([read.kind, read.recipients, read.complaint?.feedbackType]).toEqual(['other', [], type]);
  });

  it('is not what a stranger sends with a mail in it', async () => {
    const read = await readReturnedMail(
      fixture({
        from: 'a@b.example',
        subject: 'complaint about message from 192.0.2.10',
        text: 'x',
        original: 'message',
      }),
    );
    expect(read.kind).toBe('other');
  });
});
