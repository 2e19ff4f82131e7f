import { ClickTally } from './click-tally.js';
import { HitWindow, type JudgedHit, type LinkHit } from './hit-window.js';

/** A generator of its own, so that a run can be repeated (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface SimulatedHit {
  at: number;
  network: string;
  client: string;
  /** A link; -1, -2: a page that acts for one reader. */
  number: number;
  kind: 'open' | 'machine' | 'page';
  /** Whose it is in truth. */
  who: { type: 'person' | 'burst' | 'head'; id: number };
}

const EDITION = '01990000-0000-7000-8000-000000000001';
const HOURS = 6 * 3_600_000;

/** An edition's clicks of six hours. */
function simulate(seed: number): SimulatedHit[] {
  const random = seeded(seed);
  const between = (from: number, to: number) => from + random() * (to - from);
  const whole = (from: number, to: number) => Math.floor(between(from, to + 1));
  /** Exponential: most readers come soon, some hours later. */
  const later = (mean: number) => -Math.log(1 - random()) * mean;
  const hits: SimulatedHit[] = [];
  const LINKS = 14;
  let id = 0;

  const person = (network: string, client: string) => {
    const who = { type: 'person' as const, id: id++ };
    let at = Math.min(later(2_400_000) + between(5_000, 30_000), HOURS);
    for (let left = whole(1, 4); left > 0; left--) {
      // The first stories are read the most.
      const number = Math.floor(LINKS * random() ** 2);
      const press = { network, client, number, kind: 'open' as const, who };
      hits.push({ ...press, at });
      if (random() < 0.06) hits.push({ ...press, at: at + between(80, 450) }); // a double click
      if (random() < 0.04) hits.push({ ...press, at: at + between(500, 4_000) }); // loaded again
      at += between(4_000, 180_000);
    }
  };
  for (let n = 0; n < 6_000; n++) person(`home ${n}`, `home ${n}`);
  // Offices behind one address, with the same browser.
  for (let n = 0; n < 60; n++) for (let k = whole(5, 40); k > 0; k--) person(`office ${n}`, `office ${n}`);
  // Carriers: some addresses, few kinds of telephones.
  for (let n = 0; n < 4; n++) {
    for (let k = 0; k < 300; k++) person(`carrier ${n}`, `carrier ${n} ${whole(0, 30)}`);
  }

  // Gateways. Of 836 bursts that are known 0.5 % began within ten seconds of sending; the median after 43.
  for (let n = 0; n < 836; n++) {
    const who = { type: 'burst' as const, id: id++ };
    const begin = random() < 0.005 ? between(0, 10_000) : 10_000 + later(33_000 / Math.LN2);
    const span = between(100, 3_000);
    // Most have their own networks; some stand in an office.
    const network = random() < 0.05 ? `office ${whole(0, 59)}` : `gateway ${whole(0, 120)}`;
    const addresses = whole(1, 4);
    const wanted = Array.from({ length: whole(2, LINKS) }, (_, number) => number);
    // Nine of ten open all that is linked, the reader's pages too.
    if (random() < 0.9) wanted.push(-1, -2);
    wanted.forEach((number, at) => {
      hits.push({
        at: begin + (span * at) / Math.max(1, wanted.length - 1),
        network,
        client: `${network} machine ${whole(1, addresses)}`,
        number,
        kind: number < 0 ? 'page' : 'open',
        who,
      });
    });
  }
  // Scanners of a single link.
  for (let n = 0; n < 400; n++) {
    const network = `probe ${n % 50}`;
    const who = { type: 'head' as const, id: id++ };
    const probe = { network, client: network, number: whole(0, LINKS - 1), who };
    const at = later(60_000);
    hits.push({ ...probe, at, kind: 'machine' });
    if (random() < 0.5) hits.push({ ...probe, at: at + between(50, 600), kind: 'open' });
  }
  return hits.sort((a, b) => a.at - b.at);
}

/** Runs them through the window as a process does, storing every two seconds. */
function run(hits: readonly SimulatedHit[]): { judged: JudgedHit[]; of: Map<LinkHit['at'], SimulatedHit[]> } {
  const window = new HitWindow();
  const judged: JudgedHit[] = [];
  const of = new Map<number, SimulatedHit[]>();
  let settledAt = 0;
  for (const hit of hits) {
    for (; settledAt + 2_000 <= hit.at; settledAt += 2_000) judged.push(...window.settle(settledAt + 2_000));
    const { at, client, number, network, kind } = hit;
    if (kind === 'page') window.addPage(network, { at, client, number });
    else {
      window.add(network, { editionId: EDITION, at, client, number, kind });
      of.set(at, [...(of.get(at) ?? []), hit]);
    }
  }
  judged.push(...window.settle(Infinity));
  return { judged, of };
}

describe.each([1, 2, 3])('a simulated edition (seed %d)', (seed) => {
  const hits = simulate(seed);
  const { judged, of } = run(hits);
  const truthOf = ({ at, client, number }: JudgedHit) =>
    of.get(at)!.find((hit) => hit.client === client && hit.number === number)!.who;

  it('has each hit judged once', () => {
    expect(judged).toHaveLength(hits.filter(({ kind }) => kind !== 'page').length);
  });

  it('finds 99 % of the bursts, and loses 0.5 % of the people at most', () => {
    const found = new Map<string, { type: string; scanner: number; person: number }>();
    for (const hit of judged) {
      const { type, id } = truthOf(hit);
      const tally = found.get(`${type} ${id}`) ?? { type, scanner: 0, person: 0 };
      tally[hit.verdict]++;
      found.set(`${type} ${id}`, tally);
    }
    const all = [...found.values()];
    const bursts = all.filter(({ type }) => type === 'burst');
    const people = all.filter(({ type }) => type === 'person');
    const heads = all.filter(({ type }) => type === 'head');
    const recalled = bursts.filter(({ person }) => person === 0).length / bursts.length;
    const lost = people.filter(({ person }) => person === 0).length / people.length;
    const clicks = people.reduce((sum, { scanner, person }) => sum + scanner + person, 0);
    const lostClicks = people.reduce((sum, { scanner }) => sum + scanner, 0) / clicks;
    const probes = heads.filter(({ person }) => person === 0).length / heads.length;
    const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
    process.stdout.write(
      `clicks, seed ${seed}: of ${bursts.length} bursts ${percent(recalled)} found, of ${heads.length} probes ${percent(probes)}; ` +
        `of ${people.length} people ${percent(lost)} lost, of their ${clicks} clicks ${percent(lostClicks)}\n`,
    );
    expect(recalled).toBeGreaterThanOrEqual(0.99);
    expect(probes).toBeGreaterThanOrEqual(0.99);
    expect(lost).toBeLessThanOrEqual(0.005);
    expect(lostClicks).toBeLessThanOrEqual(0.005);
  });

  it('counts who has an address to themselves once', () => {
    const tally = new ClickTally();
    const atHome = judged.filter(({ client }) => client.startsWith('home'));
    tally.add(atHome);
    const { editions } = tally.take();
    const people = editions.reduce((sum, hour) => sum + hour.people, 0);
    expect(people).toBe(
      new Set(atHome.filter(({ verdict }) => verdict === 'person').map(({ client }) => client)).size,
    );
    expect(Math.abs(people - 6_000)).toBeLessThanOrEqual(30);
  });
});
