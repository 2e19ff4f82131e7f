import { ClaimWatch } from './claim-watch.js';
import { readClocks, type ClockReading } from '../claims/lease.js';

const LEASE_MS = 60_000;
const forever = new AbortController().signal;

/** A ledger that answers as it is told; `looked` resolves with the next answer given. */
class Ledger {
  stopped = false;
  left: string[] = [];
  recalled: string[] = [];
  unmeasured: string[] = [];
  askedOf: readonly string[] | undefined;
  mine = true;
  renewals = 0;
  down = false;
  private waiting: (() => void)[] = [];

  looked(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
  findStopped = (_edition?: string, _token?: string, measured?: readonly string[]) => {
    this.askedOf = measured;
    for (const wake of this.waiting.splice(0)) setImmediate(wake);
    if (this.down) return Promise.reject(new Error('down'));
    const { stopped, left, recalled, unmeasured } = this;
    const ids = { subscriberIds: left, recalledIds: recalled, unmeasuredIds: unmeasured };
    return Promise.resolve({ editionStopped: stopped, ...ids });
  };
  renewLease = () => {
    this.renewals += 1;
    if (this.down) return this.findStopped().then(() => true);
    return Promise.resolve(this.mine);
  };
}

const ago = (ms: number): ClockReading => {
  const { monotonic, wall } = readClocks();
  return { monotonic: monotonic - ms, wall: wall - ms };
};

describe('ClaimWatch', () => {
  let ledger: Ledger;
  let watch: ClaimWatch;
  const start = (claimedAt = readClocks()) => {
    watch = new ClaimWatch(ledger, 'edition', 'token', claimedAt, LEASE_MS, ['a', 'b']);
    watch.start();
  };
  beforeEach(() => (ledger = new Ledger()));
  afterEach(() => watch.stop());

  it('lets begin what nothing forbids', async () => {
    start();
    expect(watch.mayBegin()).toBe(true);
    await ledger.looked();
    expect(watch.mayBegin()).toBe(true);
    expect(watch.mustSkip('a')).toBe(false);
    expect(ledger.renewals).toBe(0);
  });

  it('learns who is not measured any more, of those who were', async () => {
    start();
    expect(watch.isUnmeasured('a')).toBe(false);
    ledger.unmeasured = ['a'];
    await ledger.looked();
    expect(ledger.askedOf).toEqual(['a', 'b']);
    expect([watch.isUnmeasured('a'), watch.isUnmeasured('b')]).toEqual([true, false]);
    expect([watch.mustSkip('a'), watch.mustWait('a')]).toEqual([false, false]);
  });

  it('learns whose message has something in it that was taken back', async () => {
    start();
    ledger.recalled = ['a'];
    await ledger.looked();
    expect([watch.mustWait('a'), watch.mustSkip('a'), watch.mustWait('b')]).toEqual([true, false, false]);
    ledger.recalled = []; // put back in the meantime: the claim still has the old variant
    await ledger.looked();
    expect(watch.mustWait('a')).toBe(true);
  });

  it('learns who has left, and does not forget', async () => {
    start();
    ledger.left = ['a'];
    await ledger.looked();
    expect([watch.mustSkip('a'), watch.mustSkip('b')]).toEqual([true, false]);
    ledger.left = ['b'];
    await ledger.looked();
    expect([watch.mustSkip('a'), watch.mustSkip('b')]).toEqual([true, true]);
    expect(watch.mayBegin()).toBe(true);
  });

  it('learns that the edition has stopped', async () => {
    start();
    ledger.stopped = true;
    await ledger.looked();
    expect([watch.mayBegin(), watch.isOver]).toEqual([false, true]);
    expect(watch.holds).toBe(true); // what is on the wire may be completed
    await watch.fresh(forever); // nobody waits for better news
  });

  it('lets nothing begin on news of more than a second ago, and says when there is newer', async () => {
    start(ago(1_000));
    expect([watch.mayBegin(), watch.isOver]).toEqual([false, false]);
    await watch.fresh(forever);
    expect(watch.mayBegin()).toBe(true);
  });

  it('waits for fresh news no longer than its caller does', async () => {
    ledger.down = true;
    start(ago(1_000));
    const stopping = new AbortController();
    const waiting = watch.fresh(stopping.signal);
    await ledger.looked();
    stopping.abort();
    await waiting;
    expect(watch.mayBegin()).toBe(false);
  });

  it('renews its lease in time', async () => {
    start(ago(20_000));
    await ledger.looked();
    expect([ledger.renewals, watch.isOver]).toEqual([1, false]);
    await ledger.looked();
    expect(ledger.renewals).toBe(1);
  });

  it('is over when the lease is not ours any more', async () => {
    ledger.mine = false;
    start(ago(20_000));
    await ledger.looked();
    expect(watch.isOver).toBe(true);
  });

  it('is over when it was frozen for as long as a lease, whatever the ledger says then', () => {
    start(ago(LEASE_MS));
    expect([watch.mayBegin(), watch.isOver, watch.holds]).toEqual([false, true, false]);
  });

  it('outlives a database that does not answer', async () => {
    ledger.down = true;
    start(ago(20_000));
    await ledger.looked();
    ledger.down = false;
    await ledger.looked();
    await watch.fresh(forever);
    expect(watch.mayBegin()).toBe(true);
  });

  it('lets nothing begin once stopped', async () => {
    start();
    await watch.stop();
    expect(watch.mayBegin()).toBe(false);
  });
});
