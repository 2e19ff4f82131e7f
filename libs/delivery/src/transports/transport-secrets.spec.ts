import { Keyring } from '#kernel/crypto/keyring.js';
import { generateDkimKey, privateKeyPem } from '../dkim/dkim-keys.js';
import { TransportSecrets, withoutSecrets } from './transport-secrets.js';

const OLD = 'an old secret of the tests, long enough';
const NEW = 'a new secret of the tests, long enough.';
const secrets = (...keys: string[]) => new TransportSecrets(new Keyring(keys));

describe('sealed secrets', () => {
  it.each([
    { password: 'swordfish ü' },
    { clientId: 'id', clientSecret: 'cs', refreshToken: 'rt', accessUrl: 'https://x.example/' },
    { accessToken: 'token' },
  ])('%j comes back, and cannot be read', (value) => {
    const sealed = secrets(OLD).seal('t1', value);
    expect(sealed.toString('latin1')).not.toContain(Object.values(value)[0]);
    expect(secrets(OLD).open('t1', sealed)).toEqual(value);
    expect(secrets(NEW, OLD).open('t1', sealed)).toEqual(value);
  });

  it('open for no other transport and under no other APP_SECRET', () => {
    const sealed = secrets(OLD).seal('t1', { password: 'swordfish' });
    expect(() => secrets(OLD).open('t2', sealed)).toThrow();
    expect(() => secrets(NEW).open('t1', sealed)).toThrow(/APP_SECRET/);
    expect(() => secrets(OLD).open('t1', sealed.subarray(0, 20))).toThrow();
  });

  it('hold a DKIM key, for its transport', async () => {
    const pair = await generateDkimKey('ed25519-sha256');
    const { algorithm, publicKey } = pair;
    const sealedPrivateKey = secrets(OLD).sealDkim('t1', privateKeyPem(pair));
    const stored = { domain: 'example.org', selector: 's', algorithm, publicKey, sealedPrivateKey };
    expect(secrets(OLD).openDkim('t1', stored).equals(pair.privateKey)).toBe(true);
    expect(() => secrets(OLD).openDkim('t2', stored)).toThrow();
  });
});

describe('withoutSecrets', () => {
  const auth = { method: 'password', user: 'me', password: 'sword/fish' } as const;
  const encoded = Buffer.from('\0me\0sword/fish').toString('base64');

  it.each([
    ['535 wrong password sword/fish', '535 wrong password [secret]'],
    [`501 cannot decode ${encoded}`, '501 cannot decode [secret]'],
    [`501 ${Buffer.from('sword/fish').toString('base64')}`, '501 [secret]'],
    ['smtp://me:sword%2Ffish@h', 'smtp://[secret]@h'],
    ['550 no such user rosa@reader.example', '550 no such user [address]'],
  ])('%j', (words, kept) => {
    expect(withoutSecrets(words, auth)).toBe(kept);
  });

  it('hides tokens, and cuts endless words', () => {
    const token = { method: 'xoauth2', user: 'me', accessToken: 'ya29.token' } as const;
    const sent = Buffer.from('user=me\x01auth=Bearer ya29.token\x01\x01').toString('base64');
    expect(withoutSecrets(`535 ${sent} ya29.token`, token)).toBe('535 [secret] [secret]');
    expect(withoutSecrets('x '.repeat(10_000), null).length).toBeLessThanOrEqual(500);
  });
});
