import { DomainError, inWords } from '#kernel/errors/errors.js';
import { SandboxError, type SandboxReason } from '#kernel/sandbox/sandbox-error.js';
import type { Sandbox } from '#kernel/sandbox/sandbox.js';
import { articleView, editionInput, publicationView } from '../fixtures.js';
import type { LineSource } from '../edition/lines.js';
import { Renderer } from './renderer.js';
import type { RenderingTasks } from './rendering-tasks.js';
import { renderingSandbox } from './rendering-sandbox.js';
import { composeVariant } from '../edition/variant.js';
import { EditionCompiler } from '../edition/edition-compiler.js';

const LIMIT_MS = 1_500;
const compiles: string[] = [];
const sandbox = renderingSandbox({ memoryMb: 128 });
const renderer = new Renderer(sandbox, {
  limitMs: LIMIT_MS,
  onCompile: (template) => compiles.push(template),
});
/** Until MJML is loaded: that is not part of any limit here. */
const patient = new Renderer(sandbox, { limitMs: 60_000 });
beforeEach(() => patient.compile(editionInput()));
afterAll(() => renderer.close());

const column = (inner: string) => `<mj-section><mj-column>${inner}</mj-column></mj-section>`;
const LINKS = '<mj-text>{{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}</mj-text>';
const ARTICLES = `{% for article in articles %}
<mj-raw>{{ article.begin }}</mj-raw>
${column('<mj-text>{{ article.title }}</mj-text>')}
<mj-raw>{{ mark.end }}</mj-raw>
{% endfor %}`;
const template = (more: string) =>
  `<mjml>\n<mj-body>\n${more}\n${ARTICLES}\n${column(LINKS)}\n</mj-body>\n</mjml>`;

async function problemOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DomainError) || !error.errors?.[0]) {
    throw new Error('It did not fail as it should.', { cause: error });
  }
  expect(error.status).toBe(422);
  return error.errors[0];
}

test('compiles what the compiler compiles, and counts it', async () => {
  const input = editionInput({ subject: '{{ articles.size }} stories' });
  compiles.length = 0;
  const [ours, theirs] = [await renderer.compile(input), await new EditionCompiler().compile(input)];
  expect(compiles).toEqual(['digest']);
  const ids = ['3', '1'];
  const withoutNonce = (its: unknown) => JSON.stringify(its).replace(/Xq[0-9a-z]{24}/g, '');
  expect(withoutNonce(await renderer.variant(ours, ids))).toBe(withoutNonce(composeVariant(theirs, ids)));
  expect(await renderer.mjml(input)).toContain('<mjml');
});

test('lines are the same with Liquid and, without a process, when they are plain', async () => {
  const compiled = await renderer.compile(editionInput({ subject: 'Plain & simple' }));
  const closed = new Renderer(renderingSandbox(), { limitMs: 1 });
  await closed.close();
  const plain = await closed.lines(compiled, [['1', '2'], [], ['3']]);
  expect(plain.map(({ subject }) => subject)).toEqual([
    'Plain & simple',
    'The Morning Brief',
    'Plain & simple',
  ]);
  const liquid: LineSource = { ...compiled, subjectTemplate: "{{ 'Plain & simple' }}" };
  expect(await renderer.lines(liquid, [['1', '2'], [], ['3']])).toEqual(plain);
  expect(await closed.subjectDependence('Plain')).toEqual({ leading: 1, count: false });
  await expect(closed.lines(liquid, [['1']])).rejects.toMatchObject({ code: 'unavailable', retryAfter: 10 });
});

test.each<[SandboxReason, string, string]>([
  ['busy', 'unavailable', 'Too much is being rendered at once. Try again in a moment.'],
  ['died', 'unavailable', 'The process that renders ended before it was done. Try again in a moment.'],
  ['memory', 'invalid_input', 'template: It needs more memory than it may. Make it smaller or simpler.'],
])('what is ended by %s is told so, with its cause', async (reason, code, message) => {
  const cause = new SandboxError('compile', reason);
  const ending = { run: () => Promise.reject(cause) } as unknown as Sandbox<RenderingTasks>;
  const error: unknown = await new Renderer(ending, { limitMs: 1 })
    .compile(editionInput())
    .catch((its: unknown) => its);
  expect(error).toMatchObject({ code, cause });
  expect(inWords(error as DomainError)).toBe(message);
});

test('errors keep their field and line', async () => {
  const wrong = { ...editionInput(), template: template('{{ nope }}') };
  expect(await problemOf(renderer.compile(wrong))).toMatchObject({
    field: 'template',
    message: 'Line 3: undefined variable: nope.',
  });
  const compiled = await renderer.compile(editionInput({ subject: '{{ articles[1].title }}' }));
  expect(await problemOf(renderer.lines(compiled, [['1', '2'], ['3']]))).toMatchObject({ field: 'subject' });
});

describe('what would never end is stopped, and the next is served', () => {
  const doubled = (times: number) =>
    `{% assign s = 'xxxxxxxxxx' %}{% for i in (1..${times}) %}{% assign s = s | append: s %}{% endfor %}`;
  const manyRules = Array.from({ length: 2_000 }, (_, at) => `.a${at} div span{color:red}`).join('');

  test.each<[string, string, RegExp]>([
    ['a long loop', template('{% for i in (1..1000000000) %}{% endfor %}'), /memory alloc limit exceeded/],
    [
      'loops in loops',
      template('{% for i in (1..9999) %}{% for j in (1..9999) %}{% endfor %}{% endfor %}'),
      /render limit exceeded|more than 2 s/,
    ],
    ['a string that doubles', template(doubled(60)), /memory alloc limit exceeded/],
    [
      'a filter that takes long',
      template(`${doubled(20)}{% for i in (1..9) %}{{ s | split: "" | sort | size }}{% endfor %}`),
      /limit exceeded|more than 2 s|more memory/,
    ],
    [
      'a text without end',
      template(`${doubled(16)}{% for i in (1..99) %}{{ s | raw }}{% endfor %}`),
      /2000000 char|more than 2 s|more memory/,
    ],
    [
      'styles that MJML works on for long',
      template(`{% for i in (1..300) %}${column('<mj-text css-class="a1">x</mj-text>')}{% endfor %}`).replace(
        '<mj-body>',
        `<mj-head><mj-style inline="inline">${manyRules}</mj-style></mj-head><mj-body>`,
      ),
      /more than 2 s/,
    ],
    [
      'elements without number',
      template(`{% for i in (1..9999) %}${column('<mj-button>x</mj-button>')}{% endfor %}`),
      /more than 2 s|more memory|at most/,
    ],
  ])('%s', async (_, source, message) => {
    const trial = { template: source, locale: 'en', publication: publicationView(), field: 'template' };
    const tried = renderer.tryTemplate({ ...trial, kind: 'regular' }, LIMIT_MS);
    expect((await problemOf(tried)).message).toMatch(message);
    expect(
      await renderer.tryTemplate({ ...trial, template: 'digest', kind: 'regular' }, 60_000),
    ).toBeGreaterThan(0);
  });

  test('a subject: of code in strings there is none, and a filter that takes long is ended', async () => {
    const articles = Array.from({ length: 40 }, (_, at) => articleView(String(at)));
    const ids = articles.map(({ id }) => id);
    const withCode = editionInput({ articles, subject: "{{ articles | where_exp: 'a', 'a.title' | size }}" });
    const refused = problemOf(patient.compile(withCode).then((its) => renderer.lines(its, [ids])));
    expect(await refused).toMatchObject({
      field: 'subject',
      message: 'Line 1: undefined filter: where_exp.',
    });
    const long = `${doubled(18)}{% for i in (1..99) %}{% assign x = s | split: '' | sort %}{% endfor %}`;
    const slow = await patient.compile(editionInput({ articles, subject: long }));
    const { field, message } = await problemOf(patient.lines(slow, [ids]));
    expect([field, message]).toEqual([
      'subject',
      expect.stringMatching(/more than 10 s|more memory|limit exceeded/),
    ]);
  });
});
