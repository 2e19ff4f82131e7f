import type { Database } from './database.js';
import { inOneGo, prepared, preparedTransaction } from './prepared.js';

const database = { transaction: (work) => work({} as never) } satisfies Pick<Database, 'transaction'>;

test('what is needed is made outside, and the transaction run again', async () => {
  const events: string[] = [];
  const make = (what: string) => async () => {
    events.push(`make ${what}`);
    await Promise.resolve();
    return what;
  };
  const result = await preparedTransaction(database, async () => {
    events.push('begin');
    const both = (await prepared(['a'], make('a'))) + (await prepared(['b'], make('b')));
    events.push('commit');
    return both;
  });
  expect(result).toBe('ab');
  expect(events).toEqual(['begin', 'make a', 'begin', 'make b', 'begin', 'commit']);
});

test.each([
  ['embedded' as const, 2],
  ['postgres' as const, 1],
])('in one go, on %s it takes %d turns', async (kind, expected) => {
  let turns = 0;
  await inOneGo({ ...database, kind }, async () => {
    turns++;
    await prepared(['a'], () => Promise.resolve());
  });
  expect(turns).toBe(expected);
});

test('alone, it is made at once', async () => {
  expect(await prepared(['a'], () => Promise.resolve(1))).toBe(1);
});

test('what fails outside fails inside, where it can be caught', async () => {
  const result = preparedTransaction(database, () =>
    prepared(['a'], () => Promise.reject(new Error('wrong'))).catch((error: unknown) => {
      if ((error as Error).message === 'wrong') return 'caught';
      throw error;
    }),
  );
  expect(await result).toBe('caught');
});

test('what fails outside fails the whole; so does a transaction without end', async () => {
  const failing = preparedTransaction(database, () =>
    prepared(['a'], () => Promise.reject(new Error('wrong'))),
  );
  await expect(failing).rejects.toThrow('wrong');
  let turn = 0;
  await expect(
    preparedTransaction(database, () => prepared([turn++], () => Promise.resolve())),
  ).rejects.toThrow('each time');
});
