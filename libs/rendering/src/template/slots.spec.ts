import { newNonce, sealForeign, sentinel } from './sentinel.js';
import { fillSlots, slotSentinels, splitSlots } from './slots.js';

describe('slots', () => {
  const slot = slotSentinels(newNonce());

  test.each([
    ['', []],
    ['no slots', ['no slots']],
    [slot.greeting, [{ slot: 'greeting' }]],
    [`${slot.greeting}${slot.address}`, [{ slot: 'greeting' }, { slot: 'address' }]],
    [`<a href="${slot.unsubscribeUrl}">x</a>`, ['<a href="', { slot: 'unsubscribeUrl' }, '">x</a>']],
  ])('splits %j', (text, parts) => {
    expect(splitSlots(text)).toEqual(parts);
  });

  test('escapes values in HTML and not in text', () => {
    const parts = splitSlots(`[${slot.greeting}]`);
    const values = { greeting: `Hello <b>"O'Neill" & co</b>` };
    expect(fillSlots(parts, values, 'html')).toBe(
      '[Hello &lt;b&gt;&quot;O&#39;Neill&quot; &amp; co&lt;/b&gt;]',
    );
    expect(fillSlots(parts, values, 'text')).toBe(`[${values.greeting}]`);
  });

  test('never leaves a hole', () => {
    expect(() => fillSlots(splitSlots(slot.confirmUrl), {}, 'text')).toThrow(/confirmUrl/);
  });

  test('a sealed foreign sentinel is no slot and reads the same', () => {
    const mine = newNonce();
    const foreign = sentinel(newNonce(), 'unsubscribeUrl');
    const own = sentinel(mine, 'unsubscribeUrl');
    expect(splitSlots(sealForeign(foreign, mine, 'html'))).toEqual([foreign.replace(/^X/, '&#88;')]);
    expect(splitSlots(sealForeign(foreign, mine, 'text')).every((part) => typeof part === 'string')).toBe(
      true,
    );
    expect(splitSlots(sealForeign(own, mine, 'html'))).toEqual([{ slot: 'unsubscribeUrl' }]);
  });
});
