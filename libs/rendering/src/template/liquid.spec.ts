import { DomainError } from '#kernel/errors/errors.js';
import { liquidFor, parseTemplate, renderTemplate } from './liquid.js';

const html = liquidFor('emails', 'html');
const render = (source: string, scope: object = {}, engine = html) =>
  renderTemplate(engine, parseTemplate(engine, source, 'template'), scope, 'template');

function problemOf(action: () => unknown): { field: string; message: string } {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid_input' && error.errors?.[0])
      return error.errors[0];
    throw error;
  }
  throw new Error('It did not fail.');
}

test('escapes in HTML unless told otherwise, and never in text', () => {
  expect(render('{{ x }}{{ x | raw }}', { x: '<"' })).toBe('&lt;&#34;<"');
  expect(render('{{ x }}', { x: '<"' }, liquidFor('emails', 'text'))).toBe('<"');
});

test('looks up texts', () => {
  expect(render("{{ 'mail.by' | t: author: name }}", { locale: 'de', name: '<Ann>' })).toBe(
    'Von &lt;Ann&gt;',
  );
});

test.each([
  ['ok\n{{ nope }}', 2, 'undefined variable: nope'],
  ['a\nb\n{{ 1 | nope }}', 3, 'undefined filter: nope'],
  ['{% if x %}', 1, 'not closed'],
  ['\n{% nope %}', 2, 'nope'],
  ['{{ x', 1, 'not closed'],
])('%j: names line %i', (source, line, problem) => {
  const error = problemOf(() => render(source));
  expect(error.field).toBe('template');
  expect(error.message).toMatch(new RegExp(`^Line ${line}: `));
  expect(error.message).toContain(problem);
});

test.each([
  "{% include '/etc/passwd' %}",
  "{% render '../locales/en.json' %}",
  "{% layout '../../package.json' %}",
  "{% assign f = '/etc/hosts' %}{% include f %}",
])('reads no file outside its folder: %s', (source) => {
  expect(problemOf(() => render(source)).message).toMatch(/ENOENT/);
});

test('does not reach prototypes', () => {
  expect(problemOf(() => render('{{ x.constructor.name }}', { x: {} })).message).toContain(
    'undefined variable',
  );
});

test.each([
  '{% for i in (1..100000000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}',
  "{% assign s = 'xxxxxxxxxx' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}",
])('stops what would never end: %s', (source) => {
  expect(problemOf(() => render(source)).message).toMatch(/limit exceeded/);
});

test('what is drawn by lot is the same each time, and another on some other day', () => {
  const engine = liquidFor('emails', 'text');
  const draw = (liquid: string, date?: string) =>
    renderTemplate(engine, parseTemplate(engine, liquid, 'x'), date === undefined ? {} : { date }, 'x');
  const one = "{{ 'a b c d e f g h' | split: ' ' | sample }}";
  expect(draw(one)).toMatch(/^[a-h]$/);
  expect(draw(one, 'Monday')).toBe(draw(one, 'Monday'));
  const days = Array.from({ length: 20 }, (_, day) => draw(one, `day ${day}`));
  expect(new Set(days).size).toBeGreaterThan(3);
  const some = draw("{{ 'a b c' | split: ' ' | sample: 2 | join: ',' }}").split(',');
  expect(new Set(some).size).toBe(2);
  expect(draw("{{ '' | split: ',' | sample }}")).toBe('');
});
