import fc from 'fast-check';
import { Keyring } from './keyring.js';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);
const ring = new Keyring([OLD]);

describe('a keyring', () => {
  it('needs a secret', () => {
    expect(() => new Keyring([])).toThrow('at least one secret');
  });

  it('opens what it sealed, and seals no two alike', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 300 }), (purpose, bytes) => {
        const plain = Buffer.from(bytes);
        const sealed = ring.encrypt(purpose, plain);
        expect(ring.decrypt(purpose, sealed)).toEqual(plain);
        expect(ring.encrypt(purpose, plain)).not.toEqual(sealed);
      }),
    );
  });

  it('refuses bytes that were changed, cut, or made for another purpose', () => {
    const sealed = ring.encrypt('smtp password', Buffer.from('hunter2'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => ring.decrypt('smtp password', changed)).toThrow();
      expect(() => ring.decrypt('smtp password', sealed.subarray(0, at))).toThrow();
    }
    expect(() => ring.decrypt('webhook secret', sealed)).toThrow();
  });

  it('opens with an earlier secret while that is kept, and says what to do when it is not', () => {
    const sealed = ring.encrypt('smtp password', Buffer.from('hunter2'));
    expect(new Keyring([NEW, OLD]).decrypt('smtp password', sealed).toString()).toBe('hunter2');
    expect(() => new Keyring([NEW]).decrypt('smtp password', sealed)).toThrow(/APP_SECRET=new,old/);
  });

  it('derives a key of its own for each purpose and each secret', () => {
    const both = new Keyring([NEW, OLD]);
    const keys = [both.key('a'), both.key('b'), both.key('a', ring.currentKeyId)];
    expect(new Set(keys.map((key) => key?.toString('hex'))).size).toBe(3);
    expect(both.key('a', ring.currentKeyId)).toEqual(ring.key('a'));
    expect(both.key('a', Buffer.from('none'))).toBeUndefined();
  });
});
