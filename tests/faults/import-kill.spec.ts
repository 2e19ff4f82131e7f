import { startApp, type AppProcess } from '../support/app-process.js';
import { eventually } from '../support/wait-for.js';
import { LONG } from './faults.harness.js';

const LINES = LONG ? 200_000 : 4_000;
const KILLS = LONG ? 30 : 3;

interface Import {
  status: string;
  lines: number;
  counts: { made: number; updated: number; skipped: number; failed: number };
}

describe('a process that dies in the middle of an import', () => {
  let app: AppProcess;
  beforeAll(async () => {
    app = await startApp({ env: { LEASE_SECONDS: '5', LOG_LEVEL: 'warn' } });
  }, 120_000);
  afterAll(() => app.stop());

  it(
    'leaves no line out and takes none in twice, killed again and again',
    async () => {
      const lines = Array.from({ length: LINES }, (_, n) =>
        n % 100 === 50 ? `nobody ${n},x` : `r${n}@example.org,Reader ${n}`,
      );
      const body = ['email,name', ...lines].join('\n');
      const uploaded = await app.fetch('/api/v1/imports?name=big.csv', {
        method: 'POST',
        headers: { Authorization: `Bearer ${app.apiKey}`, 'Content-Type': 'text/csv' },
        body,
      });
      expect(uploaded.status).toBe(201);
      const { id } = (await uploaded.json()) as { id: string };
      const look = async () => (await app.api<Import>('GET', `/imports/${id}`)).body;
      const consent = { source: 'The form of the old site', terms: 'accepted' };
      expect(await app.api('POST', `/imports/${id}/start`, { consent })).toMatchObject({ status: 202 });
      const seen: number[] = [];
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const from = seen.at(-1) ?? 0;
        const { lines: done, status } = await eventually(
          async () => {
            const now = await look();
            if (now.status === 'running' && now.lines <= from) throw new Error('not a batch further');
            return now;
          },
          { timeoutMs: 60_000 },
        );
        seen.push(done);
        if (status !== 'running') break;
        await app.restart('SIGKILL');
      }
      const done = await eventually(
        async () => {
          const now = await look();
          if (now.status === 'running') throw new Error(`at line ${now.lines}`);
          return now;
        },
        { timeoutMs: 120_000 },
      );
      const bad = LINES / 100;
      // Nobody is `updated`: that would be a line that was written twice.
      expect(done).toMatchObject({
        status: 'done',
        lines: LINES,
        counts: { made: LINES - bad, updated: 0, skipped: 0, failed: bad },
      });
      const csv = await app.fetch(`/api/v1/imports/${id}/errors`, {
        headers: { Authorization: `Bearer ${app.apiKey}` },
      });
      expect((await csv.text()).trim().split('\r\n')).toHaveLength(bad + 1);
      const proof = await app.api<{ rows: number; ok: boolean }>('GET', '/consents/verify');
      expect(proof.body).toMatchObject({ ok: true, rows: LINES - bad });
      console.log(`killed ${seen.length} times, at lines ${seen.join(', ')}`);
    },
    LONG ? 1_800_000 : 240_000,
  );
});
