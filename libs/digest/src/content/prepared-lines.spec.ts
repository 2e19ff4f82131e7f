import type { Database } from '#database/database.js';
import { preparedTransaction } from '#database/prepared.js';
import type { LineSource } from '#rendering/edition/lines.js';
import { Renderer } from '#rendering/sandbox/renderer.js';
import { renderingSandbox } from '#rendering/sandbox/rendering-sandbox.js';
import { preparedDependence, preparedLines } from './prepared-lines.js';
import { renderSubject, sampleArticles } from './subject.js';

const renderer = new Renderer(renderingSandbox(), { limitMs: 10_000 });
afterAll(() => renderer.close());

const site = { name: 'The Harbour Post', baseUrl: 'https://news.example.org', locale: 'en' };
const facts: LineSource['facts'] = { digest: { name: 'Brief' }, publication: site, date: 'today' };
const sourceOf = (subject: string | null, preheader: string | null): LineSource => ({
  locale: 'en',
  fragments: [],
  facts,
  subjectTemplate: subject,
  preheaderTemplate: preheader,
});

/** How many times a transaction that needs this was run. */
async function turnsOf(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  const database = {
    transaction: (run) => {
      turns++;
      return run({} as never);
    },
  } satisfies Pick<Database, 'transaction'>;
  await preparedTransaction(database, work);
  return turns;
}

test.each<[string | null, string | null, number]>([
  [null, null, 1],
  ['Plain', 'Also plain', 1],
  ['{{ digest.name }}', null, 2],
  ['Plain', '{{ digest.name }}', 2],
])('the lines of %j and %j take %d turns', async (subject, preheader, turns) => {
  expect(await turnsOf(() => preparedLines(renderer, sourceOf(subject, preheader), [[]]))).toBe(turns);
});

test.each([
  ['Plain', 1],
  ['{{ digest.name }}', 2],
])('a subject %j takes %d turns', async (subject, turns) => {
  expect(await turnsOf(() => preparedDependence(renderer, subject))).toBe(turns);
  const rendered = () => renderSubject(renderer, subject, 'Brief', site, sampleArticles(1));
  expect(await turnsOf(rendered)).toBe(turns);
});
