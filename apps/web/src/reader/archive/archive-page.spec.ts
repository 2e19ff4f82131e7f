import { framedEdition, type ArchiveFrame } from './archive-page.js';

const frame: ArchiveFrame = {
  locale: 'de',
  title: 'A & B · Post',
  publication: '<Post>',
  date: '22. November 2026',
  canonical: 'https://news.example.org/archive/x',
  paths: { front: '/', archive: '/archive', subscribe: '/subscribe' },
};

test('adds the bar, the title and the canonical link to the mail', () => {
  const html = framedEdition(
    '<!doctype html><html><head><title>x</title></head><body style="a"><p>$& story</p></body></html>',
    frame,
  );
  expect(html).toContain('<title>A &amp; B · Post</title>');
  expect(html).toContain('<head><link rel="canonical" href="https://news.example.org/archive/x">');
  expect(html).toContain('<body style="a"><div class="archive-bar" role="banner" lang="de" dir="ltr">');
  expect(html).toContain('&lt;Post&gt;</strong> · Ausgabe vom 22. November 2026');
  expect(html).toContain('<p>$& story</p>');
});

test('a template without head or body still gets its bar', () => {
  expect(framedEdition('<p>story</p>', frame)).toMatch(/^<div class="archive-bar".*<p>story<\/p>$/s);
});
