import fc from 'fast-check';
import { newId } from '../ids.js';
import { Keyring } from './keyring.js';
import { TOKEN_PURPOSES, TokenSigner, type TokenClaims } from './tokens.js';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);
const NOW = new Date('2026-01-01T12:00:00Z');
const signer = new TokenSigner(new Keyring([OLD]));

const purposes = fc.constantFrom(...TOKEN_PURPOSES);
const claims: fc.Arbitrary<TokenClaims> = fc
  .record({
    subscriberId: fc.uuid(),
    editionId: fc.option(fc.uuid(), { nil: undefined }),
    seconds: fc.option(fc.integer({ min: 1, max: 1_000_000_000 }), { nil: undefined }),
  })
  .map(({ subscriberId, editionId, seconds }) => ({
    subscriberId,
    ...(editionId === undefined ? {} : { editionId }),
    ...(seconds === undefined ? {} : { expiresAt: new Date(NOW.getTime() + seconds * 1000) }),
  }));

describe('a token', () => {
  it('is the same as ever: links in mails that were sent must go on working', () => {
    const keyring = new Keyring(['a secret of at least thirty-two characters']);
    const signed = {
      subscriberId: '01990000-0000-7000-8000-000000000001',
      editionId: '01990000-0000-7000-8000-000000000002',
      expiresAt: new Date('2026-01-01T00:00:00Z'),
    };
    expect(new TokenSigner(keyring).sign('unsubscribe', signed)).toBe(
      'AQNfHDDBAZkAAAAAcACAAAAAAAAAAQGZAAAAAHAAgAAAAAAAAAJpVbkAK6zyM74veTlg6ski46i9kg',
    );
  });

  it('gives back what was signed, in 51 to 78 URL-safe characters', () => {
    fc.assert(
      fc.property(purposes, claims, (purpose, signed) => {
        const token = signer.sign(purpose, signed);
        expect(token).toMatch(/^[A-Za-z0-9_-]{51,78}$/);
        expect(signer.read(purpose, token, NOW)).toEqual({ ok: true, claims: signed });
      }),
    );
  });

  it('serves no other purpose', () => {
    fc.assert(
      fc.property(purposes, purposes, claims, (made, used, signed) => {
        fc.pre(made !== used);
        expect(signer.read(used, signer.sign(made, signed), NOW)).toEqual({ ok: false, reason: 'invalid' });
      }),
    );
  });

  it('is invalid when any one bit differs', () => {
    fc.assert(
      fc.property(purposes, claims, fc.nat(), (purpose, signed, at) => {
        const bytes = Buffer.from(signer.sign(purpose, signed), 'base64url');
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(signer.read(purpose, bytes.toString('base64url'), NOW)).toEqual({
          ok: false,
          reason: 'invalid',
        });
      }),
      { numRuns: 500 },
    );
  });

  it('is invalid when any one character differs, also in the bits that base64 leaves over', () => {
    const token = signer.sign('confirm', {
      subscriberId: newId(),
      expiresAt: new Date(NOW.getTime() + 1000),
    });
    for (let at = 0; at < token.length; at += 1) {
      for (const other of 'ABab01-_=.') {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        if (changed === token) continue;
        expect(signer.read('confirm', changed, NOW)).toEqual({ ok: false, reason: 'invalid' });
      }
    }
  });

  it.each(['', 'a', '../../etc/passwd', 'A'.repeat(51), 'A'.repeat(5000), '%00'.repeat(20), 'é'.repeat(60)])(
    'is not %j',
    (text) => {
      for (const purpose of TOKEN_PURPOSES) {
        expect(signer.read(purpose, text, NOW)).toEqual({ ok: false, reason: 'invalid' });
      }
    },
  );

  it('expires at its instant and still tells whose it was', () => {
    const claim = { subscriberId: newId(), expiresAt: new Date('2026-01-01T12:00:10Z') };
    const token = signer.sign('confirm', claim);
    expect(signer.read('confirm', token, new Date('2026-01-01T12:00:09.999Z')).ok).toBe(true);
    expect(signer.read('confirm', token, claim.expiresAt)).toEqual({
      ok: false,
      reason: 'expired',
      claims: claim,
    });
  });

  it('never expires without an instant: unsubscribing works for ever', () => {
    const token = signer.sign('unsubscribe', { subscriberId: newId(), editionId: newId() });
    expect(signer.read('unsubscribe', token, new Date('2100-01-01')).ok).toBe(true);
  });

  it('outlives a rotation of the secret for as long as the old one is kept', () => {
    const token = signer.sign('unsubscribe', { subscriberId: newId() });
    expect(new TokenSigner(new Keyring([NEW, OLD])).read('unsubscribe', token, NOW).ok).toBe(true);
    expect(new TokenSigner(new Keyring([NEW])).read('unsubscribe', token, NOW).ok).toBe(false);
  });

  it('signs with the first secret', () => {
    const token = new TokenSigner(new Keyring([NEW, OLD])).sign('confirm', { subscriberId: newId() });
    expect(new TokenSigner(new Keyring([NEW])).read('confirm', token, NOW).ok).toBe(true);
    expect(signer.read('confirm', token, NOW).ok).toBe(false);
  });
});
