import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { generateDkimKey, parseDkimKey, privateKeyPem } from './dkim-keys.js';
import { dnsRecord } from './dkim-record.js';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' = 'pkcs8') =>
  key.export({ type: type, format: 'pem' }).toString();

/** Looks like a key of 4104 bits and is none: making a real one takes seconds. */
function hugeRsa(): KeyObject {
  const number = (octets: number) => Buffer.alloc(octets, 0xff).toString('base64url');
  const half = { p: number(257), q: number(257), dp: number(257), dq: number(257), qi: number(257) };
  return createPrivateKey({
    key: { kty: 'RSA', n: number(513), e: 'AQAB', d: number(513), ...half },
    format: 'jwk',
  });
}

describe('DKIM keys', () => {
  it.each(['rsa-sha256', 'ed25519-sha256'] as const)(
    'are made, kept and read again: %s',
    async (algorithm) => {
      const made = await generateDkimKey(algorithm);
      const read = parseDkimKey(privateKeyPem(made));
      expect(read).toMatchObject({ algorithm, publicKey: made.publicKey });
      expect(privateKeyPem(made)).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    },
  );

  it('are RSA of 2048 bits unless something else is asked for, as DNS has them', async () => {
    const { publicKey } = await generateDkimKey();
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' });
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it('of Ed25519 are the bare 32 octets: the pair of RFC 8463 appendix A', () => {
    const seed = Buffer.from('nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=', 'base64');
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const given = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    expect(parseDkimKey(given).publicKey).toBe('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=');
  });

  it('are read from PKCS #1 too', () => {
    expect(parseDkimKey(pem(rsa(1024), 'pkcs1')).algorithm).toBe('rsa-sha256');
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  const cipher1 = { ...cipher, type: 'pkcs1' } as const;
  it.each<[string, string, RegExp]>([
    ['RSA of 512 bits', pem(rsa(512)), /has 512 bits.*under 1024/],
    ['RSA of 4104 bits', pem(hugeRsa()), /has 4104 bits.*over 4096/],
    ['an encrypted key', ec.export(cipher).toString(), /passphrase/],
    ['an encrypted PKCS #1 key', rsa(1024).export(cipher1).toString(), /passphrase/],
    ['ECDSA', pem(ec), /RSA or Ed25519; this one is ec/],
    ['RSA-PSS', pem(pss), /RSA or Ed25519; this one is rsa-pss/],
    ['a public key', createPublicKey(ec).export({ type: 'spki', format: 'pem' }).toString(), /public key/],
    ['something else', 'hunter2', /PEM form/],
    ['a broken one', '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----', /PEM form/],
  ])('are refused, and not repeated: %s', (_what, given, problem) => {
    expect(() => parseDkimKey(given)).toThrow(problem);
    expect(() => parseDkimKey(given)).not.toThrow('hunter2');
    expect(() => parseDkimKey(given)).toThrow(expect.objectContaining({ code: 'invalid_input' }) as Error);
  });
});

describe('dnsRecord', () => {
  const where = { domain: 'example.org', selector: 'news' };

  it('cuts a long key into strings that DNS can hold', async () => {
    const { publicKey } = await generateDkimKey();
    const record = dnsRecord({ ...where, algorithm: 'rsa-sha256', publicKey });
    expect(record).toMatchObject({
      name: 'news._domainkey.example.org',
      type: 'TXT',
      value: `v=DKIM1; k=rsa; p=${publicKey}`,
    });
    const strings = [...record.zoneFile.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(strings.join('')).toBe(record.value);
    expect(strings.map((string) => string.length)).toEqual([255, record.value.length - 255]);
    expect(record.zoneFile).toMatch(/^news\._domainkey\.example\.org\. IN TXT \( "v=DKIM1; .*" \)$/);
  });

  it('says k=ed25519 for the short one', () => {
    const record = dnsRecord({ ...where, algorithm: 'ed25519-sha256', publicKey: 'AAAA' });
    expect(record.zoneFile).toBe('news._domainkey.example.org. IN TXT ( "v=DKIM1; k=ed25519; p=AAAA" )');
  });
});
