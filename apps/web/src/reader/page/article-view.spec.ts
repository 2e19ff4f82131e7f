import type { Article } from '#content/articles/article.service.js';
import { articleView, scriptJson } from './article-view.js';
import type { PageContext } from './pages.js';

const context = {
  publication: {
    name: 'The Post',
    baseUrl: 'https://news.example.org',
    locale: 'en',
    timeZone: 'Europe/London',
    theme: { accentColor: '#9b1c1c', logoUrl: null },
  },
  locale: 'de',
} as unknown as PageContext;

const article = (more: Partial<Article> = {}): Article =>
  ({
    slug: 'a-story',
    url: null,
    title: 'A </script> story',
    summary: 'In short',
    html: '<p>Words</p>',
    author: 'Ann',
    imageUrl: null,
    publishedAt: new Date('2026-11-22T10:00:00Z'),
    updatedAt: new Date('2026-11-22T11:00:00Z'),
    topics: [{ id: '1', slug: 'sea', name: 'Sea' }],
    ...more,
  }) as Article;

test('a story that lives here', () => {
  const view = articleView(article(), context, '/news');
  expect(view).toMatchObject({
    path: '/news/a/a-story',
    canonical: 'https://news.example.org/a/a-story',
    origin: null,
    date: '22. November 2026',
    topics: ['Sea'],
  });
  expect(view.jsonLd).not.toContain('<');
  expect(JSON.parse(view.jsonLd)).toMatchObject({
    '@type': 'NewsArticle',
    headline: 'A </script> story',
    datePublished: '2026-11-22T10:00:00.000Z',
    author: [{ name: 'Ann' }],
  });
});

test('a story that lives elsewhere is canonical there', () => {
  const view = articleView(article({ url: 'https://www.example.net/story' }), context, '');
  expect(view).toMatchObject({
    canonical: 'https://www.example.net/story',
    origin: 'example.net',
    path: '/a/a-story',
  });
});

test('a correction stands on the page, dated where the paper is', () => {
  expect(articleView(article(), context, '').correction).toBeNull();
  const corrected = { correction: 'It was <5>,\nnot 4.', correctedAt: new Date('2026-11-23T23:30:00Z') };
  const view = articleView(article(corrected), context, '');
  expect(view.correction).toEqual({ note: corrected.correction, date: '23. November 2026' });
  expect(JSON.parse(view.jsonLd)).toMatchObject({ correction: corrected.correction });
});

test('a picture that the story shows itself does not stand above it too', () => {
  const imageUrl = 'https://example.net/p.jpg?a=1&b=2';
  const html = '<img src="https://example.net/p.jpg?a=1&amp;b=2" alt="">';
  expect(articleView(article({ imageUrl, html }), context, '').isImageInBody).toBe(true);
  expect(articleView(article({ imageUrl }), context, '').isImageInBody).toBe(false);
});

test('scriptJson can stand in a script element', () => {
  const value = { text: '<!--</script>\u2028' };
  expect(scriptJson(value)).not.toMatch(/[<\u2028]/);
  expect(JSON.parse(scriptJson(value))).toEqual(value);
});
