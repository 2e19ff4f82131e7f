import { fixture, recipientStatus, type FixtureMail } from '../fixtures.js';
import { readReturnedMail } from '../read-returned-mail.js';
import type { ReturnedRecipient, ReturnKind } from '../returned-mail.js';

const REPORTER = 'Reporting-MTA: dns; mx.reader.example\nArrival-Date: Tue, 24 Nov 2026 10:00:00 +0000\n\n';
const block = (fields: Record<string, string>) => recipientStatus(fields);
const status = (...blocks: Record<string, string>[]) => REPORTER + blocks.map(block).join('\n\n');
const anna = { 'Final-Recipient': 'rfc822; anna@reader.example', Action: 'failed', Status: '5.1.1' };

interface Case extends Partial<FixtureMail> {
  name: string;
  status: string;
  kind?: ReturnKind;
  expect: Partial<ReturnedRecipient>[];
}

const CASES: Case[] = [
  {
    name: 'one that failed',
    status: status({ ...anna, 'Diagnostic-Code': 'smtp; 550 5.1.1 User unknown' }),
    expect: [
      {
        address: 'anna@reader.example',
        finalAddress: null,
        action: 'failed',
        code: 550,
        status: '5.1.1',
        text: '550 5.1.1 User unknown',
      },
    ],
  },
  {
    name: 'a diagnostic in several lines',
    status: status({ ...anna, 'Diagnostic-Code': 'smtp; 550-5.1.1 No such\n    550 5.1.1 mailbox' }),
    expect: [{ code: 550, text: '550-5.1.1 No such 550 5.1.1 mailbox' }],
  },
  {
    name: 'a diagnostic whose fold was lost',
    status: status({ ...anna, 'Diagnostic-Code': 'smtp; 550-5.1.1 No such\nmailbox of that name here' }),
    expect: [{ text: '550-5.1.1 No such mailbox of that name here' }],
  },
  {
    name: 'several, of which one is only late and one arrived',
    status: status(
      { ...anna },
      { 'Final-Recipient': 'rfc822; bert@reader.example', Action: 'delayed', Status: '4.4.1' },
      { 'Final-Recipient': 'rfc822; carl@reader.example', Action: 'delivered', Status: '2.0.0' },
    ),
    expect: [
      { address: 'anna@reader.example', action: 'failed' },
      { address: 'bert@reader.example', action: 'delayed', status: '4.4.1' },
    ],
  },
  {
    name: 'no empty line between two',
    status: `${REPORTER}${block(anna)}\n${block({ ...anna, 'Final-Recipient': 'rfc822; bert@reader.example' })}`,
    expect: [{ address: 'anna@reader.example' }, { address: 'bert@reader.example' }],
  },
  {
    name: 'everything in one block',
    status: `Reporting-MTA: dns; mx\n${block(anna)}`,
    expect: [{ address: 'anna@reader.example', status: '5.1.1' }],
  },
  {
    name: 'an empty line inside a recipient',
    status: `${REPORTER}Final-Recipient: rfc822; anna@reader.example\n\nAction: failed\nStatus: 5.2.2`,
    expect: [{ address: 'anna@reader.example', status: '5.2.2' }],
  },
  {
    name: 'late',
    kind: 'delayed',
    status: status({ ...anna, Action: 'delayed', Status: '4.4.7' }),
    expect: [{ action: 'delayed', status: '4.4.7' }],
  },
  {
    name: 'delivered',
    kind: 'other',
    status: status({ ...anna, Action: 'delivered', Status: '2.1.5' }),
    expect: [],
  },
  {
    name: 'relayed',
    kind: 'other',
    status: status({ ...anna, Action: 'relayed', Status: '2.0.0' }),
    expect: [],
  },
  {
    name: 'expanded',
    kind: 'other',
    status: status({ ...anna, Action: 'expanded', Status: '2.1.5' }),
    expect: [],
  },
  {
    name: 'forwarded: the address we wrote to, and the other',
    status: status({
      ...anna,
      'Original-Recipient': 'rfc822;Anna@Reader.example',
      'Final-Recipient': 'rfc822;anna@other.example',
    }),
    expect: [{ address: 'anna@reader.example', finalAddress: 'anna@other.example' }],
  },
  {
    name: 'forwarded, as sendmail notes it',
    status: status({ ...anna, 'X-Actual-Recipient': 'RFC822; anna@other.example' }),
    expect: [{ address: 'anna@reader.example', finalAddress: 'anna@other.example' }],
  },
  {
    name: 'an original address in xtext',
    status: status({ ...anna, 'Original-Recipient': 'rfc822;anna+2Bnews@reader.example' }),
    expect: [{ address: 'anna+news@reader.example' }],
  },
  {
    name: 'an internationalised address (RFC 6533)',
    status: status({ ...anna, 'Final-Recipient': 'utf-8; anna\\x{E9}@reader.example' }),
    expect: [{ address: 'annaé@reader.example' }],
  },
  {
    name: 'an internationalised address as it is',
    status: status({ ...anna, 'Final-Recipient': 'utf-8; ännä@leser.example' }),
    expect: [{ address: 'ännä@leser.example' }],
  },
  {
    name: 'an X.400 name, with the address in the words',
    text: 'Delivery failed:\n\n  <anna@reader.example>\n',
    status: status({ ...anna, 'Final-Recipient': 'x400; /S=anna/O=reader/C=xx/' }),
    expect: [{ address: 'anna@reader.example' }],
  },
  {
    name: 'no recipient at all, but the only one our message was for',
    text: 'It could not be delivered.\n',
    status: `${REPORTER}Action: failed\nStatus: 5.1.1\n`,
    expect: [{ address: 'anna@reader.example', status: '5.1.1' }],
  },
  {
    name: 'a status that is less exact than what the server said',
    status: status({ ...anna, Status: '5.0.0', 'Diagnostic-Code': 'smtp; 552 5.2.2 mailbox full' }),
    expect: [{ status: '5.2.2', code: 552 }],
  },
  {
    name: 'a status that is not what the server said',
    status: status({ ...anna, Status: '5.1.1', 'Diagnostic-Code': 'smtp; 550 5.7.1 blocked by policy' }),
    expect: [{ status: '5.7.1' }],
  },
  {
    name: 'a status that is more exact than what the server said',
    status: status({ ...anna, Status: '5.2.1', 'Diagnostic-Code': 'smtp; 550 5.0.0 refused' }),
    expect: [{ status: '5.2.1' }],
  },
  {
    name: 'what another server said within what Microsoft says',
    status: status({
      ...anna,
      Status: '5.0.350',
      'Diagnostic-Code': 'smtp;550 5.0.350 Remote server returned an error -> 550 5.1.1 no such user',
    }),
    expect: [{ status: '5.1.1', code: 550 }],
  },
  {
    name: 'no diagnostic: the words above tell more',
    text: 'could not be delivered\n\n<anna@reader.example>: host mx said: 550 5.2.1 disabled (in reply to RCPT TO command)\n',
    status: status({ ...anna, Status: '5.0.0' }),
    expect: [{ status: '5.2.1', code: 550, stage: 'rcpt' }],
  },
  {
    name: 'a size is no code',
    status: status({
      ...anna,
      Status: '5.3.4',
      'Diagnostic-Code': 'x-postfix; message size 550123 exceeds size limit 500 KB of server',
    }),
    expect: [{ code: null, status: '5.3.4' }],
  },
  {
    name: 'an address of the net is no status',
    status: status({ ...anna, Status: '', 'Diagnostic-Code': 'smtp; 550 connection from 5.9.1.22 refused' }),
    expect: [{ code: 550, status: null }],
  },
  {
    name: 'an action in other words',
    status: status({ ...anna, Action: 'Failure (expired)' }),
    expect: [{ action: 'failed' }],
  },
];

describe('a delivery status', () => {
  it.each(CASES.map((its) => [its.name, its] as const))('%s', async (_, its) => {
    const read = await readReturnedMail(fixture({ text: 'It could not be delivered.\n', ...its }));
    expect(read.kind).toBe(its.kind ?? 'bounce');
    expect(read.recipients).toEqual(its.expect.map((one) => expect.objectContaining(one) as unknown));
  });

  const words = 'It could not be delivered.\n';
  const raw = status({ ...anna, 'Diagnostic-Code': 'smtp; 550 5.1.1 User unknown' });
  it.each<[string, FixtureMail]>([
    ['in a part called text', { text: words, part: ['text/plain', raw] }],
    ['in the words', { text: `${words}\n${raw}\n` }],
    ['in a part called global', { text: words, part: ['message/global-delivery-status', raw] }],
    [
      'with the report called mixed',
      { text: words, part: ['message/delivery-status', raw], original: 'message' },
    ],
    [
      'in base64',
      {
        text: words,
        part: [
          'message/delivery-status\nContent-Transfer-Encoding: base64',
          Buffer.from(raw).toString('base64'),
        ],
      },
    ],
    ['from a person, as far as one sees', { from: 'Anna <anna@other.example>', text: words, status: raw }],
    [
      'called an auto-reply',
      { headers: ['Auto-Submitted: auto-replied'], subject: 'Automatic reply: no', text: words, status: raw },
    ],
  ])('%s', async (_, mail) => {
    const read = await readReturnedMail(fixture(mail));
    expect(read.kind).toBe('bounce');
    expect(read.recipients).toMatchObject([{ address: 'anna@reader.example', code: 550, status: '5.1.1' }]);
  });

  it('is read without its boundary, with another one, and cut off', async () => {
    const whole = Buffer.from(fixture({ text: words, status: raw })).toString();
    const missing = whole.replace('; boundary="=_b1"', '');
    const other = whole.replace('boundary="=_b1"', 'boundary="=_another"');
    const cut = whole.slice(0, whole.indexOf('Diagnostic-Code'));
    for (const text of [missing, other, cut, whole.replaceAll('\n', '\r\n'), whole.replaceAll('\n', '\r')]) {
      const read = await readReturnedMail(Buffer.from(text));
      expect([read.kind, read.recipients[0]?.address]).toEqual(['bounce', 'anna@reader.example']);
    }
  });

  it('is read inside a mail that a gateway made of it', async () => {
    const inner = Buffer.from(fixture({ text: words, status: raw })).toString();
    const read = await readReturnedMail(
      fixture({ text: 'Confidential.\n', part: ['message/rfc822', inner] }),
    );
    expect(read.recipients).toMatchObject([{ address: 'anna@reader.example', status: '5.1.1' }]);
  });

  it('tells whose it is: return paths, Message-IDs and the returned header', async () => {
    const read = await readReturnedMail(
      fixture({
        text: words,
        status: `Original-Envelope-Id: <edition-0@news.example.org>\nX-Postfix-Sender: rfc822; bounces+0ther@news.example.org\n${raw}`,
        headers: ['In-Reply-To: <edition-2@news.example.org>', 'Delivered-To: Bounces+T0k@news.example.org'],
      }),
    );
    expect(read.returnPaths).toEqual([
      'bounces+tok3n@news.example.org',
      'Bounces+T0k@news.example.org',
      'bounces+0ther@news.example.org',
    ]);
    expect(read.messageIds).toEqual([
      '<edition-1@news.example.org>',
      '<edition-0@news.example.org>',
      '<edition-2@news.example.org>',
    ]);
    expect(read.original).toEqual({
      messageId: '<edition-1@news.example.org>',
      from: 'editor@news.example.org',
      to: ['anna@reader.example'],
      listId: '<harbour.news.example.org>',
      feedbackId: null,
      cfblFeedbackId: null,
      listUnsubscribe: '<https://news.example.org/unsubscribe/tok3n>',
      returnPath: 'bounces+tok3n@news.example.org',
    });
  });

  it('finds our header where no empty line parts it from the header of its part', async () => {
    const whole = Buffer.from(fixture({ text: words, status: raw, original: 'message' })).toString();
    const read = await readReturnedMail(Buffer.from(whole.replace('message/rfc822\n\n', 'message/rfc822\n')));
    expect([read.kind, read.messageIds]).toEqual(['bounce', ['<edition-1@news.example.org>']]);
  });

  it('finds our return path within one that a forwarder made of it', async () => {
    const to = 'SRS0=HaSh=TT=news.example.org=bounces+tok3n@forwarder.example';
    const read = await readReturnedMail(fixture({ to, text: words, status: raw, original: 'none' }));
    expect(read.returnPaths).toEqual([to, 'bounces+tok3n@news.example.org']);
  });

  it('has at most a thousand recipients', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({
      ...anna,
      'Final-Recipient': `rfc822; r${String(n)}@reader.example`,
    }));
    const read = await readReturnedMail(fixture({ text: words, status: status(...many) }));
    expect(read.recipients).toHaveLength(1_000);
  });
});
