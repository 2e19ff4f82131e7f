import { Departures, type DepartureGroup } from './departures.js';

const group = (rows: string[], overrides: Partial<DepartureGroup<string>> = {}): DepartureGroup<string> => ({
  rows,
  firstInMs: 0,
  everyMs: 0,
  atOneTime: 100,
  ...overrides,
});
const never = () => false;

/** Lets rows leave and arrive at once. @returns each with the time it left, in ms after the start */
async function timesOf(departures: Departures<string>, start = performance.now()) {
  const left: { row: string; at: number }[] = [];
  for (let row = await departures.next(never); row; row = await departures.next(never)) {
    left.push({ row, at: performance.now() - start });
    departures.arrived(row);
  }
  return left;
}

describe('departures', () => {
  it('lets all leave at once when nothing is limited, each once and in order', async () => {
    const rows = ['a', 'b', 'c'];
    expect((await timesOf(new Departures([group(rows)]))).map(({ row }) => row)).toEqual(rows);
  });

  it('keeps the time between rows of a group, and does not hold up the others', async () => {
    const times = await timesOf(
      new Departures([group(['slow1', 'slow2', 'slow3'], { everyMs: 60 }), group(['free1', 'free2'])]),
    );
    const at = (row: string) => times.find((one) => one.row === row)?.at ?? NaN;
    expect(at('slow2')).toBeGreaterThanOrEqual(58); // a timer may be early by a millisecond, never by more
    expect(at('slow3')).toBeGreaterThanOrEqual(118);
    expect(times.findIndex(({ row }) => row === 'free2')).toBeLessThan(
      times.findIndex(({ row }) => row === 'slow2'),
    );
  });

  it("keeps the transport's timetable over all groups", async () => {
    const departures = new Departures([group(['a', 'b']), group(['c'])], { firstInMs: 40, everyMs: 40 });
    const times = (await timesOf(departures)).map(({ at }) => at);
    expect(times).toHaveLength(3);
    for (const [i, at] of times.entries()) expect(at).toBeGreaterThanOrEqual(40 * (i + 1) - 2);
  });

  it('lets no more of a group be on their way than there is room', async () => {
    const departures = new Departures([group(['a', 'b'], { atOneTime: 1 })]);
    const first = await departures.next(never);
    let second: string | undefined;
    const waiting = departures.next(never).then((row) => (second = row));
    await new Promise(setImmediate);
    expect(second).toBeUndefined();
    departures.arrived(first as string);
    await waiting;
    expect(second).toBe('b');
  });

  it('gives a row that was put back again', async () => {
    const departures = new Departures([group(['a', 'b'])]);
    const row = (await departures.next(never)) as string;
    departures.putBack(row);
    expect(departures.waiting).toBe(2);
    expect(await departures.next(never)).toBe(row);
  });

  it('dismisses some of what waits, and nothing else', async () => {
    const departures = new Departures([group(['a', 'b', 'c']), group(['z'])]);
    const row = (await departures.next(never)) as string;
    expect(departures.dismiss((one) => one < 'z').sort()).toEqual(['b', 'c']);
    departures.arrived(row);
    expect(await departures.next(never)).toBe('z');
  });

  it('ends when it is over, however long a row would have to wait', async () => {
    let over = false;
    const departures = new Departures([group(['a'], { firstInMs: 3_600_000 })]);
    const next = departures.next(() => over);
    over = true;
    expect(await next).toBeUndefined();
    expect(departures.waiting).toBe(1);
  });
});
