import fc from 'fast-check';
import { coloursOf, contrast, PALETTE } from './colours.js';

test('black on white is 21 to 1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});

test('a readable accent is left alone, an unreadable one is moved', () => {
  expect(coloursOf('#8c1c13').accent).toBe('#8c1c13');
  expect(coloursOf('#ffee00').accent).not.toBe('#ffee00');
  expect(coloursOf('red; } body { display: none').button).toBe('#8c1c13');
});

test('whatever the accent, links and buttons can be read in daylight and in the dark', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const colours = coloursOf(`#${value.toString(16).padStart(6, '0')}`);
      expect(contrast(colours.accent, PALETTE.light.sheet)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colours.dark.accent, PALETTE.dark.sheet)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colours.onButton, colours.button)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});
