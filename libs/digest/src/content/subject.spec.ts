import type { DomainError } from '#kernel/errors/errors.js';
import { Renderer } from '#rendering/sandbox/renderer.js';
import { renderingSandbox } from '#rendering/sandbox/rendering-sandbox.js';
import { renderSubject, sampleArticles } from './subject.js';

const publication = { name: 'The Harbour Post', baseUrl: 'https://news.example.org', locale: 'en' };
const renderer = new Renderer(renderingSandbox(), { limitMs: 10_000 });
afterAll(() => renderer.close());

const render = (subject: string | null, articles = sampleArticles(3)) =>
  renderSubject(renderer, subject, 'The Morning Brief', publication, articles);

async function problemOf(subject: string, articles = sampleArticles(3)): Promise<string> {
  try {
    return `rendered: ${await render(subject, articles)}`;
  } catch (error) {
    const [first] = (error as DomainError).errors ?? [];
    return `${first?.field}: ${first?.message}`;
  }
}

it.each<[string | null, string]>([
  [null, 'Story 1'],
  ['{{ articles[0].title }} and {{ articles.size | minus: 1 }} more', 'Story 1 and 2 more'],
  ['{{ digest.name }}, {{ publication.name }}', 'The Morning Brief, The Harbour Post'],
  ['Plain – “as is” & <so>', 'Plain – “as is” & <so>'],
  ['{% if articles.size > 5 %}Many{% else %}Few{% endif %}', 'Few'],
])('%j', async (subject, expected) => {
  expect(await render(subject)).toBe(expected);
});

it.each<[string, RegExp]>([
  ['{{ articles[0].title', /^subject: Line 1: .*not closed/],
  ['{% if articles %}', /^subject: Line 1: .*not closed/],
  ['{{ artcles[0].title }}', /^subject: Line 1: undefined variable: artcles/],
  ['{{ digest.name | shout }}', /^subject: Line 1: undefined filter: shout/],
  ["{% include 'layout.mjml' %}", /^subject: /],
])('%j is refused with line and reason', async (subject, problem) => {
  expect(await problemOf(subject)).toMatch(problem);
});

it('is refused when this edition has not what it names', async () => {
  expect(await problemOf('{{ articles[2].title }}', sampleArticles(2))).toMatch(
    /^subject: Line 1: undefined variable/,
  );
});

it('checks the Liquid of an edition without articles too', async () => {
  expect(await problemOf('{{ broken', [])).toMatch(/^subject: Line 1/);
});
