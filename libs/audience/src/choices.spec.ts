import type { DomainError } from '#kernel/errors.js';
import { changedWish, resolveWish, type Menu } from './choices.js';

const menu: Menu = {
  digests: [
    { id: 'd1', slug: 'daily', name: 'Daily', isDefault: true },
    { id: 'd2', slug: 'weekly', name: 'Weekly', isDefault: false },
  ],
  topics: [
    { id: 't1', slug: 'harbour', name: 'Harbour' },
    { id: 't2', slug: 'council', name: 'Council' },
  ],
};

describe('what was wished for', () => {
  it('is the defaults when no digest is named', () => {
    expect(resolveWish(menu, { topics: ['harbour', 't1', 'council'], cadence: 'weekly' })).toEqual({
      followsDefaults: true,
      choices: [{ digestId: 'd1', topics: ['t1', 't2'], cadence: 'weekly', hour: null }],
      purposes: ['newsletter', 'digest:daily'],
    });
  });

  it('is what is named, by id or slug', () => {
    expect(resolveWish(menu, { digests: ['d2', 'WEEKLY'] })).toMatchObject({
      followsDefaults: false,
      choices: [{ digestId: 'd2', topics: null, cadence: 'every' }],
    });
  });

  it('names each thing that does not exist', () => {
    const fields: unknown[] = [];
    try {
      resolveWish(menu, { digests: ['daily', 'nope'], topics: ['x'] });
    } catch (error) {
      fields.push(...((error as DomainError).errors ?? []).map(({ field, code }) => [field, code]));
    }
    expect(fields).toEqual([
      ['digests.1', 'unknown'],
      ['topics.0', 'unknown'],
    ]);
  });
});

describe('an operator’s change', () => {
  const own = { digestId: 'd2', topics: ['t1'], cadence: 'weekly' as const, hour: 7 };

  it('keeps the hour and cadence of a digest that stays', () => {
    const wish = changedWish(
      menu,
      { followsDefaults: false, choices: [own] },
      { digests: ['weekly', 'daily'] },
    );
    expect(wish.choices).toEqual([{ digestId: 'd1', topics: null, cadence: 'every', hour: null }, own]);
  });

  it('of topics alone keeps the digests', () => {
    const wish = changedWish(menu, { followsDefaults: false, choices: [own] }, { topics: ['council'] });
    expect(wish).toMatchObject({ followsDefaults: false, choices: [{ ...own, topics: ['t2'] }] });
  });

  it('to no digest at all is not the defaults', () => {
    expect(changedWish(menu, { followsDefaults: true, choices: [] }, { digests: null })).toMatchObject({
      followsDefaults: false,
      choices: [],
    });
  });
});
