import { termsView } from './terms-view.js';

test('the first heading is the title', () => {
  const { title, html } = termsView('# Our terms\n\n**One.** <script>x</script>\n');
  expect(title).toBe('Our terms');
  expect(html).toContain('<strong>One.</strong>');
  expect(html).not.toContain('<script');
  expect(html).not.toContain('Our terms');
});

test('marks that close the heading are not part of it; a long row of them takes no time', () => {
  expect(termsView('# Our terms ##  \nx').title).toBe('Our terms');
  const begun = performance.now();
  expect(termsView(`# ${'#'.repeat(60_000)}x`).title).toHaveLength(60_001);
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('a text without one keeps all of its words', () => {
  expect(termsView('Plain words.')).toMatchObject({ title: null });
  expect(termsView('## Second level').title).toBeNull();
});
