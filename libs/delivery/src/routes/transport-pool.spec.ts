import { inTurn } from './transport-pool.js';
import type { TransportSettings } from '../transports/transport-settings.js';
import type { Transport } from '../smtp/transport.js';
import { Route } from './route.js';

const route = (weight: number) =>
  new Route({ weight, domainRules: [], dkim: [] } as unknown as TransportSettings, {} as Transport);

/** A generator of the same numbers at each run (Park and Miller). */
function sameRandom(): () => number {
  let state = 42;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('inTurn', () => {
  it('puts each first as often as its weight says, and names all', () => {
    const routes = [route(1), route(3), route(6)];
    const random = sameRandom();
    const firsts = new Map(routes.map((one) => [one, 0]));
    for (let draw = 0; draw < 10_000; draw++) {
      const order = inTurn(routes, random);
      expect(new Set(order)).toEqual(new Set(routes));
      firsts.set(order[0]!, firsts.get(order[0]!)! + 1);
    }
    for (const [at, one] of routes.entries()) {
      // Five standard deviations of 10,000 draws are 250 at most.
      expect(Math.abs(firsts.get(one)! - [1_000, 3_000, 6_000][at]!)).toBeLessThan(250);
    }
  });

  it('puts those of weight 0 last', () => {
    const [spare, one, two] = [route(0), route(1), route(1)];
    for (let draw = 0; draw < 20; draw++) expect(inTurn([spare, one, two], Math.random)[2]).toBe(spare);
    expect(inTurn([spare], Math.random)).toEqual([spare]);
  });
});
