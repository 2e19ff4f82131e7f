import { newNonce, sealForeign, sentinel } from './sentinel.js';
import { fillPlaceholders, placeholderSentinels, splitAtPlaceholders } from './placeholders.js';

describe('placeholders', () => {
  const slot = placeholderSentinels(newNonce());

  test.each([
    ['', []],
    ['no placeholders', ['no placeholders']],
    [slot.greeting, [{ placeholder: 'greeting' }]],
    [`${slot.greeting}${slot.address}`, [{ placeholder: 'greeting' }, { placeholder: 'address' }]],
    [`<a href="${slot.unsubscribeUrl}">x</a>`, ['<a href="', { placeholder: 'unsubscribeUrl' }, '">x</a>']],
  ])('splits %j', (text, parts) => {
    expect(splitAtPlaceholders(text)).toEqual(parts);
  });

  test('escapes values in HTML and not in text', () => {
    const parts = splitAtPlaceholders(`[${slot.greeting}]`);
    const values = { greeting: `Hello <b>"O'Neill" & co</b>` };
    expect(fillPlaceholders(parts, values, 'html')).toBe(
      '[Hello &lt;b&gt;&quot;O&#39;Neill&quot; &amp; co&lt;/b&gt;]',
    );
    expect(fillPlaceholders(parts, values, 'text')).toBe(`[${values.greeting}]`);
  });

  test('never leaves a hole', () => {
    expect(() => fillPlaceholders(splitAtPlaceholders(slot.confirmUrl), {}, 'text')).toThrow(/confirmUrl/);
  });

  test('a sealed foreign sentinel is no placeholder and reads the same', () => {
    const mine = newNonce();
    const foreign = sentinel(newNonce(), 'unsubscribeUrl');
    const own = sentinel(mine, 'unsubscribeUrl');
    expect(splitAtPlaceholders(sealForeign(foreign, mine, 'html'))).toEqual([foreign.replace(/^X/, '&#88;')]);
    expect(
      splitAtPlaceholders(sealForeign(foreign, mine, 'text')).every((part) => typeof part === 'string'),
    ).toBe(true);
    expect(splitAtPlaceholders(sealForeign(own, mine, 'html'))).toEqual([{ placeholder: 'unsubscribeUrl' }]);
  });
});
