import fc from 'fast-check';
import { Keyring } from './keyring.js';
import { LinkTokens, MOST_LINKS } from './link-tokens.js';
import { TokenSigner } from './tokens.js';

const SECRET = 'a secret of at least thirty-two characters';
const tokens = new LinkTokens(new Keyring([SECRET]));
const refs = fc.record({ editionId: fc.uuid(), number: fc.nat(MOST_LINKS - 1) });

describe('the token of a link', () => {
  it('is the same as ever: links in mails that were sent must go on working', () => {
    const ref = { editionId: '01990000-0000-7000-8000-000000000002', number: 7 };
    expect(tokens.sign(ref)).toBe('AV8cMMEBmQAAAABwAIAAAAAAAAACAAckW3kGshVhOjDs6C8');
  });

  it('gives back what was signed, in 47 URL-safe characters, and is the same each time', () => {
    fc.assert(
      fc.property(refs, (ref) => {
        const token = tokens.sign(ref);
        expect(token).toMatch(/^[A-Za-z0-9_-]{47}$/);
        expect(tokens.sign(ref)).toBe(token);
        expect(tokens.read(token)).toEqual(ref);
      }),
    );
  });

  it('is nothing when any character differs', () => {
    fc.assert(
      fc.property(
        refs,
        fc.nat(46),
        fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_'),
        (ref, at, other) => {
          const token = tokens.sign(ref);
          fc.pre(token[at] !== other);
          expect(tokens.read(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
        },
      ),
    );
  });

  it.each(['', 'preview', 'x'.repeat(47), 'A'.repeat(47), 'ü'.repeat(47), '../../../etc', 'A'.repeat(5000)])(
    'is not %.20s',
    (text) => {
      expect(tokens.read(text)).toBeUndefined();
    },
  );

  it('is none that was made for a reader, or under another secret', () => {
    const ref = { editionId: '01990000-0000-7000-8000-000000000002', number: 0 };
    const reader = new TokenSigner(new Keyring([SECRET])).sign('unsubscribe', {
      subscriberId: ref.editionId,
    });
    expect(tokens.read(reader)).toBeUndefined();
    expect(tokens.read(reader.slice(0, 47))).toBeUndefined();
    const other = new LinkTokens(new Keyring(['another secret of thirty-two characters'])).sign(ref);
    expect(tokens.read(other)).toBeUndefined();
  });

  it('is read under a secret that was put behind a new one', () => {
    const ref = { editionId: '01990000-0000-7000-8000-000000000002', number: 1 };
    const rotated = new LinkTokens(new Keyring(['another secret of thirty-two characters', SECRET]));
    expect(rotated.read(tokens.sign(ref))).toEqual(ref);
    expect(rotated.sign(ref)).not.toBe(tokens.sign(ref));
  });
});
