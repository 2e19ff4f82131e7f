import type { Measure } from '#database/schema/index.js';
import { wordingOf } from './wording.js';

const publication = (wording = {}, locale = 'en', measure: Measure = 'totals') => ({
  wording,
  locale,
  measure,
});

describe('wordingOf', () => {
  test('speaks the language of the page', () => {
    const { sentence, agreement, invitation } = wordingOf(publication(), 'de');
    expect(sentence).toBe('Mit dem Absenden dieses Formulars stimme ich den Bedingungen zu.');
    expect(agreement).toEqual({
      before: 'Mit dem Absenden dieses Formulars stimme ich den ',
      link: 'Bedingungen',
      after: ' zu.',
      locale: 'de',
      dir: 'ltr',
    });
    expect(invitation.text).toBe('Melden Sie sich an und erhalten Sie unsere neuesten Nachrichten!');
  });

  test("takes the publication's own words, in the publication's language", () => {
    const own = { agreement: 'Ich mag die [terms].', invitation: 'Hallo!' };
    const { sentence, agreement, invitation, button } = wordingOf(publication(own, 'de-AT'), 'en');
    expect(sentence).toBe('Ich mag die Bedingungen.');
    expect(agreement.locale).toBe('de-AT');
    expect(invitation).toEqual({ text: 'Hallo!', locale: 'de-AT', dir: 'ltr' });
    expect(button).toEqual({ text: 'Sign up', locale: 'en', dir: 'ltr' });
  });

  test.each(['en', 'de', 'fr', 'es', 'ar'])('what is shown in %s is what is recorded', (locale) => {
    const { agreement, sentence } = wordingOf(publication(), locale);
    expect(agreement.before + agreement.link + agreement.after).toBe(sentence);
    expect(sentence).not.toContain('[');
    expect(agreement.link).not.toBe('');
  });

  test.each([
    ['none', false],
    ['totals', false],
    ['consented', true],
  ] as const)('asks with %s whether readers may be measured: %s', (measure, asks) => {
    const { measurement } = wordingOf(publication({}, 'en', measure), 'de');
    expect(measurement).toEqual(asks ? expect.stringMatching(/^Ich bin auch einverstanden/) : null);
  });

  test('never loses the link', () => {
    expect(wordingOf(publication({ agreement: 'I agree to the' }), 'en').sentence).toBe(
      'I agree to the terms',
    );
  });
});
