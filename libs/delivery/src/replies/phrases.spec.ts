import { PhraseBook } from './phrases.js';
import { IN_ORDER } from './wording/in-order.js';

const book = new PhraseBook([
  { class: 'blocked', about: 'content', status: ['5.7.1'], phrases: ['no thanks'] },
  { class: 'soft', about: 'mailbox', phrases: ['mailbox|inbox is full', 'quota*'] },
  { class: 'hard', about: 'address', phrases: ['user .. unknown', '不存在', 'no thanks', 'ungültig'] },
]);
const find = (text: string, status: string | null = null) => book.find(text.split(' '), status)?.class;

describe('PhraseBook', () => {
  it.each([
    ['the mailbox is full', 'soft'],
    ['the inbox is full', 'soft'],
    ['the mailbox is not full', undefined],
    ['your quotas', 'soft'],
    ['user unknown', 'hard'],
    ['user a b c d e unknown', 'hard'],
    ['user a b c d e f unknown', undefined],
    ['unknown user', undefined],
    ['该用户不存在', 'hard'],
    ['ungultig', 'hard'],
    ['user unknown and the mailbox is full', 'soft'],
    ['user', undefined],
  ])('%s → %s', (text, expected) => {
    expect(find(text)).toBe(expected);
  });

  it('heeds what a wording is bound to', () => {
    expect(find('no thanks', '5.7.1')).toBe('blocked');
    expect(find('no thanks', '5.1.1')).toBe('hard');
    expect(find('no thanks')).toBe('hard');
  });
});

describe('the wordings', () => {
  it.each(IN_ORDER.flatMap(({ phrases }) => phrases))('can be found: %s', (phrase) => {
    expect(phrase).toMatch(/^[^\s.]+(?: (?:\.\. )?[^\s.]+)*$/);
    expect(phrase).toBe(phrase.toLowerCase());
  });
});
