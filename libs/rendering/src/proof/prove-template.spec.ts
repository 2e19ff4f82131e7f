import { DomainError } from '#kernel/errors/errors.js';
import { EditionCompiler } from '../edition/edition-compiler.js';
import { articleView, editionInput, LISTING } from '../fixtures.js';
import { proveEdition, proveTemplate } from './prove-template.js';

const column = (inner: string) => `<mj-section><mj-column>${inner}</mj-column></mj-section>`;
const LINKS = '<mj-text>{{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}</mj-text>';
const begin = '<mj-raw>{{ article.begin }}</mj-raw>';
const end = '<mj-raw>{{ mark.end }}</mj-raw>';
const story = (inner: string) => `{% for article in articles %}
${begin}
${inner}
${end}
{% endfor %}`;
const STORY = story(column('<mj-text>{{ article.title }}</mj-text>'));
/** Line 3 is `above`. */
const template = (above: string, stories = STORY, below = '') =>
  `<mjml>\n<mj-body>\n${above}\n${stories}\n${below}\n${column(LINKS)}\n</mj-body>\n</mjml>`;

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof DomainError)) throw new Error('It was not refused.', { cause: error });
  expect(error.errors).toMatchObject([{ field: 'template', code: 'depends_on_articles' }]);
  return error.errors![0]!.message;
}
const answer = (source: string) => problemOf(proveTemplate(editionInput({ template: source })));

describe('is refused with the line', () => {
  test.each<[string, string, number]>([
    [
      'a table of contents',
      template(
        column('<mj-text><ul>\n{% for a in articles %}\n<li>{{ a.title }}</li>\n{% endfor %}</ul></mj-text>'),
      ),
      5,
    ],
    ['how many there are', template(column('\n<mj-text>{{ articles.size }} stories today</mj-text>')), 4],
    ['how many, in one line of many', template(column('<mj-text>{{ articles | size }}</mj-text>')), 3],
    [
      'the first headline',
      template(column('<mj-text>{% if articles.size > 0 %}{{ articles.first.title }}{% endif %}</mj-text>')),
      3,
    ],
    [
      'a part from five articles on',
      template(`{% if articles.size >= 5 %}\n${column('<mj-text>Much</mj-text>')}{% endif %}`),
      4,
    ],
    [
      'a part from 50 articles on',
      template(`{% if articles.size > 50 %}\n${column('<mj-text>Much</mj-text>')}{% endif %}`),
      4,
    ],
    [
      'a part for just seven',
      template(`{% if articles.size == 7 %}\n${column('<mj-text>Seven</mj-text>')}{% endif %}`),
      4,
    ],
    [
      'a banner for a topic',
      template(
        `{% for a in articles %}{% if a.topics contains 'Breaking' %}\n${column('<mj-text>NOW</mj-text>')}{% endif %}{% endfor %}`,
      ),
      4,
    ],
    ...(
      [
        ["a.url contains 'video'", 'an address'],
        ["a.imageUrl contains 'video'", 'a picture'],
        ["a.date contains 'August'", 'a month'],
        ["a.author == 'A. Reporter'", 'an author'],
        ['a.topics.size > 7', 'many topics'],
        ['a.summary.size > 240', 'a long summary'],
      ] as const
    ).map(([condition, what]): [string, string, number] => [
      `a part for ${what}`,
      template(
        `{% for a in articles %}{% if ${condition} %}\n${column('<mj-text>x</mj-text>')}{% endif %}{% endfor %}`,
      ),
      4,
    ]),
    [
      'a part for long titles',
      template(
        `{% for a in articles %}{% if a.title.size > 120 %}\n${column('<mj-text>Long</mj-text>')}{% endif %}{% endfor %}`,
      ),
      4,
    ],
    [
      'what is said of none, without its mark',
      template(`{% if articles.size == 0 %}\n${column('<mj-text>None</mj-text>')}{% endif %}`),
      4,
    ],
    [
      'a rule between the articles',
      template(
        '',
        story(column('<mj-text>{{ article.title }}</mj-text>')).replace(
          end,
          `${end}\n${column('<mj-divider />')}`,
        ),
      ),
      8,
    ],
    [
      'a part in the mark of more',
      template(
        '',
        STORY,
        `<mj-raw>{{ mark.more }}</mj-raw>\n${column('<mj-text>{{ articles.size }}</mj-text>')}<mj-raw>{{ mark.end }}</mj-raw>`,
      ),
      10,
    ],
  ])('%s', async (_, source, line) => {
    const message = await answer(source);
    expect(message).toMatch(
      new RegExp(`^Line ${line}: what stands here depends on which articles there are`),
    );
    expect(message).not.toMatch(/Xq|[\u0001\u0002]/);
  });

  test.each<[string, string]>([
    ['the first by its place', '{% if forloop.first %}<mj-text>First</mj-text>{% endif %}'],
    ['a number', '<mj-text>{{ forloop.index }}</mj-text>'],
    ['how many there are', '<mj-text>of {{ articles.size }}</mj-text>'],
    ['another article', '<mj-text>{{ articles.last.title }}</mj-text>'],
    ['colours in turn', "<mj-text color=\"{% cycle '#000000', '#111111' %}\">x</mj-text>"],
  ])('between the marks: %s', async (_, inner) => {
    const message = await answer(
      template('', story(`<mj-section><mj-column>\n${inner}\n</mj-column></mj-section>`)),
    );
    expect(message).toMatch(
      /^Line 7: what stands between the marks of an article depends on the other articles/,
    );
  });

  test.each<[string, string]>([
    [
      'columns of one section, whose width depends on their number',
      `<mj-section>${story('<mj-column><mj-text>{{ article.title }}</mj-text></mj-column>')}</mj-section>`,
    ],
    [
      'a picture of its own kind, which adds to the head',
      story(
        column(
          '{% if article.imageUrl %}<mj-image src="{{ article.imageUrl }}" />{% endif %}<mj-text>x</mj-text>',
        ),
      ),
    ],
  ])('what MJML makes: %s', async (_, stories) => {
    expect(await answer(template('', stories))).toMatch(/^Line 5: the components between/);
  });
});

describe('passes', () => {
  test.each(
    ['en', 'ar'].flatMap((locale) =>
      ['digest', 'letter', 'alert', 'correction'].map((name) => [name, locale]),
    ),
  )('%s in %s', (name, locale) => proveTemplate(editionInput({ template: name, locale: locale })));

  test.each<[string, string]>([
    ['no more than the marks', template('')],
    ['a list and a count with marks', LISTING],
    ['the minute it is', template(column("<mj-text>{{ 'now' | date: '%H:%M' }}</mj-text>"))],
    [
      'a greeting drawn by lot',
      template(column(`<mj-text>{{ 'Hi,Ho,He,Ha,Hu' | split: ',' | sample }}</mj-text>`)),
    ],
    ['a comment that is not sent', template('<!-- {{ articles.size }} -->')],
    [
      'Liquid that leaves white space',
      template('{% for a in articles %}\n\n{% endfor %}{% assign n = articles.size %}'),
    ],
    [
      'each form, none and more',
      template(
        `<mj-raw>{{ mark.empty }}</mj-raw>${column('<mj-text>None</mj-text>')}${end}`,
        story(
          `{% assign heading = article.title | upcase %}<mj-section><mj-column><mj-raw>{{ mark.full }}</mj-raw><mj-text>{{ article.body }}</mj-text>
           <mj-raw>{{ mark.lead }}</mj-raw><mj-text>{{ heading }}</mj-text>
           <mj-raw>{{ mark.brief }}</mj-raw><mj-text>{{ article.summary }}</mj-text></mj-column></mj-section>`,
        ),
        `<mj-raw>{{ mark.more }}</mj-raw>${column('<mj-text>More</mj-text>')}${end}`,
      ),
    ],
    [
      'marks that stand with what they mark',
      template(
        '',
        '{% for article in articles %}<mj-raw>{{ article.begin }}<p>{{ article.title }}</p>{{ mark.end }}</mj-raw>{% endfor %}',
      ),
    ],
    [
      'a picture that is elsewhere too',
      template(
        column('<mj-image src="https://x.org/logo.png" />'),
        story(
          column(
            '{% if article.imageUrl %}<mj-image src="{{ article.imageUrl }}" />{% endif %}<mj-text>x</mj-text>',
          ),
        ),
      ),
    ],
  ])('%s', (_, source) => proveTemplate(editionInput({ template: source })));
});

test('the same template gets the same answer', async () => {
  const source = template(column('<mj-text>{% if articles.size > 11 %}Many{% endif %}</mj-text>'));
  expect(await answer(source)).toBe(await answer(source));
});

describe('with the articles of an edition', () => {
  const articles = ['1', '2', '3'].map((id) =>
    articleView(id, { summary: id === '2' ? 'x'.repeat(777) : 'Short' }),
  );
  /** What no sample shows: it asks for no number and no text. */
  const sly = template(
    column(
      '{% assign long = "7" | append: "77" | plus: 0 %}{% for a in articles %}{% if a.summary.size == long %}\n<mj-text>Long</mj-text>{% endif %}{% endfor %}<mj-text>x</mj-text>',
    ),
  );

  test('what samples do not show is refused', async () => {
    const input = editionInput({ template: sly, articles });
    await proveTemplate(input);
    const compiled = await new EditionCompiler().compile(input);
    expect(await problemOf(proveEdition(input, compiled))).toMatch(/^Line 4: what stands here depends/);
  });

  test('none, one and a hundred that are all right pass', async () => {
    const hundred = Array.from({ length: 100 }, (_, at) => articleView(String(at)));
    for (const its of [[], articles.slice(0, 1), articles, hundred]) {
      for (const name of ['digest', template('')]) {
        const input = editionInput({ template: name, articles: its });
        await proveEdition(input, await new EditionCompiler().compile(input));
      }
    }
  });
});
