import { elapsedSince, Lease, renewEveryMs, readClocks } from './lease.js';

const LEASE_MS = 60_000;

/** As if it had been asked for so long ago, by one clock or the other. */
const ago = (ms: number, clocks: 'both' | 'monotonic' | 'wall' = 'both') => {
  const { monotonic, wall } = readClocks();
  return {
    monotonic: clocks === 'wall' ? monotonic : monotonic - ms,
    wall: clocks === 'monotonic' ? wall : wall - ms,
  };
};

describe('elapsedSince', () => {
  it.each(['both', 'monotonic', 'wall'] as const)(
    'believes whichever clock has gone further: %s',
    (clocks) => {
      expect(elapsedSince(ago(5_000, clocks))).toBeGreaterThanOrEqual(4_999);
    },
  );
});

describe('Lease', () => {
  it('holds until shortly before its end, so that no message outlives it', () => {
    expect(new Lease(ago(0), LEASE_MS).holds).toBe(true);
    expect(new Lease(ago(LEASE_MS - 11_000), LEASE_MS).holds).toBe(true);
    expect(new Lease(ago(LEASE_MS - 10_000), LEASE_MS).holds).toBe(false);
    expect(new Lease(ago(LEASE_MS, 'wall'), LEASE_MS).holds).toBe(false); // a suspended machine
    expect(new Lease(ago(LEASE_MS, 'monotonic'), LEASE_MS).holds).toBe(false); // a clock set back
  });

  it('is to be renewed several times before that, and counts from when that was asked', () => {
    const lease = new Lease(ago(renewEveryMs(LEASE_MS)), LEASE_MS);
    expect(lease.isToBeRenewed).toBe(true);
    lease.renewed(ago(1_000));
    expect(lease.isToBeRenewed).toBe(false);
    lease.renewed(ago(LEASE_MS));
    expect(lease.holds).toBe(false);
    expect(renewEveryMs(LEASE_MS) * 3).toBeLessThan(LEASE_MS - 10_000);
  });

  it('is lost for good when the database says so', () => {
    const lease = new Lease(ago(0), LEASE_MS);
    lease.lose();
    lease.renewed(ago(0));
    expect(lease.holds).toBe(false);
  });
});
