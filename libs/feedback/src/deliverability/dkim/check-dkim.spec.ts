import { generateKeyPairSync } from 'node:crypto';
import { publicKeyOf } from '#delivery/dkim/dkim-keys.js';
import { zoneResolver } from '../dns/fixtures.js';
import { checkDkimKey } from './check-dkim.js';

const rsa = (modulusLength: number) => publicKeyOf(generateKeyPairSync('rsa', { modulusLength }).privateKey);
const KEY = rsa(2048);
const OTHER = rsa(2048);
const SHORT = rsa(1024);
const TINY = rsa(512);
const ED = publicKeyOf(generateKeyPairSync('ed25519').privateKey);
const NAME = 'news._domainkey.example.org';

const check = (records: string[], publicKey = KEY) =>
  checkDkimKey(
    { domain: 'Example.org', selector: 'news', publicKey },
    zoneResolver({ [NAME]: { TXT: records } }),
  );

describe('checkDkimKey', () => {
  it.each<[string, string[], string | undefined, string, RegExp]>([
    ['the key', [`v=DKIM1; k=rsa; p=${KEY}`], KEY, 'ok', /published/],
    ['the bare key', [`p=${KEY}`], KEY, 'ok', /published/],
    ['blanks in it', [`v=DKIM1; p=${KEY.slice(0, 200)} \t ${KEY.slice(200)};`], KEY, 'ok', /published/],
    [
      'hashes and services',
      [`v=DKIM1; h=sha1:sha256; s=email; t=s; n=note; p=${KEY}`],
      KEY,
      'ok',
      /published/,
    ],
    ['Ed25519', [`v=DKIM1; k=ed25519; p=${ED}`], ED, 'ok', /published/],
    ['nothing', [], KEY, 'fail', /no key/],
    ['two', [`v=DKIM1; p=${KEY}`, `v=DKIM1; p=${OTHER}`], KEY, 'fail', /several/],
    ['another key', [`v=DKIM1; p=${OTHER}`], KEY, 'fail', /another/],
    ['half of it', [`v=DKIM1; p=${KEY.slice(0, 200)}`], KEY, 'fail', /another/],
    ['a revoked key', ['v=DKIM1; p='], KEY, 'fail', /revoked/],
    ['no p', ['v=DKIM1; k=rsa'], KEY, 'fail', /no p=/],
    ['another version', [`v=DKIM2; p=${KEY}`], KEY, 'fail', /v=/],
    ['the version behind', [`p=${KEY}; v=DKIM1`], KEY, 'fail', /v=/],
    ['another kind', [`v=DKIM1; k=rsa; p=${ED}`], ED, 'fail', /kind/],
    ['only SHA-1', [`v=DKIM1; h=sha1; p=${KEY}`], KEY, 'fail', /SHA-256/],
    ['not for mail', [`v=DKIM1; s=tlsrpt; p=${KEY}`], KEY, 'fail', /for mail/],
    ['a test', [`v=DKIM1; t=y:s; p=${KEY}`], KEY, 'warn', /tested/],
    ['1,024 bits', [`v=DKIM1; p=${SHORT}`], SHORT, 'warn', /2,048/],
    ['512 bits', [`v=DKIM1; p=${TINY}`], TINY, 'fail', /1,024/],
  ])('%s', async (_, records, key, state, why) => {
    const line = await check(records, key);
    expect(line).toMatchObject({ check: 'dkim', about: NAME, state });
    expect(line.why).toMatch(why);
    expect(line.found).toBe([...records].sort().join(' | ') || 'no record');
  });

  it('says what to publish, cut as DNS wants it', async () => {
    const { publish } = await check([]);
    expect(publish.startsWith(`${NAME}. IN TXT ( "v=DKIM1; k=rsa; p=`)).toBe(true);
    expect(publish.replace(/" "/g, '')).toContain(KEY);
    expect((await check([], ED)).publish).toContain(`k=ed25519; p=${ED}`);
  });
});
