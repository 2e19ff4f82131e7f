import fc from 'fast-check';
import { indexWithin } from './index-within.js';

it('finds what indexOf finds, where it may begin', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 30 });
  const piece = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 5 });
  const place = fc.nat({ max: 35 });
  fc.assert(
    fc.property(text, piece, place, place, (all, part, least, room) => {
      const found = all.indexOf(part, least);
      expect(indexWithin(all, part, least, least + room)).toBe(found > least + room ? -1 : found);
    }),
  );
});
