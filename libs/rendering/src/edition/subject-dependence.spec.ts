import fc from 'fast-check';
import { DomainError } from '#kernel/errors/errors.js';
import type { CompiledEdition } from './compiled-edition.js';
import { subjectDependence } from './subject-dependence.js';
import { composeVariant } from './variant.js';

const NO_FORMS = { lead: '', brief: '', full: '' };

function edition(subjectTemplate: string | null): CompiledEdition {
  return {
    version: 1,
    locale: 'en',
    dir: 'ltr',
    shell: { html: [], text: [] },
    empty: { html: '', text: '' },
    fragments: Array.from({ length: 6 }, (_, at) => ({
      articleId: String(at),
      title: at === 3 ? '' : `Title ${at}`,
      facts: {
        url: `https://x.org/${at}`,
        summary: `S${at}`,
        author: null,
        topics: ['A', 'B'].slice(at % 3),
      },
      html: NO_FORMS,
      text: NO_FORMS,
      warnings: [],
    })),
    subjectTemplate,
    preheaderTemplate: null,
    facts: { digest: { name: 'D' }, publication: { name: 'P', baseUrl: 'https://x.org' }, date: '1 May' },
    warnings: [],
  };
}

function subjectOf(compiled: CompiledEdition, ids: readonly string[]): string {
  try {
    return composeVariant(compiled, ids).subject;
  } catch (error) {
    if (error instanceof DomainError) return `fails: ${error.errors?.[0]?.message}`;
    throw error;
  }
}

const first = { leading: 1, count: false };

test.each([
  [null, first],
  ['', first],
  ['Your morning', first],
  ['[News] {{ digest.name }} of {{ date }}', first],
  ['{{ articles[0].title }}', first],
  ['{{ articles[0].topics | join: ", " }}', first],
  ['{{ articles[0].title }} and {{ articles.size | minus: 1 }} more', { leading: 1, count: true }],
  ['{% if articles.size > 2 %}{{ articles[2].title }}{% endif %}', { leading: 3, count: true }],
  ['{% assign a = articles[1] %}{{ a.title | append: articles[4].title }}', { leading: 5, count: false }],
  [
    '{%- case articles.size -%}{%- when 1 -%}one{%- else -%}{{ articles[1].title }}{%- endcase -%}',
    { leading: 2, count: true },
  ],
  ['{{ "x" | append: articles.size }}', { leading: 1, count: true }],
] as const)('%j depends on %j', (template, expected) => {
  expect(subjectDependence(template)).toEqual(expected);
});

test.each([
  '{{ articles | map: "title" | join: ", " }}',
  '{{ articles | first }}',
  '{{ articles.first.title }}',
  '{{ articles.last.title }}',
  '{{ articles | size }}',
  '{{ articles.length }}',
  '{{ articles[-1].title }}',
  '{{ articles[0.5].title }}',
  '{{ articles.0.title }}',
  '{{ articles }}',
  '{% for article in articles %}{{ article.title }}{% endfor %}',
  '{% for topic in articles[0].topics %}{{ topic }}{% endfor %}',
  '{% assign i = 2 %}{{ articles[i].title }}',
  '{% assign all = articles %}{{ all[3].title }}',
  "{% assign x = 'articles' %}{{ [x] | map: 'title' }}",
  "{% assign x = 'articles' %}{{ [x].size }}",
  "{{ 'articles'.size }}{{ ['articles'].size }}",
  '{% liquid\n echo articles.last.title %}',
  "{% render 'letter.txt.liquid' %}",
  "{% include 'letter.txt.liquid' %}",
  '{% if articles %}x{% endif %}',
  '{% if articles == empty %}x{% endif %}',
])('%j may depend on everything', (template) => {
  expect(subjectDependence(template)).toBe('all');
});

test('a subject that is no Liquid is refused', () => {
  expect(() => subjectDependence('{{ articles[0 }}')).toThrow(DomainError);
});

const path = fc.oneof(
  fc
    .tuple(fc.nat(4), fc.constantFrom('title', 'url', 'summary', 'author', 'topics'))
    .map(([at, name]) => `articles[${at}].${name}`),
  fc.constantFrom('articles.size', 'articles[1]', 'digest.name', 'date', '"x"', '3'),
  fc.constantFrom('articles', 'articles.last.title', 'articles.first', 'articles[-2].title', 'kept', '["x"]'),
);
const filter = fc.oneof(
  fc.constantFrom('', '', ' | upcase', ' | size', ' | first', ' | minus: 1', ' | json', ' | join: "-"'),
  path.map((argument) => ` | append: ${argument}`),
  path.map((argument) => ` | default: ${argument}`),
);
const value = fc.tuple(path, filter).map(([of, by]) => of + by);
const piece = fc.oneof(
  value.map((it) => `{{ ${it} }}`),
  value.map((it) => `{% assign kept = ${it} %}`),
  fc.tuple(path, path).map(([a, b]) => `{% if ${a} == ${b} %}{{ ${b} }}{% else %}y{% endif %}`),
  fc.tuple(path, path).map(([a, b]) => `{% case ${a} %}{% when ${b} %}{{ ${a} }}{% endcase %}`),
  fc.tuple(path, path).map(([a, b]) => `{% unless ${a} contains ${b} %}{{ ${b} }}{% endunless %}`),
  path.map((of) => `{% capture kept %}{{ ${of} }}{% endcapture %}`),
  path.map((of) => `{% for one in ${of} %}{{ one }}{% endfor %}`),
  fc.constantFrom(' ', ' and ', '{{ kept }}'),
);

test('two sets that agree on it have the same subject', () => {
  let compared = 0;
  const ids = fc.shuffledSubarray(['0', '1', '2', '3', '4', '5']);
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), ids, ids, (pieces, one, other) => {
      const template = pieces.join('');
      const dependence = subjectDependence(template);
      if (dependence === 'all') return;
      const leading = one.slice(0, dependence.leading);
      const rest = other.filter((id) => !leading.includes(id));
      if (leading.length < dependence.leading) rest.length = 0; // it has no others, so neither may the second
      const alike = [...leading, ...rest];
      if (dependence.count && alike.length !== one.length) {
        if (alike.length < one.length) return;
        alike.length = one.length;
      }
      compared += 1;
      const compiled = edition(template);
      expect(subjectOf(compiled, alike)).toBe(subjectOf(compiled, one));
    }),
    { numRuns: 3_000 },
  );
  expect(compared).toBeGreaterThan(300);
});
