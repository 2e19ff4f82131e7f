import { PolicyGate } from './policy-gate.js';

const rows = ['a@rests.example', 'b@trial.example', 'c@trial.example', 'd@well.example'].map((email) => ({
  email,
}));
const [a, b, c, d] = rows;
const gate = (
  isGranted: boolean,
  resting = new Map([
    ['rests.example', 5_000],
    ['trial.example', 0],
  ]),
) =>
  new PolicyGate<{ email: string }>({
    resting: () => Promise.resolve(resting),
    takeTrial: () => Promise.resolve(isGranted),
  });

describe('what goes to domains that refused us', () => {
  it('waits while one rests; after it one message goes, on trial', async () => {
    const policy = gate(true);
    expect(await policy.admit(rows)).toEqual({
      admitted: [b, d],
      waiting: [
        { row: a, forMs: 5_000 },
        { row: c, forMs: 60_000 },
      ],
    });
    expect(rows.map((row) => policy.isOnTrial(row))).toEqual([false, true, false, false]);
  });

  it('waits too when somebody else has the message on trial', async () => {
    const policy = gate(false);
    const { admitted, waiting } = await policy.admit(rows);
    expect(admitted).toEqual([d]);
    expect(waiting.map(({ row }) => row)).toEqual([a, b, c]);
    expect(policy.isOnTrial(b!)).toBe(false);
  });

  it('goes when all are in good standing', async () => {
    expect(await gate(true, new Map()).admit(rows)).toEqual({ admitted: rows, waiting: [] });
  });
});
