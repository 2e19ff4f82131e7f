import fc from 'fast-check';
import PostalMime from 'postal-mime';
import {
  composeWithNodemailer,
  evenBreaks,
  readMail,
  wireFaults,
} from '../../../../tests/support/mail-parsers.js';
import { EditionCompiler } from '../edition/edition-compiler.js';
import { articleView, editionInput } from '../fixtures.js';
import { buildPlate, wireChunks, type PlateInput, type Stamp } from './plate.js';
import { newNonce } from '../template/sentinel.js';
import {
  escapeHtml,
  fillPlaceholders,
  placeholderSentinels,
  splitAtPlaceholders,
} from '../template/placeholders.js';
import { composeVariant } from '../edition/variant.js';

const slot = placeholderSentinels(newNonce());

function plateInput(overrides: Partial<PlateInput> = {}): PlateInput {
  return {
    from: { name: 'The Harbour Post', address: 'news@example.org' },
    replyTo: { name: 'Desk', address: 'desk@example.org' },
    subject: 'Story 1',
    html: `<p>${slot.greeting}</p><a href="${slot.unsubscribeUrl}">x</a>`,
    text: `${slot.greeting}\n\nx: ${slot.unsubscribeUrl}`,
    listId: { name: 'The Morning Brief', id: 'morning.news.example.org' },
    list: true,
    date: new Date('2026-11-23T07:00:00Z'),
    ...overrides,
  };
}

function stampFor(overrides: Partial<Stamp> = {}): Stamp {
  return {
    to: { name: 'Anna', address: 'anna@example.com' },
    messageId: 'delivery.1@example.org',
    values: {
      greeting: 'Hello Anna,',
      unsubscribeUrl: `https://news.example.org/unsubscribe/${'A'.repeat(77)}?x=1&y=2`,
      preferencesUrl: 'https://news.example.org/preferences/abc',
      confirmUrl: 'https://news.example.org/confirm/abc',
      address: 'anna@example.com',
    },
    ...overrides,
  };
}

const bytesOf = (input: PlateInput, stamp: Stamp) =>
  Buffer.concat(wireChunks(buildPlate(input).stamp(stamp)));
describe('reads like what nodemailer composes', () => {
  const cases: Record<string, [Partial<PlateInput>, Partial<Stamp>]> = {
    plain: [{}, {}],
    'scripts and emoji': [
      {
        from: { name: '港の新聞 📰', address: 'news@example.org' },
        subject: 'Ночь 🌃 in Zürich — “quoted” naïve façade 港の新聞 👩‍👩‍👧‍👦 end',
        html: `<p>Ελληνικά 👩‍🚀 ${slot.greeting} ไทย</p>`,
        text: `Ελληνικά 👩‍🚀 ${slot.greeting} ไทย`,
      },
      {
        to: { name: 'Zoë Ångström 🦊', address: 'zoe@example.com' },
        values: { ...stampFor().values, greeting: '你好 👋🏽' },
      },
    ],
    'right to left': [
      {
        subject: 'العبّارة ستعمل طوال الشتاء وسيدفع سكان الجزر أقل',
        html: `<p dir="rtl">مرحبًا ${slot.greeting}</p>`,
      },
      { to: { name: 'ليلى', address: 'layla@example.com' } },
    ],
    'unbroken text': [
      {
        subject: 'long '.repeat(60).trim(),
        html: `<p>${'x'.repeat(5000)}${slot.address}${'é'.repeat(500)}</p>`,
        text: 'y'.repeat(3000),
      },
      {},
    ],
    dots: [
      { text: `.\n..\n.a\n${slot.address}\n.${slot.address}.\n`, html: `.\r\n..<p>${'.'.repeat(300)}</p>` },
      { values: { ...stampFor().values, address: '.starts.with@dots' } },
    ],
    'placeholders at the start, at the end and side by side': [
      {
        text: `${slot.greeting}${slot.address}\n${slot.address}${slot.greeting}`,
        html: `${slot.greeting}${slot.address} ${slot.unsubscribeUrl}`,
      },
      {},
    ],
    'empty values': [
      {
        text: `${slot.greeting}a${slot.greeting}\n${slot.greeting}`,
        html: `a${slot.greeting}${slot.greeting}b`,
      },
      { values: { ...stampFor().values, greeting: '' } },
    ],
    'names that look like headers': [
      {
        subject: 'see =?utf-8?Q?x?= and "this"',
        from: { name: 'A, B; "C" <x@y.z>', address: 'news@example.org' },
      },
      { to: { name: 'a@b.c, "D"', address: 'd@example.com' } },
    ],
    'another script, without placeholders': [
      { html: '<p>Πλοία και λιμάνια.</p>\n'.repeat(30), text: 'Πλοία και λιμάνια.\r\n'.repeat(30) },
      {},
    ],
    'no name': [{}, { to: { name: null, address: 'anna@example.com' } }],
    'an international domain': [{}, { to: { name: 'Jürgen', address: 'j@bücher.example' } }],
    'an address in UTF-8': [{}, { to: { name: '用户', address: '用户@example.com' } }],
  };

  test.each(Object.entries(cases))('%s', async (_name, [input, stamp]) => {
    const [ours, theirs] = [plateInput(input), stampFor(stamp)];
    const expected = await readMail(await composeWithNodemailer(ours, theirs));
    for (const form of ['7bit', '8bit'] as const) {
      const stamped = buildPlate(ours).stamp(theirs, form);
      const message = Buffer.concat(wireChunks(stamped));
      expect(wireFaults(message, stamped.eightBit)).toEqual([]);
      expect(message).toHaveLength(stamped.size);
      expect(await readMail(message)).toEqual(expected);
    }
  });

  test('any text, any names, any values', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.string({ unit: fc.constantFrom('.', ' ', '\n', '=', 'é', 'x', 'word ', '👩‍🚀'), maxLength: 200 }),
    );
    const line = text.map((value) => value.replace(/[\p{Cc}\s]+/gu, ' ').trim());
    const body = fc
      .array(fc.oneof(text, fc.constantFrom(slot.greeting, slot.address)), { maxLength: 8 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(body, line, line, async (content, value, other) => {
        const input = plateInput({ text: content, html: `<p>${content}</p>` });
        const stamp = stampFor({ values: { ...stampFor().values, greeting: value, address: other } });
        const message = bytesOf(input, stamp);
        expect(wireFaults(message)).toEqual([]);
        const { postal } = await readMail(message);
        expect(postal.text).toBe(
          evenBreaks(fillPlaceholders(splitAtPlaceholders(content), stamp.values, 'text')).replace(
            /\n+$/,
            '',
          ),
        );
        expect(postal.html).toContain(
          evenBreaks(fillPlaceholders(splitAtPlaceholders(content), stamp.values, 'html')).replace(
            /\n+$/,
            '',
          ),
        );
      }),
    );
  });

  test('any subject and names', async () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 150 })
      .map((value) => `a${value.replace(/[\p{C}\p{Z}\s]+/gu, ' ').replaceAll('=?', '')}z`);
    await fc.assert(
      fc.asyncProperty(line, line, line, async (subject, sender, reader) => {
        const input = plateInput({ subject, from: { name: sender, address: 'news@example.org' } });
        const message = bytesOf(input, stampFor({ to: { name: reader, address: 'a@example.org' } }));
        expect(wireFaults(message)).toEqual([]);
        const { postal } = await readMail(message);
        expect([postal.subject, postal.from[0]?.name, postal.to?.[0]?.name]).toEqual([
          subject,
          sender,
          reader,
        ]);
      }),
    );
  });
});

describe('headers', () => {
  const headersOf = async (input: PlateInput, stamp = stampFor()) => {
    const { headers } = await PostalMime.parse(bytesOf(input, stamp));
    return Object.fromEntries(headers.map(({ key, value }) => [key, value]));
  };

  test('list mail can be ended with one click (RFC 8058), and says which list it is', async () => {
    const headers = await headersOf(
      plateInput({ extraHeaders: { Precedence: 'bulk', 'Feedback-ID': 'e1:p1:digest' } }),
    );
    expect(headers).toMatchObject({
      'list-unsubscribe': `<${stampFor().values.unsubscribeUrl}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      'list-id': 'The Morning Brief <morning.news.example.org>',
      precedence: 'bulk',
      'feedback-id': 'e1:p1:digest',
      'mime-version': '1.0',
      date: 'Mon, 23 Nov 2026 07:00:00 +0000',
    });
    expect(headers).not.toHaveProperty('auto-submitted');
  });

  test('single mail says that it is automatic, and no more', async () => {
    const headers = await headersOf(plateInput({ list: false, listId: null }));
    expect(headers['auto-submitted']).toBe('auto-generated');
    expect(Object.keys(headers).filter((key) => key.startsWith('list-'))).toEqual([]);
  });

  test('nothing can add a header', async () => {
    const evil = 'x\r\nBcc: victim@example.org\r\n\r\nbody';
    const input = plateInput({
      subject: evil,
      from: { name: evil, address: 'news@example.org' },
      replyTo: { name: evil, address: 'desk@example.org' },
      listId: { name: evil, id: 'a.example.org' },
    });
    const headers = await headersOf(input, stampFor({ to: { name: evil, address: 'a@example.org' } }));
    expect(headers).not.toHaveProperty('bcc');
    const plate = buildPlate(plateInput());
    expect(() => plate.stamp(stampFor({ to: { address: `a@b.org\r\nBcc: x@y.z` } }))).toThrow();
    expect(() => plate.stamp(stampFor({ messageId: 'a@b>\r\nBcc: x@y.z' }))).toThrow();
    const values = { ...stampFor().values, unsubscribeUrl: 'https://x>\r\nBcc: x@y.z' };
    expect(() => plate.stamp(stampFor({ values }))).toThrow();
    for (const address of ['a@b.org>\r\nBcc: x@y.z', 'a@b.org?cc=x@y.z', 'a,b@c.org', '']) {
      const complaint = { address, feedbackId: 'c' };
      if (address !== '') expect(() => plate.stamp(stampFor({ leaveAddress: address }))).toThrow();
      expect(() => plate.stamp(stampFor({ complaint }))).toThrow();
    }
    const complaint = { address: 'c@b.org', feedbackId: 'c\r\nBcc: x@y.z' };
    expect(() => plate.stamp(stampFor({ complaint }))).toThrow();
  });

  test('how to leave and where to complain, where they are given', async () => {
    const more = {
      leaveAddress: 'b+u1@example.org',
      complaint: { address: 'b+c1@example.org', feedbackId: 'c1' },
    };
    const list = await headersOf(plateInput(), stampFor(more));
    expect(list['list-unsubscribe']).toMatch(
      /^<https:[^>]+>, <mailto:b\+u1@example\.org\?subject=unsubscribe>$/,
    );
    expect([list['cfbl-address'], list['cfbl-feedback-id']]).toEqual(['b+c1@example.org; report=arf', 'c1']);
    const single = await headersOf(plateInput({ list: false, listId: null }), stampFor(more));
    expect(single).not.toHaveProperty('list-unsubscribe');
    expect(single).toHaveProperty('cfbl-address');
    const neither = await headersOf(plateInput(), stampFor());
    expect(neither['list-unsubscribe']).toMatch(/^<https:[^>]+>$/);
    expect(neither).not.toHaveProperty('cfbl-address');
  });
});

describe('a plate', () => {
  test('shares its constant bytes between readers and never changes them', () => {
    const plate = buildPlate(plateInput({ html: `${'<p>constant</p>'.repeat(1000)}${slot.greeting}` }));
    const first = plate.stamp(stampFor()).body;
    const copies = first.map((buffer) => Buffer.from(buffer));
    const second = plate.stamp(
      stampFor({ to: { address: 'b@example.com' }, messageId: 'delivery.2@example.org' }),
    ).body;
    expect(first).toEqual(copies);
    const shared = first.filter((buffer) => second.includes(buffer));
    const sharedSize = shared.reduce((sum, buffer) => sum + buffer.length, 0);
    expect(sharedSize).toBeGreaterThan(plate.size - 1_000); // but for the headers
    expect(plate.size).toBeGreaterThan(15_000);
  });

  test('will not be stamped with a value missing', () => {
    const plate = buildPlate(plateInput());
    expect(() => plate.stamp(stampFor({ values: {} }))).toThrow(/placeholder/);
  });

  test('escapes values in the HTML part only', async () => {
    const greeting = `Hi <b>"Anna" & 'co'</b>`;
    const message = bytesOf(plateInput(), stampFor({ values: { ...stampFor().values, greeting } }));
    const { postal } = await readMail(message);
    expect(postal.html).toContain(escapeHtml(greeting));
    expect(postal.text).toContain(greeting);
  });

  test('carries a whole edition', async () => {
    const articles = Array.from({ length: 30 }, (_, i) =>
      articleView(String(i), { title: `Überschrift №${i} 🗞` }),
    );
    const compiled = await new EditionCompiler().compile(editionInput({ articles }));
    const variant = composeVariant(compiled, ['3', '5', '8', '13']);
    const input = plateInput(variant);
    const message = bytesOf(input, stampFor());
    expect(wireFaults(message)).toEqual([]);
    expect(await readMail(message)).toEqual(await readMail(await composeWithNodemailer(input, stampFor())));
    expect(message.toString()).not.toMatch(/Xq[0-9a-z]{24}/);
  });
});
