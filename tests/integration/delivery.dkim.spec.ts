import { generateDkimKey } from '#delivery/dkim/dkim-keys.js';
import { dnsRecord } from '#delivery/dkim/dkim-record.js';
import { DkimSigner, type DkimAlgorithm, type DkimKey } from '#delivery/dkim/dkim-signer.js';
import { buildPlate, wireChunks, type StampedMessage } from '#rendering/wire/plate.js';
import { newNonce } from '#rendering/template/sentinel.js';
import { placeholderSentinels } from '#rendering/template/placeholders.js';
import { openSocket } from '#delivery/smtp/smtp-handshake.js';
import { parseSmtpUrl } from '#delivery/smtp/smtp-options.js';
import { SmtpSession } from '#delivery/smtp/smtp-session.js';
import { dkimVerdicts } from '../support/dkim-verifier.js';
import { startSmtpPeer } from '../support/smtp-peer.js';

const records: Record<string, string> = {};
const keys: Record<'rsa' | 'ed25519', DkimKey> = {} as never;
beforeAll(async () => {
  for (const [selector, algorithm] of [
    ['rsa', 'rsa-sha256'],
    ['ed25519', 'ed25519-sha256'],
  ] as [keyof typeof keys, DkimAlgorithm][]) {
    const { privateKey, publicKey } = await generateDkimKey(algorithm);
    const key = { domain: 'example.org', selector, algorithm };
    keys[selector] = { ...key, privateKey };
    const { name, value } = dnsRecord({ ...key, publicKey });
    records[name] = value;
  }
});

const { greeting, address, unsubscribeUrl, preferencesUrl } = placeholderSentinels(newNonce());
const ALL_PLACEHOLDERS = [greeting, address, unsubscribeUrl, preferencesUrl].join(' | ');
const plate = (more: Partial<Parameters<typeof buildPlate>[0]> = {}) =>
  buildPlate({
    from: { name: 'Gezeiten & Hafenmeldungen, 潮汐', address: 'news@example.org' },
    replyTo: { name: 'Redaktion', address: 'redaktion@example.org' },
    subject: 'Hochwasser um neun – 満潮は九時です、そして干潮は三時です、明日もまた同じように 🌊',
    html: `<p>${ALL_PLACEHOLDERS}</p>\n<p>${'Grüße = "x" '.repeat(200)}</p>\n\n.dot\n${ALL_PLACEHOLDERS}`,
    text: `${ALL_PLACEHOLDERS}\n\nGrüße  \n.dot\n\n\n`,
    listId: { name: 'Tägliche Gezeiten', id: 'daily.example.org' },
    list: true,
    extraHeaders: { 'Feedback-ID': 'a:b:c:broadsheet', Precedence: 'bulk' },
    date: new Date('2026-11-21T09:00:00Z'),
    ...more,
  });

const VALUES = {
  greeting: 'Привет, Ада 🌊,',
  address: 'ada@example.net',
  unsubscribeUrl: 'https://news.example.org/unsubscribe/AbC-123_x',
  preferencesUrl: 'https://news.example.org/preferences/AbC-123_x',
};
const stampFor = (name: string, address = 'ada@example.net') =>
  ({ to: { name, address }, messageId: '<1.2@example.org>', values: VALUES }) as const;

function signed(stamped: StampedMessage, using: DkimKey[]): Buffer {
  const signature = new DkimSigner(using).sign(stamped.headers, stamped.body);
  return Buffer.concat([signature, ...wireChunks(stamped)]);
}

describe('a signed plate, before dkimpy', () => {
  it('is good with either key and with both, for names in any script', () => {
    const names = [
      'Ada',
      'Ада Лавлейс',
      'الادا',
      '阿达',
      'Ada "the" O’Countess, née Byron',
      '',
      'x'.repeat(190),
    ];
    const all = [[keys.rsa], [keys.ed25519], [keys.rsa, keys.ed25519]];
    const one = plate();
    const messages = names.flatMap((name) => all.map((using) => signed(one.stamp(stampFor(name)), using)));
    const verdicts = dkimVerdicts(messages, records);
    expect(verdicts).toEqual(names.flatMap(() => [['good'], ['good'], ['good', 'good']]));
  });

  it('is good for an address outside ASCII, for a mail that is no list, and with empty placeholders', () => {
    const both = [keys.rsa, keys.ed25519];
    const empty = { ...stampFor(''), values: { ...VALUES, greeting: '', preferencesUrl: '' } };
    const single = plate({ list: false, listId: null, replyTo: null });
    const messages = [
      signed(plate().stamp(stampFor('Ада', 'ада@пример.рф')), both),
      signed(single.stamp(stampFor('Ada')), both),
      signed(plate().stamp(empty), both),
    ];
    expect(dkimVerdicts(messages, records)).toEqual(messages.map(() => ['good', 'good']));
  });

  it('is good when a relay folds and spaces the headers otherwise', () => {
    const text = signed(plate().stamp(stampFor('Ada')), [keys.rsa, keys.ed25519]).toString('latin1');
    const refolded = text
      .replace('\r\nList-Unsubscribe: <', '\r\nLIST-unsubscribe:\r\n\t <')
      .replace('MIME-Version: 1.0', 'Mime-Version:  1.0 ');
    expect(refolded === text).toBe(false);
    expect(
      dkimVerdicts([Buffer.from(`Received: by relay.example\r\n${refolded}`, 'latin1')], records),
    ).toEqual([['good', 'good']]);
  });

  it('is bad with any of what it covers changed, added or taken away', () => {
    const changes: Record<string, (message: string) => string> = {
      'List-Unsubscribe changed': (text) => text.replace('unsubscribe/AbC-123_x>', 'unsubscribe/evil>'),
      'List-Unsubscribe taken away': (text) => text.replace(/\r\nList-Unsubscribe: .*(?=\r\n)/, ''),
      'a second List-Unsubscribe': (text) => `List-Unsubscribe: <https://evil.example>\r\n${text}`,
      'List-Unsubscribe-Post changed': (text) => text.replace('=One-Click', '=Two-Click'),
      'a second List-Unsubscribe-Post': (text) => `List-Unsubscribe-Post: x\r\n${text}`,
      'a second From': (text) => `From: evil@example.org\r\n${text}`,
      'a second Subject': (text) => `Subject: evil\r\n${text}`,
      'the Feedback-ID changed': (text) => text.replace('a:b:c:', 'a:b:d:'),
      'another recipient': (text) => text.replace('To: ', 'To: evil@example.net, '),
      'an octet of the body changed': (text) => text.replace('</p>', '</b>'),
      'a value changed': (text) => text.replace('ada@example.net=\r\n', 'eva@example.net=\r\n'),
      'a line added to the body': (text) => `${text}evil\r\n`,
      'the last line taken off the body': (text) => text.replace(/\r\n[^\r\n]*\r\n$/, '\r\n'),
      'another time of signing': (text) => text.replace(/ t=\d+/g, ' t=1'),
    };
    const text = signed(plate().stamp(stampFor('Ada')), [keys.rsa, keys.ed25519]).toString('latin1');
    const changed = Object.entries(changes).map(([what, change]) => ({ what, text: change(text) }));
    expect(changed.filter((one) => one.text === text)).toEqual([]);
    const verdicts = dkimVerdicts(
      [text, ...changed.map((one) => one.text)].map((one) => Buffer.from(one, 'latin1')),
      records,
    );
    expect(verdicts[0]).toEqual(['good', 'good']);
    const survived = changed.filter((_one, at) => verdicts[at + 1]?.includes('good') ?? true);
    expect(survived.map((one) => one.what)).toEqual([]);
  });

  it('is bad with the key of somebody else', async () => {
    const { publicKey } = await generateDkimKey('ed25519-sha256');
    const other = dnsRecord({ ...keys.ed25519, publicKey });
    const message = signed(plate().stamp(stampFor('Ada')), [keys.ed25519]);
    expect(dkimVerdicts([message], { [other.name]: other.value })).not.toEqual([['good']]);
  });
});

describe('a session that signs', () => {
  it('sends what dkimpy finds good, says its whole size, and never 8bit, which a relay might have to change', async () => {
    const peer = await startSmtpPeer();
    const signer = new DkimSigner([keys.rsa, keys.ed25519]);
    const ready = await openSocket(parseSmtpUrl(peer.url), AbortSignal.timeout(20_000));
    const session = new SmtpSession(
      ready,
      () => undefined,
      ({ headers, body }) => signer.sign(headers, body),
    );
    const forms: string[] = [];
    const one = plate();
    const result = await session.send(
      {
        from: 'news@example.org',
        to: 'ada@example.net',
        messageId: '<1.2@example.org>',
        subject: 'x',
        stamp: (form) => {
          forms.push(form);
          return one.stamp(stampFor('Ада'), form);
        },
      },
      () => true,
    );
    session.close();
    expect(result.kind).toBe('accepted');
    expect(ready.eightBitMime).toBe(true);
    expect(forms).toEqual(['7bit']);
    const { raw } = peer.accepted[0] ?? { raw: Buffer.alloc(0) };
    expect(dkimVerdicts([raw], records)).toEqual([['good', 'good']]);
    const mail = peer.steps.find((step) => step.command === 'MAIL')?.argument;
    expect(mail).toContain(` SIZE=${raw.length}`);
    expect(peer.violations).toEqual([]);
    await peer.close();
  });
});
