import { generateDkimKey } from './dkim-keys.js';
import { DkimSigner, type DkimAlgorithm, type DkimKey } from './dkim-signer.js';

const HEADERS = [
  'To: Ada <ada@example.net>',
  'Message-ID: <1@example.org>',
  'List-Unsubscribe: <https://news.example.org/u/1>',
  'From: Tides <news@example.org>',
  'Subject: High at nine,',
  ' low at three',
  'Date: Sat, 21 Nov 2026 09:00:00 +0000',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  'X-Other: not signed',
  'MIME-Version: 1.0',
  'Content-Type: text/plain',
];
const block = (lines: readonly string[]) => Buffer.from(`${lines.join('\r\n')}\r\n`);
const BODY = [Buffer.from('High at nine.\r\n')];
const NOW = Date.parse('2026-11-22T00:00:00Z');

async function key(algorithm: DkimAlgorithm = 'ed25519-sha256', selector = 'news'): Promise<DkimKey> {
  const { privateKey } = await generateDkimKey(algorithm);
  return { domain: 'example.org', selector, algorithm, privateKey };
}
const tags = (field: string): Record<string, string> =>
  Object.fromEntries(
    field
      .slice('DKIM-Signature:'.length)
      .split(';')
      .map((tag) => [
        tag.slice(0, tag.indexOf('=')).trim(),
        tag.slice(tag.indexOf('=') + 1).replace(/\s/g, ''),
      ]),
  );
const sign = async (headers: readonly string[] = HEADERS) =>
  tags(new DkimSigner([await key()], () => NOW).sign(block(headers), BODY).toString());

describe('DkimSigner', () => {
  it('says what it signed, and how', async () => {
    expect(await sign()).toMatchObject({
      v: '1',
      a: 'ed25519-sha256',
      c: 'relaxed/simple',
      d: 'example.org',
      s: 'news',
      t: String(Date.parse('2026-11-21T09:00:00Z') / 1000),
      h: [
        'from:from',
        'to:to',
        'subject:subject',
        'date:date',
        'message-id',
        'list-unsubscribe:list-unsubscribe',
        'list-unsubscribe-post:list-unsubscribe-post',
        'mime-version',
        'content-type',
      ].join(':'),
    });
    expect(await sign()).not.toHaveProperty('l');
    expect(await sign()).not.toHaveProperty('x');
  });

  it('names every occurrence of a header, and one more', async () => {
    const { h } = await sign([...HEADERS, 'From: Other <other@example.org>']);
    expect(h).toMatch(/^from:from:from:to/);
  });

  it('names headers that are not there, so that they cannot be added', async () => {
    const { h } = await sign(['From: a@example.org', 'Feedback-ID: x', 'Precedence: bulk']);
    expect(h).toBe('from:from:to:subject:date:list-unsubscribe:list-unsubscribe-post:feedback-id:precedence');
  });

  it('covers where complaints are reported to, and leaves it to a relay to say so where we do not (RFC 9477 §3.1)', async () => {
    const { h } = await sign(['From: a@example.org', 'CFBL-Address: c@example.org', 'CFBL-Feedback-ID: x']);
    expect(h).toMatch(/:cfbl-address:cfbl-address:cfbl-feedback-id:cfbl-feedback-id$/);
    expect((await sign(['From: a@example.org'])).h).not.toContain('cfbl');
  });

  it.each([
    ['in the future', 'Date: Sun, 21 Nov 2027 09:00:00 +0000'],
    ['of no use', 'Date: soon'],
  ])('takes the clock when the date is %s', async (_what, date) => {
    expect((await sign(['From: a@example.org', date])).t).toBe(String(NOW / 1000));
  });

  it('gives one field per key, in lines that mail takes', async () => {
    const keys = [await key('rsa-sha256', 'r'), await key('ed25519-sha256', 'e')];
    const text = new DkimSigner(keys, () => NOW).sign(block(HEADERS), BODY).toString();
    expect(text.match(/^DKIM-Signature: /gm)).toHaveLength(2);
    expect(text).toMatch(/[^\n]\r\n$/);
    for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
    expect(text).toMatch(/^[\x20-\x7e\r\n]*$/);
    expect(text.split(/\r\n(?! )/).map((field) => tags(field)['a'])).toEqual([
      'rsa-sha256',
      'ed25519-sha256',
      undefined,
    ]);
  });

  it('gives nothing without keys', () => {
    expect(new DkimSigner([]).sign(block(HEADERS), BODY)).toHaveLength(0);
  });

  it('has the hash of the body as RFC 6376 has it, wherever its buffers are cut', async () => {
    const signer = new DkimSigner([await key()], () => NOW);
    const whole = signer.sign(block(HEADERS), [Buffer.from('High\r\n\r\n')]);
    const cut = signer.sign(
      block(HEADERS),
      Array.from('High\r\n\r\n', (octet) => Buffer.from(octet)),
    );
    expect(cut.equals(whole)).toBe(true);
  });
});
