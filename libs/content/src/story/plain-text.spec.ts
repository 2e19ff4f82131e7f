import { normaliseText, paragraphsOf } from './plain-text.js';

describe('paragraphsOf', () => {
  it.each<[string, string, string[][]]>([
    ['one paragraph', 'The tide was late.', [['The tide was late.']]],
    ['a blank line parts', 'One.\n\nTwo.', [['One.'], ['Two.']]],
    ['several blank lines, with spaces in them', 'One.\n \t\n\n  \nTwo.', [['One.'], ['Two.']]],
    ['CRLF and lone CR', 'One.\r\n\r\nTwo.\r\rThree.', [['One.'], ['Two.'], ['Three.']]],
    ['a full column is joined', 'The tide\nwas late\ntoday.', [['The tide was late today.']]],
    ['byte order mark', '\ufeffOne.', [['One.']]],
    ['spaces around lines', '  One  \n  two.  ', [['One two.']]],
    ['a quotation after a finished line', 'She said:\n“Not yet.”', [['She said:', '“Not yet.”']]],
    [
      'a quotation in mid-sentence',
      'The man they call\n“the pilot” left.',
      [['The man they call “the pilot” left.']],
    ],
    ['dialogue by dashes', '— When?\n— Soon.', [['— When?', '— Soon.']]],
    ['guillemets', 'Il dit :\n« Non. »', [['Il dit :', '« Non. »']]],
    ['a list', 'We need:\n- rope\n- tar\n- time', [['We need:', '- rope', '- tar', '- time']]],
    ['a numbered list', '1. rope\n2. tar', [['1. rope', '2. tar']]],
    ['a dash at a wrapped line', 'The boat\n- old and grey - sank.', [['The boat - old and grey - sank.']]],
    ['non-breaking space kept at both ends', '\u00a0One\u00a0£5\u00a0', [['\u00a0One\u00a0£5\u00a0']]],
    ['nothing', ' \n\n\t', []],
  ])('%s', (_name, text, expected) => {
    expect(paragraphsOf(text)).toEqual(expected);
  });
});

it('drops NUL and other controls, keeps tabs', () => {
  expect(normaliseText('a\0b\u0007c\td\u007f')).toBe('abc\td');
});

it('takes no time over a long run of spaces', () => {
  const start = performance.now();
  expect(paragraphsOf(` a${' '.repeat(500_000)}b \t`)).toEqual([[`a${' '.repeat(500_000)}b`]]);
  expect(performance.now() - start).toBeLessThan(2_000);
});
