import { termsView } from './terms-view.js';

test('the first heading is the title', () => {
  const { title, html } = termsView('# Our terms\n\n**One.** <script>x</script>\n');
  expect(title).toBe('Our terms');
  expect(html).toContain('<strong>One.</strong>');
  expect(html).not.toContain('<script');
  expect(html).not.toContain('Our terms');
});

test('a text without one keeps all of its words', () => {
  expect(termsView('Plain words.')).toMatchObject({ title: null });
  expect(termsView('## Second level').title).toBeNull();
});
