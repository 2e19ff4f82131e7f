import { EditionCompiler } from './edition-compiler.js';
import { articleView, editionInput } from '../fixtures.js';
import { withoutNonces } from '../template/sentinel.js';
import { composeVariant } from './variant.js';

const compiler = new EditionCompiler();
const articles = [
  articleView('a', { section: 'lead' }),
  articleView('b', { section: 'main' }),
  articleView('c', { section: 'brief' }),
  articleView('d', { section: 'brief' }),
];
const compiled = await compiler.compile(editionInput({ articles }));
const count = (text: string, what: RegExp) => text.match(what)?.length ?? 0;

test.each<[string, string[], number, number]>([
  ['all', ['a', 'b', 'c', 'd'], 1, 1],
  ['no lead: what comes first needs no heading', ['b', 'c', 'd'], 0, 1],
  ['of a section that nobody gets there is no heading', ['a', 'c'], 0, 1],
  ['in brief alone', ['c', 'd'], 0, 0],
  ['one story', ['c'], 0, 0],
])('headings stand where a section begins: %s', (_, ids, main, brief) => {
  const { html, text } = composeVariant(compiled, ids);
  expect([count(html, />More stories</g), count(html, />In brief</g)]).toEqual([main, brief]);
  expect([count(text, /^MORE STORIES$/gm), count(text, /^IN BRIEF$/gm)]).toEqual([main, brief]);
});

test.each(['digest', 'letter'])(
  'joined is what would have been compiled with just these: %s',
  async (template) => {
    const all = await compiler.compile(editionInput({ articles, template }));
    for (const some of [articles.slice(1), articles.slice(2), [articles[0]!, articles[3]!]]) {
      const alone = await compiler.compile(editionInput({ articles: some, template }));
      const ids = some.map(({ id }) => id);
      const [joined, direct] = [all, alone].map((its) => withoutNonces(composeVariant(its, ids).text));
      expect(joined).toBe(direct);
    }
  },
);

test('an edition without sections is as it was: no heading, and the form of the others', async () => {
  const plain = await compiler.compile(editionInput({ articles: ['a', 'b'].map((id) => articleView(id)) }));
  expect(plain.fragments.every(({ heading, section }) => !heading && !section)).toBe(true);
  expect(composeVariant(plain, ['a', 'b']).html).not.toContain('In brief');
});

test('a template of one’s own without a short form shows the story as the others', async () => {
  const template = `<mjml><mj-body><mj-raw>{{ mark.empty }}</mj-raw><mj-raw>{{ mark.end }}</mj-raw>{% for article in articles %}
    <mj-raw>{{ article.begin }}</mj-raw><mj-section><mj-column><mj-text>{{ article.title }}!</mj-text></mj-column></mj-section>
    <mj-raw>{{ mark.end }}</mj-raw>{% endfor %}<mj-section><mj-column><mj-text>{{ slot.unsubscribeUrl }} {{ slot.preferencesUrl }}
    {{ publication.postalAddress }}</mj-text></mj-column></mj-section></mj-body></mjml>`;
  const own = await compiler.compile(editionInput({ articles, template }));
  expect(composeVariant(own, ['a', 'd']).html).toContain('Story d!');
});

test('the intro stands before the stories, in both parts, and is never read as a template', async () => {
  const intro = '<p>Good <strong>morning</strong>, {{ 1 | plus: 1 }} readers &lt;mj-text&gt;</p>';
  const made = composeVariant(await compiler.compile(editionInput({ articles, intro })), ['a', 'b']);
  expect(made.html).toContain('<strong>morning</strong>, {{ 1 | plus: 1 }} readers &lt;mj-text&gt;');
  expect(made.text).toContain('Good morning, {{ 1 | plus: 1 }} readers <mj-text>');
  expect(made.html.indexOf('morning')).toBeLessThan(made.html.indexOf('Story a</a>'));
});
