import { DomainError } from '#kernel/errors/errors.js';
import { EditionCompiler } from './edition-compiler.js';
import { articleView, editionInput, publicationView } from '../fixtures.js';
import { newNonce, sentinel } from '../template/sentinel.js';
import { splitAtPlaceholders } from '../template/placeholders.js';
import { composeVariant } from './variant.js';

const compiler = new EditionCompiler();

async function fieldsAtFault(overrides: Parameters<typeof editionInput>[0]) {
  const error: unknown = await compiler.compile(editionInput(overrides)).catch((caught: unknown) => caught);
  if (!(error instanceof DomainError)) throw new Error('It did not fail as it should.', { cause: error });
  return error.errors?.map(({ field, message }) => ({ field, message }));
}

test('takes any number of articles', async () => {
  const articles = Array.from({ length: 40 }, (_, i) => articleView(String(i)));
  const compiled = await compiler.compile(editionInput({ articles }));
  expect(compiled.fragments).toHaveLength(40);
});

test('is plain JSON', async () => {
  const compiled = await compiler.compile(editionInput());
  expect(JSON.parse(JSON.stringify(compiled))).toEqual(compiled);
});

test('article text means nothing to Liquid, MJML or HTML', async () => {
  const nasty =
    '</mj-text></mj-raw>{{ slot.greeting }}{% if %}<mj-include path="/etc/passwd"/> "quoted" $& <b>';
  const articles = [
    articleView('1', {
      title: nasty,
      summary: nasty,
      author: nasty,
      topics: [nasty],
      html: `<p>${nasty}</p>`,
    }),
  ];
  const { html, text } = composeVariant(await compiler.compile(editionInput({ articles })), ['1']);
  expect(html).not.toMatch(/<mj-|<\/mj-/);
  expect(html).toContain('{{ slot.greeting }}{% if %}');
  expect(html).toContain('&lt;/mj-text&gt;&lt;/mj-raw&gt;');
  expect(text).toContain(nasty);
});

test('an article can forge no placeholder, not even with one from an older mail', async () => {
  const forged = ['unsubscribeUrl', 'confirmUrl', 'begin', 'end', 'body']
    .map((name) => sentinel(newNonce(), name))
    .join(' ');
  const article = (id: string) =>
    articleView(id, {
      title: forged,
      summary: forged,
      html: `<a href="https://x/${forged}">${forged}</a>`,
      author: forged,
    });
  const honest = composeVariant(await compiler.compile(editionInput()), ['1']);
  const placeholdersOf = (text: string) =>
    splitAtPlaceholders(text).filter((part) => typeof part !== 'string');
  const compiled = await compiler.compile(
    editionInput({
      articles: [article('1'), article('2')],
      publication: publicationView({ postalAddress: forged }),
    }),
  );
  for (const ids of [['1'], ['1', '2'], []]) {
    const variant = composeVariant(compiled, ids);
    expect(placeholdersOf(variant.html)).toEqual(placeholdersOf(honest.html));
    expect(placeholdersOf(variant.text)).toEqual(placeholdersOf(honest.text));
  }
});

test('no link or picture leaves the web', async () => {
  const articles = [articleView('1', { url: 'javascript:alert(1)', imageUrl: 'file:///etc/passwd' })];
  const compiled = await compiler.compile(editionInput({ articles }));
  expect(composeVariant(compiled, ['1']).html).not.toMatch(/javascript:|file:/);
  expect(composeVariant(compiled, ['1']).warnings).toEqual([
    'The article "Story 1" has no web address to link to.',
  ]);
});

test('carries language, direction, dark colours, postal address and the ways out', async () => {
  const compiled = await compiler.compile(editionInput({ locale: 'ar-EG' }));
  const { html, text } = composeVariant(compiled, ['1', '2']);
  expect(html).toMatch(/<html lang="ar" dir="rtl"/);
  expect(html).toContain('prefers-color-scheme: dark');
  expect(html).toMatch(/Harbour Post Ltd<br \/>\n?1 Quay Street/);
  expect(text).toContain('Harbour Post Ltd\n1 Quay Street');
  expect(splitAtPlaceholders(html)).toEqual(
    expect.arrayContaining([
      { placeholder: 'unsubscribeUrl' },
      { placeholder: 'preferencesUrl' },
      { placeholder: 'greeting' },
    ]),
  );
  expect(splitAtPlaceholders(text)).toEqual(
    expect.arrayContaining([{ placeholder: 'unsubscribeUrl' }, { placeholder: 'preferencesUrl' }]),
  );
  for (const image of html.match(/<img [^>]*>/g) ?? []) expect(image).toContain(' alt=');
});

test('asks nobody for fonts', async () => {
  const articles = [articleView('1', { html: '<p style="font-family:Roboto">Roboto, Lato</p>' })];
  expect(composeVariant(await compiler.compile(editionInput({ articles })), ['1']).html).not.toContain(
    'fonts.g',
  );
});

test('an operator can write the template, and learns where it is wrong', async () => {
  const template = (inner: string) =>
    `<mjml><mj-body><mj-raw>{{ subject }}</mj-raw>{% for article in articles %}${inner}{% endfor %}</mj-body></mjml>`;
  const section = '<mj-section><mj-column><mj-text>{{ article.title }}</mj-text></mj-column></mj-section>';
  const marked = `<mj-raw>{{ article.begin }}</mj-raw>${section}<mj-raw>{{ mark.end }}</mj-raw>`;
  const compiled = await compiler.compile(editionInput({ template: template(marked) }));
  expect(composeVariant(compiled, ['2']).html).toContain('Story 2');
  expect(composeVariant(compiled, ['2']).html).not.toContain('Story 1');

  expect(await fieldsAtFault({ template: template(section) })).toEqual([
    { field: 'template', message: expect.stringContaining('article.begin') as string },
  ]);
  expect(await fieldsAtFault({ template: `<mjml>\n{{ nope }}</mjml>` })).toEqual([
    { field: 'template', message: expect.stringContaining('Line 2') as string },
  ]);
  expect(
    await fieldsAtFault({ template: template(marked.replace('<mj-text>', '<mj-text colour="red">')) }),
  ).toEqual([{ field: 'template', message: expect.stringContaining('colour') as string }]);
  expect(await fieldsAtFault({ template: 'nope' })).toEqual([
    { field: 'template', message: 'There is no e-mail template called "nope".' },
  ]);
  expect(await fieldsAtFault({ subject: 'x {{ articles[0.title }}' })).toEqual([
    { field: 'subject', message: expect.stringContaining('Line 1') as string },
  ]);
});

test('the MJML can be looked at', () => {
  const mjml = compiler.mjml(editionInput({ articles: [articleView('1')] }));
  expect(mjml).toMatch(/^<mjml lang="en"/);
  expect(mjml).toContain('{{ slot.unsubscribeUrl }}');
  expect(mjml).toContain('Whole text of 1.');
  expect(mjml).not.toMatch(/Xq[0-9a-z]{24}/);
});

test('a logo takes the place of the name', async () => {
  const logoUrl = 'https://cdn.example.org/logo.png?a=1&b=2';
  const publication = publicationView({ theme: { accentColor: '#123456', logoUrl } });
  const { html } = composeVariant(await compiler.compile(editionInput({ publication })), ['1', '2']);
  const logo = /<img[^>]*logo\.png[^>]*>/s.exec(html)?.[0];
  expect(logo).toContain('alt="The Harbour Post"');
  expect(logo).toContain('src="https://cdn.example.org/logo.png?a=1&amp;b=2"');
});
