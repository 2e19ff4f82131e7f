import { HitWindow } from './hit-window.js';

const MINUTE_MS = 60_000;
const hit = (at: number, client = 'c') => ({ at, client, kind: 'open', editionId: 'e', number: 0 }) as const;
const visit = (at: number, client = 'c') => ({ at, client, number: 0 });

test('visits to pages are held under the same bound as hits', () => {
  const window = new HitWindow(10);
  for (let n = 0; n < 8; n++) window.addPage(`network ${n}`, visit(0));
  for (let n = 0; n < 8; n++) window.add(`network ${n}`, hit(0));
  expect(window.size).toBe(10);
  for (let n = 0; n < 8; n++) window.addPage(`other ${n}`, visit(0));
  expect(window.size).toBe(10);
});

test.each<[string, (window: HitWindow) => void]>([
  ['the time is over', (window) => void window.settle(MINUTE_MS)],
  ['their client did something there', (window) => ['a', 'b'].forEach((who) => window.forgetPages('n', who))],
])('visits make room when %s', (_, end) => {
  const window = new HitWindow(4);
  for (const who of ['a', 'a', 'b', 'b']) window.addPage('n', visit(0, who));
  expect(window.size).toBe(4);
  end(window);
  expect(window.size).toBe(0);
  window.addPage('n', visit(MINUTE_MS));
  expect(window.size).toBe(1);
});

test('what is forgotten of one client stays of others, and still tells of a scanner', () => {
  const window = new HitWindow();
  window.addPage('n', visit(0, 'person'));
  window.addPage('n', visit(0, 'gateway'));
  window.forgetPages('n', 'person');
  window.add('n', hit(100));
  expect(window.settle(Infinity).map(({ verdict }) => verdict)).toEqual(['scanner']);
  expect(window.size).toBe(0);
});
