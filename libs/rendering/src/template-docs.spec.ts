import { readFileSync } from 'node:fs';
import { tryTemplate } from './proof/check-template.js';
import { editionScope } from './edition/edition-scope.js';
import { editionInput, publicationView } from './fixtures.js';
import { foreignNames } from './proof/foreign-names.js';
import { liquidFor } from './template/liquid.js';
import { newNonce } from './template/sentinel.js';
import { PLACEHOLDER_NAMES } from './template/placeholders.js';

/** What operators write templates by. */
const docs = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8');
const sections = docs.split(/^## /m);
const section = (title: string) => sections.find((its) => its.startsWith(`${title}\n`)) ?? '';

test.each(['en', 'ar'])('the worked example passes in %s', async (locale) => {
  const template = /```mjml\n([\s\S]*?)```/.exec(docs)![1]!;
  await tryTemplate({ template, locale, publication: publicationView(), field: 'template', kind: 'regular' });
});

describe('documented is', () => {
  const scope = editionScope(editionInput(), newNonce());
  const { articles, publication, colours, mark, slot, digest, ...plain } = scope;
  const article = articles[0]!;
  const marksOfArticle = ['begin', 'entry'];
  const names = section('The names');
  const told = (name: string) => new RegExp(`[\`.]${name}\``).test(names);

  test('every name, of what it is about', () => {
    const wanted = [
      ...Object.keys({ ...plain, ...publication, ...digest, articles }),
      ...Object.keys(colours),
      ...Object.keys(article).filter((name) => !marksOfArticle.includes(name)),
    ];
    expect(wanted.filter((name) => !told(name))).toEqual([]);
  });

  test('every mark and placeholder', () => {
    const marks = section('The marks');
    const wanted = [
      ...Object.keys(mark as object).map((name) => `{{ mark.${name} }}`),
      ...marksOfArticle.map((name) => `{{ article.${name} }}`),
    ];
    expect(wanted.filter((name) => !marks.includes(name))).toEqual([]);
    const placeholders = Object.keys(slot).filter(
      (name) => !section('The placeholders').includes(`{{ slot.${name} }}`),
    );
    expect(placeholders).toEqual(['confirmUrl']); // of confirmations, which no digest is
    expect(PLACEHOLDER_NAMES).toContain('confirmUrl');
  });

  test('every tag and filter, and none that is not there', () => {
    const liquid = section('Liquid here');
    const [tags, filters] = liquid.split('- **Filters**') as [string, string];
    const engine = liquidFor('emails', 'html');
    const missing = (there: object, text: string) =>
      Object.keys(there).filter((name) => !text.includes(`\`${name}\``));
    expect(missing(engine.tags, tags)).toEqual([]);
    expect(missing(engine.filters, filters)).toEqual([]);
    const listed = [
      ...filters
        .split('And those of LiquidJS:')[1]!
        .split('Those that end')[0]!
        .matchAll(/`(\w+)`/g),
    ];
    expect(listed.map(([, name]) => name).filter((name) => !(name! in engine.filters))).toEqual([]);
  });

  test('of other products’ names only what is recognised', () => {
    const rows = section('Coming from elsewhere')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1);
    const names = rows.flatMap((row) => {
      const [, , ...others] = row.split(/(?<!\\)\|/);
      return [...others.join(' ').matchAll(/`([^`]+)`/g)].map(([, name]) => name!.replaceAll('\\|', '|'));
    });
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => foreignNames(name).length !== 1)).toEqual([]);
  });
});
