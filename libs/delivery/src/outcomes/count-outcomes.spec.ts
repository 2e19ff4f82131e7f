import { countedInArticles, type OutcomeOfArticles } from './count-outcomes.js';

const ended = (status: OutcomeOfArticles['outcome']['status'], tried: boolean, ...articleIds: string[]) => ({
  outcome: { status, tried },
  articleIds,
});

describe('countedInArticles', () => {
  it('counts a mail for each of its articles', () => {
    expect(
      countedInArticles([
        ended('accepted', true, 'a', 'b'),
        ended('accepted', true, 'b'),
        ended('failed', true, 'b'),
        ended('queued', true, 'a'),
        ended('expired', true, 'a'),
        ended('expired', false, 'c'),
      ]),
    ).toEqual([
      { article_id: 'a', accepted: 1, deferred: 2, failed: 1 },
      { article_id: 'b', accepted: 2, failed: 1 },
      { article_id: 'c', failed: 1 },
    ]);
  });

  it.each([
    ['put off without a try', ended('queued', false, 'a')],
    ['suppressed', ended('suppressed', false, 'a')],
    ['in doubt', ended('uncertain', true, 'a')],
    ['without articles', ended('accepted', true)],
  ])('counts nothing that is %s', (_what, one) => {
    expect(countedInArticles([one])).toEqual([]);
  });

  it('cannot tell when it is not known what was in a mail, unless that does not count', () => {
    const unknown = (status: 'accepted' | 'queued') => ({ outcome: { status, tried: false } });
    expect(countedInArticles([ended('accepted', true, 'a'), unknown('accepted')])).toBeNull();
    expect(countedInArticles([ended('accepted', true, 'a'), unknown('queued')])).toEqual([
      { article_id: 'a', accepted: 1 },
    ]);
  });
});
