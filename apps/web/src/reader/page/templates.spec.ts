import { readTemplates } from '#rendering/template/template-files.js';
import { catalogue } from '#rendering/template/locales.js';

const templates = Object.entries(readTemplates('pages'));

test.each(templates)('%s uses only texts that exist', (_file, source) => {
  const used = [...source.matchAll(/'((?:pages|mail)\.[\w.]+\w)' \| t\b/g)].map((match) => match[1] ?? '');
  expect(used.filter((key) => !(key in catalogue('en')))).toEqual([]);
});

test.each(templates)('%s escapes all but what was sanitised', (_file, source) => {
  const raw = [...source.matchAll(/\{\{([^}]*)\| raw \}\}/g)].map((match) => match[1]?.trim());
  const allowed = [
    'article.html',
    'terms.html',
    'jsonLd',
    'publication.postalAddress | strip | escape | newline_to_br',
  ];
  expect(raw.filter((output) => !allowed.includes(output ?? ''))).toEqual([]);
});
