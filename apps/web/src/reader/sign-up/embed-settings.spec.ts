import { asset, assetPath } from '../page/assets.js';
import { embedScript, embedTexts } from './embed-settings.js';

const publication = { wording: {}, locale: 'en', baseUrl: 'https://news.example.org' };

test('the settings are written into the script and cannot break out of it', () => {
  const texts = embedTexts(
    { ...publication, wording: { invitation: "</script>'$&" } },
    { version: 3, locale: 'en' },
    'en',
  );
  const source = asset('embed.js')?.body.toString() ?? '';
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

test('assets carry the hash of their content', () => {
  expect(assetPath('site.css')).toMatch(/^\/assets\/site\.css\?v=[0-9a-f]{12}$/);
  expect(asset('../package.json')).toBeUndefined();
});
