import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EDITION_STATUSES } from '#database/schema/index.js';
import { EDITION_EVENTS, mayHappen, statesInWords, type EditionEvent } from './edition-state.js';

const ROOT = process.cwd();
const EVENTS = Object.keys(EDITION_EVENTS) as EditionEvent[];

/** Sources of the product, by path. */
const sources = ['libs', 'apps'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/src\/.*\.ts$/.test(path) && !/\.spec\.ts$|^admin\//.test(path))
    .map((path) => [join(folder, path), readFileSync(join(ROOT, folder, path), 'utf8')] as const),
);

it.each<[string, EditionEvent[]]>([
  ['draft', ['schedule', 'unschedule', 'hold', 'send', 'cancel']],
  ['scheduled', ['schedule', 'unschedule', 'hold', 'undo', 'send', 'wait', 'freeze', 'empty', 'cancel']],
  ['preparing', ['wait', 'freeze', 'empty', 'pause', 'cancel', 'fail']],
  ['sending', ['freeze', 'empty', 'pause', 'stop', 'finish', 'cancel']],
  ['paused', ['resume', 'restart', 'cancel']],
  ['sent', ['reopen']],
  ['cancelled', []],
  ['failed', []],
])('%s allows %j and nothing else', (status, expected) => {
  expect(EVENTS.filter((event) => mayHappen(event, status as never))).toEqual(expected);
});

it('leads from draft to every state', () => {
  const reached = new Set<string>(['draft']);
  for (let round = 0; round < EDITION_STATUSES.length; round++) {
    for (const { from, to } of Object.values(EDITION_EVENTS)) {
      if (from.some((state) => reached.has(state))) reached.add(to);
    }
  }
  expect([...reached].sort()).toEqual([...EDITION_STATUSES].sort());
});

it.each(EVENTS)('%s is something that happens', (event) => {
  const names = new RegExp(`'${event}'`);
  const users = sources.filter(([path, text]) => !path.endsWith('edition-state.ts') && names.test(text));
  expect(users.map(([path]) => path)).not.toEqual([]);
});

it('is changed by nothing but its events', () => {
  const writes =
    /UPDATE edition\b(?:(?!WHERE)[^`])*\bstatus\s*=|update\(edition\)\s*\.set\(\{[^}]*\bstatus\b/;
  const writers = sources.filter(([, text]) => writes.test(text)).map(([path]) => path);
  expect(writers).toEqual(['libs/digest/src/model/edition-states.ts']);
});

it('is drawn in the documents as it is', () => {
  const document = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  expect(document).toContain(`\`\`\`\n${statesInWords(EDITION_STATUSES)}\n\`\`\``);
});
