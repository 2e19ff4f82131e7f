import fc from 'fast-check';
import { DIALECTS } from './dialects/dialects.fixtures.js';
import { fixture, ORIGINAL } from './fixtures.js';
import { readReturnedMail } from './read-returned-mail.js';

/** More with HOSTILE=long. */
const RUNS = process.env.HOSTILE === 'long' ? 20_000 : 600;

const status =
  'Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; anna@reader.example\nAction: failed\nStatus: 5.1.1\n';
const reports = [
  ...DIALECTS.map((its) => fixture(its)),
  fixture({ text: 'could not be delivered', status }),
  fixture({
    subject: 'Report',
    text: 'x',
    reportType: 'feedback-report',
    part: ['message/feedback-report', 'Feedback-Type: abuse\n'],
    original: 'message',
  }),
];
const from = 'Anna <anna@reader.example>';
const holidays = [
  fixture({
    from,
    subject: 'Out of Office: Today',
    text: `I am away.\n\n> ${ORIGINAL.replaceAll('\n', '\n> ')}`,
    headers: ['X-Autoreply: yes', 'Precedence: auto_reply'],
  }),
  fixture({
    from,
    subject: 'Automatische Antwort: Heute',
    text: 'Ich bin im Urlaub. anna@reader.example',
    headers: ['Auto-Submitted: auto-replied'],
    original: 'message',
  }),
];

/** Bytes changed anywhere, the rest cut off. */
const broken = (mails: Uint8Array[]) =>
  fc
    .tuple(
      fc.constantFrom(...mails),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(([mail, changes, share]) => {
      const bytes = Uint8Array.from(
        mail.subarray(0, share > 0.7 ? mail.length : Math.floor((mail.length * share) / 0.7)),
      );
      for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    });

describe('whatever the bytes are', () => {
  it('a broken report is read, or is nothing; it never throws', async () => {
    await fc.assert(
      fc.asyncProperty(broken(reports), async (bytes) => {
        const read = await readReturnedMail(bytes);
        expect(read.note).toBeNull();
        for (const its of read.recipients) expect(its.text.length).toBeLessThanOrEqual(1_000);
      }),
      { numRuns: RUNS },
    );
  });

  it('a broken answer of a machine is never a bounce', async () => {
    await fc.assert(
      fc.asyncProperty(broken(holidays), async (bytes) => {
        const { kind } = await readReturnedMail(bytes);
        expect(['auto_reply', 'other']).toContain(kind);
      }),
      { numRuns: RUNS },
    );
  });

  it('any bytes are something', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4_000 }), async (bytes) => {
        expect((await readReturnedMail(bytes)).note).toBeNull();
      }),
      { numRuns: RUNS },
    );
  });

  const nested = (depth: number): string =>
    depth === 0 ? 'Subject: x\n\nx' : `Content-Type: message/rfc822\n\n${nested(depth - 1)}`;
  const head = 'From: MAILER-DAEMON@reader.example\nSubject: failure notice\n';
  it.each<[string, string]>([
    ['nothing', ''],
    ['one field', 'From: a'],
    [
      'a thousand messages in each other',
      `${head}Content-Type: multipart/mixed; boundary=b\n\n--b\n${nested(1_000)}\n--b--`,
    ],
    [
      'a thousand multiparts in each other',
      head +
        Array.from(
          { length: 1_000 },
          (_, n) => `Content-Type: multipart/mixed; boundary=b${String(n)}\n\n--b${String(n)}\n`,
        ).join(''),
    ],
    [
      'a hundred thousand parts',
      `${head}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(100_000)}`,
    ],
    ['a million blanks', head + ' '.repeat(1_000_000)],
    ['a long field', `X: ${'a, '.repeat(400_000)}\n${head}\nx`],
    ['many fields', `${'X-A: b\n'.repeat(150_000)}${head}\nx`],
    ['lines that are no fields, on end', `${head}${'x\n'.repeat(500_000)}`],
    ['a million signs of an address', `${head}\n${'@'.repeat(1_000_000)}`],
    ['addresses without end', `${head}\n${'a@b.example '.repeat(90_000)}`],
    ['a line of angles', `${head}\n${'<'.repeat(500_000)}${'>'.repeat(500_000)}`],
    ['HTML that never closes', `${head}Content-Type: text/html\n\n${'<style><p '.repeat(100_000)}`],
    ['numbers on end', `${head}\n${'550 5.1.1 '.repeat(100_000)}`],
    ['stars and dashes', `${head}\n${'-*= '.repeat(60_000)}\n${'-'.repeat(300_000)}`],
    ['words of a sentence on end', `${head}\n${'message to your recipient user '.repeat(30_000)}`],
    [
      'encoded words on end',
      `Subject: ${'=?utf-8?Q?a?= '.repeat(60_000)}\nTo: ${'=?utf-8?Q?a?= <a@b.example>, '.repeat(10_000)}\n\nx`,
    ],
    [
      'recipients on end',
      `${head}Content-Type: message/delivery-status\n\n${'Final-Recipient: rfc822; a@b.example\nAction: failed\n'.repeat(50_000)}`,
    ],
  ])('%s takes little time', async (_, text) => {
    const begun = process.cpuUsage();
    await readReturnedMail(Buffer.from(text));
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });

  it.each<[string, string, Uint8Array]>([
    [
      'Japanese in ISO-2022-JP',
      'iso-2022-jp',
      Buffer.from('\u001b$B%a!<%k$rAw?.$G$-$^$;$s\u001b(B\n<anna@reader.example>: 550 no\n', 'latin1'),
    ],
    [
      'Russian in KOI8-R',
      'koi8-r',
      Buffer.from([
        0xee,
        0xc5,
        0x20,
        0xc4,
        0xcf,
        0xd3,
        0xd4,
        0xc1,
        0xd7,
        0xcc,
        0xc5,
        0xce,
        0xcf,
        0x0a,
        ...Buffer.from('<anna@reader.example>: 550 no\n'),
      ]),
    ],
    ['UTF-16', 'utf-16le', Buffer.from('Could not be delivered\n<anna@reader.example>: 550 no\n', 'utf16le')],
    [
      'a charset that nobody has',
      'x-none',
      Buffer.from('Could not be delivered\n<anna@reader.example>: 550 no\n'),
    ],
    [
      'windows-1252 that says nothing',
      '',
      Buffer.from('Zustellung fehlgeschlagen f\u00fcr\n<anna@reader.example>: 550 no\n', 'latin1'),
    ],
  ])('%s is read', async (_, charset, text) => {
    const contentType = charset ? `text/plain; charset=${charset}` : 'text/plain';
    const read = await readReturnedMail(
      fixture({ contentType, text, encoding: '8bit', subject: 'failure notice' }),
    );
    expect([read.kind, read.recipients[0]?.address, read.recipients[0]?.code]).toEqual([
      'bounce',
      'anna@reader.example',
      550,
    ]);
  });
});
