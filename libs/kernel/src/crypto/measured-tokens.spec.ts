import fc from 'fast-check';
import { Keyring } from './keyring.js';
import { LinkTokens } from './link-tokens.js';
import { editionInPath, editionOfPath, MeasuredTokens } from './measured-tokens.js';
import { TokenSigner } from './tokens.js';

const SECRET = 'a secret of at least thirty-two characters';
const tokens = new MeasuredTokens(new Keyring([SECRET]));
const readers = fc.record({ editionId: fc.uuid(), subscriberId: fc.uuid() });
const READER = {
  editionId: '01990000-0000-7000-8000-000000000002',
  subscriberId: '01990000-0000-7000-8000-000000000003',
};

describe('the token of a reader', () => {
  it('is the same as ever: links in mails that were sent must go on working', () => {
    expect(tokens.sign(READER)).toBe('XxwwwQGZAAAAAHAAgAAAAAAAAAPFJetNkHQxR5jHZGo');
  });

  it('gives back what was signed, in 43 URL-safe characters, and is the same each time', () => {
    fc.assert(
      fc.property(readers, (reader) => {
        const token = tokens.sign(reader);
        expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(tokens.sign(reader)).toBe(token);
        expect(tokens.read(token, reader.editionId)).toBe(reader.subscriberId);
      }),
    );
  });

  it('is nothing when any character differs, or beside another edition', () => {
    fc.assert(
      fc.property(
        readers,
        fc.uuid(),
        fc.nat(42),
        fc.constantFrom('A', 'z', '0', '-', '_'),
        (reader, other, at, put) => {
          const token = tokens.sign(reader);
          fc.pre(token[at] !== put && other !== reader.editionId);
          expect(
            tokens.read(token.slice(0, at) + put + token.slice(at + 1), reader.editionId),
          ).toBeUndefined();
          expect(tokens.read(token, other)).toBeUndefined();
        },
      ),
    );
  });

  it.each(['', 'x'.repeat(43), 'A'.repeat(43), 'ü'.repeat(43), '../../../etc', 'A'.repeat(5000)])(
    'is not %.20s',
    (text) => {
      expect(tokens.read(text, READER.editionId)).toBeUndefined();
    },
  );

  it('is none that was made for another purpose, or under another secret', () => {
    const keyring = new Keyring([SECRET]);
    const others = [
      new LinkTokens(keyring).sign({ editionId: READER.editionId, number: 0 }),
      new TokenSigner(keyring).sign('unsubscribe', { subscriberId: READER.subscriberId }),
      new MeasuredTokens(new Keyring(['another secret of thirty-two characters'])).sign(READER),
    ];
    for (const other of others) {
      expect(tokens.read(other, READER.editionId)).toBeUndefined();
      expect(tokens.read(other.slice(0, 43), READER.editionId)).toBeUndefined();
    }
  });

  it('is true under an earlier secret', () => {
    const after = new MeasuredTokens(new Keyring(['another secret of thirty-two characters', SECRET]));
    expect(after.read(tokens.sign(READER), READER.editionId)).toBe(READER.subscriberId);
  });
});

describe('an edition in a path', () => {
  it('is written in 22 characters and read again', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(editionInPath(id)).toMatch(/^[A-Za-z0-9_-]{22}$/);
        expect(editionOfPath(editionInPath(id))).toBe(id);
      }),
    );
  });

  it.each(['', 'x', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}B`, 'ü'.repeat(22)])(
    'is not %s',
    (text) => {
      expect(editionOfPath(text)).toBeUndefined();
    },
  );
});
