import type { Config } from '#kernel/config/config.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { newId } from '#kernel/ids.js';
import type { AddressUse } from './address-token.js';
import { fromBase32, toBase32 } from './base32.js';
import { ReturnPaths, type Returned } from './return-paths.js';

const SECRET = 'a secret for the tests of return paths';
const EARLIER = 'an earlier secret of the same length, or so';
const sender = { senderEmail: 'news@example.org' };
const RECEIVER = { smtpPort: 2525, imapUrl: null };
const made = (
  bounceAddress: string | null,
  secrets: string[] = [SECRET],
  feedback: Pick<Config['feedback'], 'smtpPort' | 'imapUrl'> = RECEIVER,
) => new ReturnPaths(new Keyring(secrets), { bounceAddress, feedback } as Config);
const paths = made('bounces@news.example.org');
const [edition, subscriber, mail] = [newId(), newId(), newId()];

/** Every address that a delivery may have. */
function ofDelivery(of: ReturnPaths, editionId = edition): Record<AddressUse, string> {
  const { returnPath, leave, complaint } = of.ofDelivery(sender, editionId, subscriber, true);
  return { return: returnPath, leave: leave!, complaint: complaint!.address };
}
/** Every address that a single mail may have. */
function ofMail(of: ReturnPaths) {
  const { returnPath, leave, complaint } = of.ofMail(sender, mail, true);
  return { return: returnPath, leave, complaint: complaint!.address };
}
const deliveryOf = (of: ReturnPaths, address: string) => of.read(address) as Returned & { of: 'delivery' };

describe('the addresses of a message', () => {
  it.each([
    ['return', /^bounces\+[a-z2-7]{52}@news\.example\.org$/],
    ['leave', /^bounces\+u[a-z2-7]{48}@news\.example\.org$/],
    ['complaint', /^bounces\+c[a-z2-7]{48}@news\.example\.org$/],
  ] as const)('name a delivery and are proved of its edition alone: %s', (use, form) => {
    const address = ofDelivery(paths)[use];
    expect(address).toMatch(form);
    const read = deliveryOf(paths, address.toUpperCase());
    expect(read).toMatchObject({ use, of: 'delivery', subscriberId: subscriber });
    expect(paths.proves(read, edition)).toBe(true);
    expect(paths.proves(read, newId())).toBe(false);
    expect(paths.proves({ ...read, subscriberId: newId() }, edition)).toBe(false);
    const sameTail = `${newId().slice(0, 24)}${edition.slice(24)}`;
    expect(paths.proves(read, sameTail)).toBe(false);
    expect(ofDelivery(paths)[use]).toBe(address);
  });

  it('name a single mail, which is of no list', () => {
    const { return: returnPath, leave, complaint } = ofMail(paths);
    expect(leave).toBeNull();
    expect(paths.read(returnPath)).toMatchObject({ use: 'return', of: 'mail', mailId: mail });
    expect(paths.read(complaint)).toMatchObject({ use: 'complaint', of: 'mail', mailId: mail });
    const other = made('bounces@news.example.org', ['another secret that is long enough']);
    expect([other.read(returnPath), other.read(complaint)]).toEqual([null, null]);
  });

  it('are each good for one use: what proves one proves no other', () => {
    const uses: AddressUse[] = ['return', 'leave', 'complaint'];
    const read = uses.map((use) => deliveryOf(paths, ofDelivery(paths)[use]));
    for (const one of read) {
      for (const use of uses.filter((its) => its !== one.use)) {
        expect(paths.proves({ ...one, use }, edition)).toBe(false);
      }
    }
    // A letter put before the token of another use.
    const token = ofMail(paths).return.slice('bounces+'.length, -'@news.example.org'.length);
    expect(paths.read(`bounces+c${token}@news.example.org`)).toBeNull();
    expect(paths.read(`bounces+u${token}@news.example.org`)).toBeNull();
  });

  it('are true under an earlier secret, and at most as long as a local part may be', () => {
    const before = made('elevenchars@news.example.org', [EARLIER]);
    const after = made('elevenchars@news.example.org', [SECRET, EARLIER]);
    expect(after.read(ofMail(before).return)).toMatchObject({ of: 'mail', mailId: mail });
    for (const address of Object.values(ofDelivery(before))) {
      expect(after.proves(deliveryOf(after, address), edition)).toBe(true);
      expect(address.indexOf('@')).toBeLessThanOrEqual(64);
    }
  });

  it.each([
    ['another domain', (its: string) => its.replace('@news.', '@other.')],
    ['another name', (its: string) => its.replace('bounces', 'bouncer')],
    ['a character more', (its: string) => its.replace('@', 'a@')],
    ['a character less', (its: string) => its.replace(/.@/, '@')],
    ['one changed', (its: string) => its.replace(/(.)@/, (_, last) => `${last === 'a' ? 'b' : 'a'}@`)],
    ['no token', () => 'bounces@news.example.org'],
    ['no address', () => 'bounces'],
    ['nothing', () => ''],
  ])('with %s name nothing', (_, change) => {
    const { return: returnPath, complaint } = ofMail(paths);
    expect([returnPath, complaint].map((its) => paths.read(change(its)))).toEqual([null, null]);
  });

  it('are the sender where no bounce address is set', () => {
    const plain = made(null);
    const none = { returnPath: 'news@example.org', leave: null, complaint: null };
    expect(plain.ofDelivery(sender, edition, subscriber, true)).toEqual(none);
    expect(plain.ofMail(sender, mail, true)).toEqual(none);
    expect(plain.plain(sender)).toBe('news@example.org');
    expect([plain.isOurs('news@example.org'), plain.isOurs('')]).toEqual([false, false]);
  });

  it.each([
    ['a receiver', { smtpPort: 2525, imapUrl: null }, true],
    ['a mailbox', { smtpPort: null, imapUrl: 'imaps://b:p@mail.example.org' }, true],
    ['neither', { smtpPort: null, imapUrl: null }, false],
  ])('invite mail only once it is received: %s', (_, feedback, expected) => {
    const of = made('bounces@news.example.org', [SECRET], feedback);
    const { returnPath, leave, complaint } = of.ofDelivery(sender, edition, subscriber, true);
    expect([leave !== null, complaint !== null]).toEqual([expected, expected]);
    expect(of.mayReport(sender, ['example.org'])).toBe(expected);
    expect(of.proves(deliveryOf(of, returnPath), edition)).toBe(true);
  });

  it('ask for complaints only where they are signed for', () => {
    expect(paths.ofDelivery(sender, edition, subscriber)).toMatchObject({ complaint: null });
    const { complaint } = paths.ofDelivery(sender, edition, subscriber, true);
    expect(complaint).toEqual({
      address: `bounces+${complaint!.feedbackId}@news.example.org`,
      feedbackId: complaint!.feedbackId,
    });
    const spaced = complaint!.feedbackId.replace(/.{20}/g, '$&\r\n ');
    expect(paths.readFeedbackId(spaced)).toMatchObject({ use: 'complaint', subscriberId: subscriber });
  });

  it('are ours when bare or with what may be a token', () => {
    const tokens = [...Object.values(ofDelivery(paths)), ofMail(paths).return, ofMail(paths).complaint];
    const ours = ['bounces@news.example.org', 'BOUNCES@News.Example.org', ...tokens];
    const others = [
      'bounces+x@news.example.org',
      'bounce@news.example.org',
      'bounces@example.org',
      ofDelivery(paths).leave.replace('+u', '+v'),
      ofMail(paths).complaint.replace('+c', '+u'),
    ];
    expect(ours.map((its) => paths.isOurs(its))).toEqual(ours.map(() => true));
    expect(others.map((its) => paths.isOurs(its))).toEqual(others.map(() => false));
  });
});

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('%j is %j (RFC 4648 §10)', (bytes, text) => {
    expect(toBase32(Buffer.from(bytes))).toBe(text);
    expect(fromBase32(text)?.toString()).toBe(bytes);
  });

  it.each(['m', 'mz8', 'mzxw6ytbo', 'mb', 'MY'])('%j stands for no bytes', (text) => {
    expect(fromBase32(text)).toBeUndefined();
  });
});
