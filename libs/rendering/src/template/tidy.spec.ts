import fc from 'fast-check';
import { takeOffEnds, tidyInner, tidyText } from './tidy.js';

test.each([
  ['', '\n'],
  ['a', 'a\n'],
  ['\n a \t\n\n\n \n b\n', 'a\n\n b\n'],
])('%j: %j', (text, expected) => {
  expect(tidyText(text)).toBe(expected);
});

test('pieces tidied each on its own, and the white space between them, are the whole tidied', () => {
  const unit = fc.constantFrom('a', '.', 'é', ' ', '\t', '\n', '\r', '\r\n', '\u00a0', '\u2028', '\ufeff');
  fc.assert(
    fc.property(fc.array(fc.string({ unit }), { maxLength: 8 }), (texts) => {
      let joined = '';
      let seam = '';
      for (const { lead, core, trail } of texts.map(takeOffEnds)) {
        seam += lead;
        if (!core) continue;
        joined += (joined && tidyInner(seam)) + tidyInner(core);
        seam = trail;
      }
      expect(`${joined}\n`).toBe(tidyText(texts.join('')));
    }),
    { numRuns: 2_000 },
  );
});
