import { createPrivateKey, createPublicKey } from 'node:crypto';
import { generateDkimKey, privateKeyPem, publicKeyOf } from './dkim-keys.js';
import { dnsRecord } from './dkim-record.js';

describe('DKIM keys', () => {
  it.each(['rsa-sha256', 'ed25519-sha256'] as const)(
    'are made, kept and read again: %s',
    async (algorithm) => {
      const made = await generateDkimKey(algorithm);
      expect(publicKeyOf(createPrivateKey(privateKeyPem(made)))).toBe(made.publicKey);
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
    expect(publicKeyOf(createPrivateKey(given))).toBe('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=');
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
