import { articleState, releasedAtOf, type Standing } from './article-state.js';

const at = (hour: number) => new Date(Date.UTC(2027, 0, 5, hour));
const NOW = at(12);
const standing = (more: Partial<Standing>): Standing => ({
  draft: false,
  publishedAt: at(9),
  embargoUntil: null,
  retractedAt: null,
  ...more,
});

it.each<[string, Partial<Standing>]>([
  ['published', {}],
  ['published', { publishedAt: NOW, embargoUntil: NOW }],
  ['scheduled', { publishedAt: at(13) }],
  ['embargoed', { embargoUntil: at(13) }],
  ['embargoed', { embargoUntil: at(13), publishedAt: at(14) }],
  ['draft', { draft: true, embargoUntil: at(13) }],
  ['retracted', { draft: true, retractedAt: at(10) }],
])('is %s: %j', (state, more) => {
  expect(articleState(standing(more), NOW)).toBe(state);
});

// Released at 8, by its times news since 10.
it.each<[string, Partial<Standing>, Partial<Standing>, number]>([
  ['nothing happens', {}, {}, 10],
  ['a draft is released', { draft: true }, {}, 12],
  ['a draft is released under embargo', { draft: true }, { embargoUntil: at(13) }, 12],
  ['a draft stays one', { draft: true }, { draft: true, publishedAt: at(7) }, 8],
  ['an embargo is lifted', { embargoUntil: at(13) }, {}, 12],
  ['an embargo that is over is taken away', { embargoUntil: at(10) }, {}, 10],
  ['an embargo is put on', {}, { embargoUntil: at(13) }, 10],
  ['its date is taken back to the past', { publishedAt: at(13) }, { publishedAt: at(9) }, 12],
  ['its date is moved further into the past', {}, { publishedAt: at(1) }, 10],
  ['it waits and is put off', { publishedAt: at(13) }, { publishedAt: at(14) }, 8],
  ['it is retracted', { retractedAt: at(11) }, { retractedAt: at(11) }, 8],
])('when %s', (_name, before, after, hour) => {
  const known = { ...standing(before), releasedAt: at(8), newsAt: at(10) };
  expect(releasedAtOf(known, standing(after), NOW)).toEqual(at(hour));
});
