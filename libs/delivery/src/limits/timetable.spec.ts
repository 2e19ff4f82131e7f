import { HORIZON_MS, placesOf } from './timetable.js';

describe('placesOf', () => {
  it('gives places at the rate, from now on', () => {
    expect(placesOf(-70_000, 10, 7)).toEqual({ granted: 7, firstInMs: 0, everyMs: 100, retryInMs: 0 });
  });

  it('gives no place beyond the horizon', () => {
    expect(placesOf(0, 10, 1_000).granted).toBe(HORIZON_MS / 100);
    expect(placesOf(HORIZON_MS - 1_000, 10, 1_000)).toMatchObject({
      granted: 10,
      firstInMs: HORIZON_MS - 1_000,
    });
  });

  it('says when to ask again when all are taken', () => {
    const { granted, retryInMs } = placesOf(HORIZON_MS + 1_000, 10, 5);
    expect(granted).toBe(0);
    expect(retryInMs).toBe(HORIZON_MS / 2 + 1_000);
  });

  it('gives a place now and then when the rate is less than one in a horizon', () => {
    expect(placesOf(-1, 0.1, 5)).toMatchObject({ granted: 1, firstInMs: 0 });
    expect(placesOf(9_000, 0.1, 5).granted).toBe(0);
  });
});
