import { articleFromText } from './article-from-text.js';

const LEAD =
  'The islanders of Saint Corran announced on Tuesday that they had bought the old ferry themselves, ' +
  'citing “the increasingly unreliable timetable” of its owner.';

it.each<[string, string, { title: string; body: string }]>([
  ['a headline', 'The ferry stays\n\nIt will run.\n', { title: 'The ferry stays', body: 'It will run.' }],
  [
    'a headline right above the text',
    'The ferry stays\nIt will run.',
    { title: 'The ferry stays', body: 'It will run.' },
  ],
  ['a question', 'Will the ferry stay?\n\nIt will.', { title: 'Will the ferry stay?', body: 'It will.' }],
  [
    'blank lines, BOM and CRLF before it',
    '\ufeff\r\n\r\nThe ferry stays\r\n\r\nIt will.',
    { title: 'The ferry stays', body: 'It will.' },
  ],
  [
    'a short sentence is the lead',
    'The ferry stays.\n\nIt will run.',
    { title: 'The ferry stays', body: 'The ferry stays.\n\nIt will run.' },
  ],
  [
    'a sentence in quotes is the lead',
    '“The ferry stays.”\n\nIt will.',
    { title: '“The ferry stays.”', body: '“The ferry stays.”\n\nIt will.' },
  ],
  ['a line that goes on', 'She said:\n“No.”', { title: 'She said: “No.”', body: 'She said:\n“No.”' }],
  ['one line alone', 'The ferry stays', { title: 'The ferry stays', body: 'The ferry stays' }],
  ['nothing', ' \n', { title: '', body: '' }],
])('%s', (_name, text, expected) => {
  expect(articleFromText(text)).toEqual(expected);
});

it('makes a title of a long lead and leaves the body whole', () => {
  const text = `${LEAD}\n\n“It is ours,” one said.`;
  const { title, body } = articleFromText(text);
  expect(title).toBe(
    'The islanders of Saint Corran announced on Tuesday that they had bought the old ferry themselves…',
  );
  expect(title.length).toBeLessThanOrEqual(100);
  expect(body).toBe(text);
});
