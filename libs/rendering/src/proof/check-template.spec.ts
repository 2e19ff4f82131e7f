import { DomainError } from '#kernel/errors/errors.js';
import { MAX_TEMPLATE_BYTES, tryTemplate } from './check-template.js';
import type { EditionKind } from '../edition/edition-scope.js';
import { publicationView } from '../fixtures.js';
import { LOCALES } from '../template/locales.js';

const publication = publicationView();

const column = (inner: string) => `<mj-section><mj-column>${inner}</mj-column></mj-section>`;
const LINKS = '<mj-text>{{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}</mj-text>';
const ARTICLES = `{% for article in articles %}
<mj-raw>{{ article.begin }}</mj-raw>
${column('<mj-text>{{ article.title }}</mj-text>')}
<mj-raw>{{ mark.end }}</mj-raw>
{% endfor %}`;
const LIST = column(
  '<mj-text>{% for a in articles %}{{ a.entry }}{{ a.title }}{{ mark.end }}{% endfor %}</mj-text>',
);
const template = (more: string, { articles = ARTICLES, links = LINKS } = {}) =>
  `<mjml>\n<mj-body>\n${more}\n${articles}\n${column(links)}\n</mj-body>\n</mjml>`;

const checkTemplateSource = (
  source: string,
  locale: string,
  its = publication,
  field = 'template',
  kind: EditionKind = 'regular',
) => tryTemplate({ template: source, locale, publication: its, field, kind });

async function problemOf(source: string, field?: string) {
  const error: unknown = await checkTemplateSource(source, 'en', publication, field).then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DomainError) || !error.errors?.[0]) {
    throw new Error('It did not fail as it should.', { cause: error });
  }
  expect(error.status).toBe(422);
  return error.errors[0];
}

describe.each(LOCALES)('in %s', (locale) => {
  test.each(['digest', 'letter', 'alert', 'correction'] as const)('%s passes', async (name) => {
    const kind = name === 'alert' || name === 'correction' ? name : 'regular';
    await checkTemplateSource(name, locale, publication, 'template', kind);
  });
});

test('source passes', async () => {
  await checkTemplateSource(template(''), 'de', publication);
});

test.each<[string, string, RegExp]>([
  ['Liquid that is not closed', template('{% if x %}'), /^Line 3: tag {% if x %} not closed\.$/],
  ['an unknown name', template('\n{{ nope }}'), /^Line 4: undefined variable: nope\.$/],
  ['an unknown filter', template('{{ date | nope }}'), /^Line 3: undefined filter: nope\.$/],
  [
    'an attribute that is none',
    template(column('\n<mj-text colour="red">{{ slot.greeting }}</mj-text>')),
    /^MJML line 4 \(mj-text\): Attribute colour is illegal, near: <mj-text colour="red">{{ greeting }}/,
  ],
  ['an unknown tag', template('<mj-nope />'), /^MJML line 3 \(mj-nope\): Element mj-nope doesn't exist/],
  [
    'a tag in the wrong place',
    template('<mj-text>x</mj-text>'),
    /^MJML line 3 \(mj-text\): .* inside mj-body/,
  ],
  ['no MJML', 'Hello!', /^MJML: Parsing failed/],
  ['nothing', '', /^MJML: Parsing failed/],
  ['a name that is none of ours', 'nope', /no e-mail template called "nope"/],
  ['no place for articles', template('', { articles: '' }), /article\.begin/],
  [
    'articles without marks',
    template('', { articles: '{% for article in articles %}<mj-raw>x</mj-raw>{% endfor %}' }),
    /article\.begin/,
  ],
  [
    'marks in a comment',
    template('', { articles: '<!-- {% for a in articles %}{{ a.begin }}{{ mark.end }}{% endfor %} -->' }),
    /article\.begin/,
  ],
  ['an article in an article', template('', { articles: ARTICLES.repeat(2) }), /begun twice/],
  ['two lists', template('', { articles: `${LIST}${LIST}${ARTICLES}` }), /in one list only/],
  [
    'a list in an article',
    template('', { articles: ARTICLES.replace('{{ article.title }}', LIST) }),
    /^{{ article\.entry }} can't stand inside another part/,
  ],
  [
    'a count in an article',
    template('', { articles: ARTICLES.replace('{{ article.title }}', '{{ mark.count }}') }),
    /^{{ mark\.count }} can't stand inside another part/,
  ],
  [
    'a count by other means',
    template(column('<mj-text>{{ articles.size }}</mj-text>')),
    /^Line 3: what stands here depends on which .* {{ mark\.count }}/,
  ],
  ['a name of another product', template(column('<mj-text>*|UNSUB|*</mj-text>')), /^Line 3: .* of Mailchimp/],
  [
    'no way out',
    template('', { links: '<mj-text>{{ slot.preferencesUrl }}</mj-text>' }),
    /^{{ slot\.unsubscribeUrl }} is missing in the HTML of a mail with 3 articles\.$/,
  ],
  [
    'no settings',
    template('', { links: '<mj-text>{{ slot.unsubscribeUrl }}</mj-text>' }),
    /^{{ slot\.preferencesUrl }} is missing in the HTML/,
  ],
  [
    'a way out only where there are no articles',
    template('', { links: `<mj-raw>{{ mark.empty }}</mj-raw>${LINKS}<mj-raw>{{ mark.end }}</mj-raw>` }),
    /with 3 articles/,
  ],
  [
    'a way out only for one article',
    template('', {
      articles: ARTICLES.replace(
        '<mj-text>',
        `<mj-raw>{{ mark.full }}</mj-raw>${LINKS}<mj-raw>{{ mark.all }}</mj-raw><mj-text>`,
      ),
      links: '',
    }),
    /with 3 articles/,
  ],
  [
    'a way out that hangs on there being articles',
    template('', { links: `{% if articles.size > 0 %}${LINKS}{% endif %}` }),
    /with 0 articles/,
  ],
])('%s is refused', async (_, source, message) => {
  const problem = await problemOf(source);
  expect(problem.field).toBe('template');
  expect(problem.message).toMatch(message);
  expect(problem.message).not.toContain(process.cwd());
});

test('the field is the one that was given, and a problem of every article is said once', async () => {
  const articles = ARTICLES.replace('<mj-text>', '<mj-text colour="red">');
  const { field, message } = await problemOf(template('', { articles }), 'templates.de');
  expect(field).toBe('templates.de');
  expect(message.match(/colour is illegal/g)).toHaveLength(1);
});

test('source that is too long is refused unread', async () => {
  const { code } = await problemOf(template('{{ nope }}').padEnd(MAX_TEMPLATE_BYTES + 1));
  expect(code).toBe('too_long');
  await checkTemplateSource(template('').padEnd(MAX_TEMPLATE_BYTES), 'en', publication);
});

describe('no file but ours is read', () => {
  test.each([
    "{% include '../../package.json' %}",
    "{% include '../locales/en.json' %}",
    "{% render '/etc/passwd' %}",
    "{% render 'digest.mjml/../../../package.json' %}",
    "{% layout '/etc/passwd' %}",
    "{% layout '../pages/layout.liquid' %}",
    '{% layout %}',
    "{% include '__proto__' %}",
    "{% include 'constructor' %}",
    "{% assign f = 'file:///etc/passwd' %}{% include f %}",
  ])('%s', async (liquid) => {
    expect((await problemOf(liquid + template(''))).message).toMatch(/^Line 1: (ENOENT|illegal file)/);
  });

  test.each([
    '<mj-include path="/etc/passwd" />',
    '<mj-include path="../../package.json" type="html" />',
    '<mj-include path="/etc/passwd"></mj-include>',
    '<MJ-Include path="/etc/passwd" />',
    '<mj-raw><mj-include path="/etc/passwd" type="html" /></mj-raw>',
    '<mj-raw><![CDATA[</mj-raw>]]><mj-include path="/etc/passwd" /></mj-raw>',
    '<!-- --><mj-include path="/etc/passwd" /><!-- -->',
    "<{{ 'mj-inc' | append: 'lude' }} path='/etc/passwd' />",
    '{{ \'<mj-include path="/etc/passwd" />\' | raw }}',
  ])('%s', async (mjml) => {
    expect((await problemOf(template(mjml))).message).toMatch(/^MJML line 3 \(mj-include\): Files can not/);
  });
});

describe('nothing but the data of the mail is seen', () => {
  test.each([
    'articles[0].constructor',
    'articles[0].__proto__',
    'articles.constructor.constructor',
    'slot.toString',
    'digest.hasOwnProperty',
    'process.env',
    'process',
    'globalThis',
    'require',
    'this',
    'constructor',
    '__proto__',
    'publication.timeZone',
    'articles[0].id',
    'articles[0].html',
  ])('%s', async (name) => {
    expect((await problemOf(template(`{{ ${name} }}`))).message).toMatch(/undefined variable/);
  });
});

test('a long run of blanks is fine', async () => {
  await checkTemplateSource(template(`<mj-raw>a${' '.repeat(150_000)}b</mj-raw>`), 'en');
});
