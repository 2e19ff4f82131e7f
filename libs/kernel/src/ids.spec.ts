import fc from 'fast-check';
import { idFromBytes, idToBytes, isId, newId } from './ids.js';

describe('ids', () => {
  it('sort by the order they were made in, and never repeat', () => {
    const ids = Array.from({ length: 10_000 }, newId);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isId)).toBe(true);
  });

  it('fit into 16 bytes and come back', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(idToBytes(id)).toHaveLength(16);
        expect(idFromBytes(idToBytes(id))).toBe(id);
      }),
    );
  });

  it.each(['', '1', 'not-an-id', `${newId()} `, `${newId()}'`, 7, null, undefined, {}])(
    '%j is none',
    (value) => {
      expect(isId(value)).toBe(false);
    },
  );
});
