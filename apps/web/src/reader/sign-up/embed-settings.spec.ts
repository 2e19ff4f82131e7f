import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ASSETS_FOLDER } from '../page/assets.js';
import { embedScript, embedTexts } from './embed-settings.js';

const publication = {
  wording: {},
  locale: 'en',
  baseUrl: 'https://news.example.org',
  measure: 'totals' as const,
};

test('the settings are written into the script and cannot break out of it', () => {
  const texts = embedTexts(
    { ...publication, wording: { invitation: "</script>'$&" } },
    { version: 3, locale: 'en' },
    'en',
  );
  const source = readFileSync(join(ASSETS_FOLDER, 'embed.js'), 'utf8');
  const script = embedScript(source, { url: publication.baseUrl, locale: 'en', texts: { en: texts } });
  expect(script).not.toContain('__BROADSHEET__');
  expect(script).not.toContain("</script>'");
  expect(script).toContain('$&');
  expect(texts).toMatchObject({
    sentence: 'By submitting this form, I agree to the terms.',
    termsUrl: 'https://news.example.org/terms/3?lang=en',
  });
  expect(texts.errors['terms']).toBe('Tick the box to agree to the terms.');
});

test('the box for being measured is in the script while readers are measured', () => {
  const of = (measure: 'totals' | 'consented') =>
    embedTexts({ ...publication, measure }, { version: 3, locale: 'en' }, 'fr').measurement;
  expect(of('totals')).toBeNull();
  expect(of('consented')).toMatch(/^J’accepte aussi/);
});
