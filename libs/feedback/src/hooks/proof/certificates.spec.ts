import { X509Certificate } from 'node:crypto';
import { certificateOf, rsaKeys, type CertificateWish } from './certificate.fixture.js';
import { isIssuedBy, isValidAt, readCertificates, rememberCertificates } from './certificates.js';

const [rootKeys, middleKeys, leafKeys, strangeKeys] = [rsaKeys(), rsaKeys(), rsaKeys(), rsaKeys()];
const byRoot = { name: 'Root', keys: rootKeys };
const byMiddle = { name: 'Middle', keys: middleKeys };
const read = (wish: CertificateWish) => new X509Certificate(certificateOf(wish));
const root = read({ ...byRoot, isAuthority: true });
const middle = read({ ...byMiddle, by: byRoot, isAuthority: true });
const leaf = read({ name: 'Leaf', keys: leafKeys, by: byMiddle });
const NOW = new Date('2026-11-28');

describe('a chain of certificates', () => {
  it.each<[string, boolean, X509Certificate, X509Certificate[]]>([
    ['leads by one between to the root', true, leaf, [middle]],
    ['leads to the root without one', true, read({ name: 'Leaf', keys: leafKeys, by: byRoot }), []],
    ['needs the one between', false, leaf, []],
    [
      'takes no other for it',
      false,
      leaf,
      [read({ ...byMiddle, keys: strangeKeys, by: byRoot, isAuthority: true })],
    ],
    ['takes none between that is no authority', false, leaf, [read({ ...byMiddle, by: byRoot })]],
    [
      'takes none between that its name alone vouches for',
      false,
      leaf,
      [read({ ...byMiddle, by: { name: 'Root', keys: strangeKeys }, isAuthority: true })],
    ],
    [
      'takes none between that is over',
      false,
      leaf,
      [read({ ...byMiddle, by: byRoot, isAuthority: true, to: new Date('2026-11-27') })],
    ],
    [
      'takes no leaf that is over',
      false,
      read({ name: 'Leaf', keys: leafKeys, by: byMiddle, to: new Date('2026-11-27') }),
      [middle],
    ],
    [
      'takes no leaf that is not yet',
      false,
      read({ name: 'Leaf', keys: leafKeys, by: byMiddle, from: new Date('2026-11-29') }),
      [middle],
    ],
    ['takes no leaf that vouches for itself', false, read({ name: 'Root', keys: strangeKeys }), [middle]],
    [
      'ends, though one vouches for itself',
      false,
      leaf,
      [read({ name: 'Middle', keys: middleKeys, isAuthority: true })],
    ],
  ])('%s', (_, isGood, certificate, others) => {
    expect(isIssuedBy(root, certificate, others, NOW)).toBe(isGood);
  });
});

describe('certificates in a text', () => {
  it('are read one after the other', () => {
    const pem =
      certificateOf({ name: 'One', keys: leafKeys }) + '\n' + certificateOf({ name: 'Two', keys: leafKeys });
    expect(readCertificates(pem).map((one) => one.subject)).toEqual(['CN=One', 'CN=Two']);
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>not found</html>'],
    ['one that is broken', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ])('are none in %s', (_, pem) => {
    expect(readCertificates(pem)).toEqual([]);
  });

  it('are valid for a hundred years', () => {
    expect([isValidAt(leaf, new Date('2119-12-31')), isValidAt(leaf, new Date('2120-01-02'))]).toEqual([
      true,
      false,
    ]);
  });
});

describe('the memory of certificates', () => {
  it('fetches once, also when several ask at once, and again what failed', async () => {
    let fetches = 0;
    const fetch = rememberCertificates((url) => {
      fetches++;
      return url.endsWith('bad') ? Promise.reject(new Error('down')) : Promise.resolve(url);
    });
    expect(await Promise.all([fetch('good'), fetch('good')])).toEqual(['good', 'good']);
    expect(fetches).toBe(1);
    await expect(fetch('bad')).rejects.toThrow('down');
    await expect(fetch('bad')).rejects.toThrow('down');
    expect(fetches).toBe(3);
  });
});
