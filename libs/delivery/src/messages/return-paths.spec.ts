import type { Config } from '#kernel/config/config.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { newId } from '#kernel/ids.js';
import { fromBase32, toBase32 } from './base32.js';
import { ReturnPaths, type Returned } from './return-paths.js';

const SECRET = 'a secret for the tests of return paths';
const EARLIER = 'an earlier secret of the same length, or so';
const sender = { senderEmail: 'news@example.org' };
const made = (bounceAddress: string | null, ...secrets: string[]) =>
  new ReturnPaths(new Keyring(secrets.length > 0 ? secrets : [SECRET]), { bounceAddress } as Config);
const paths = made('bounces@news.example.org');
const [edition, subscriber, mail] = [newId(), newId(), newId()];

describe('return paths', () => {
  it('name a delivery and are proved of its edition alone', () => {
    const address = paths.ofDelivery(sender, edition, subscriber);
    expect(address).toMatch(/^bounces\+[a-z2-7]{52}@news\.example\.org$/);
    expect(address.indexOf('@')).toBeLessThanOrEqual(64);
    const read = paths.read(address.toUpperCase()) as Returned & { of: 'delivery' };
    expect(read).toMatchObject({ of: 'delivery', subscriberId: subscriber });
    expect(paths.proves(read, edition)).toBe(true);
    expect(paths.proves(read, newId())).toBe(false);
    expect(paths.proves({ ...read, subscriberId: newId() }, edition)).toBe(false);
    const sameTail = `${newId().slice(0, 24)}${edition.slice(24)}`;
    expect(paths.proves(read, sameTail)).toBe(false);
  });

  it('name a single mail', () => {
    const address = paths.ofMail(sender, mail);
    expect(paths.read(address)).toEqual({ of: 'mail', mailId: mail });
    expect(made('bounces@news.example.org', 'another secret that is long enough').read(address)).toBeNull();
  });

  it('are true under an earlier secret, and at most as long as a local part may be', () => {
    const before = made('elevenchars@news.example.org', EARLIER);
    const after = made('elevenchars@news.example.org', SECRET, EARLIER);
    expect(after.read(before.ofMail(sender, mail))).toEqual({ of: 'mail', mailId: mail });
    const address = before.ofDelivery(sender, edition, subscriber);
    expect(after.proves(after.read(address) as Returned & { of: 'delivery' }, edition)).toBe(true);
    expect(address.indexOf('@')).toBe(64);
  });

  it.each([
    ['another domain', (its: string) => its.replace('@news.', '@other.')],
    ['another name', (its: string) => its.replace('bounces', 'bouncer')],
    ['a character more', (its: string) => its.replace('@', 'a@')],
    ['a character less', (its: string) => its.replace(/.@/, '@')],
    ['one changed', (its: string) => its.replace(/\+(.)/, (_, first) => `+${first === 'a' ? 'b' : 'a'}`)],
    ['no token', () => 'bounces@news.example.org'],
    ['no address', () => 'bounces'],
    ['nothing', () => ''],
  ])('with %s name nothing', (_, change) => {
    expect(paths.read(change(paths.ofMail(sender, mail)))).toBeNull();
  });

  it('are the sender where no bounce address is set', () => {
    const plain = made(null);
    expect(plain.ofDelivery(sender, edition, subscriber)).toBe('news@example.org');
    expect(plain.ofMail(sender, mail)).toBe('news@example.org');
    expect(plain.plain(sender)).toBe('news@example.org');
    expect([plain.isOurs('news@example.org'), plain.isOurs('')]).toEqual([false, false]);
  });

  it('are ours when bare or with what may be a token', () => {
    const ours = ['bounces@news.example.org', 'BOUNCES@News.Example.org', paths.ofMail(sender, mail)];
    const others = ['bounces+x@news.example.org', 'bounce@news.example.org', 'bounces@example.org'];
    expect(ours.map((its) => paths.isOurs(its))).toEqual([true, true, true]);
    expect(others.map((its) => paths.isOurs(its))).toEqual([false, false, false]);
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
