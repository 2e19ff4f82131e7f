import { readFileSync } from 'node:fs';
import { startApp, type AppProcess } from '../support/app-process.js';
import { eventually } from '../support/wait-for.js';

const LINES = process.env['IMPORT'] === 'long' ? 200_000 : 10_000;
/** What a batch of 500 and two pieces of a file come to, and what the heap may still hold of those before. */
const GROWTH_MB = 80;
const PATIENCE_MS = 1_200_000;

interface Import {
  id: string;
  status: string;
  counts: { made: number; failed: number };
  check: { counts: { made: number } } | null;
}

describe('an import of many', () => {
  let app: AppProcess;
  beforeAll(async () => {
    app = await startApp({ env: { LOG_LEVEL: 'warn' } });
  }, 120_000);
  afterAll(() => app.stop());

  const rssMb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1]) / 1024;

  const upload = async (from: number, lines: number) => {
    const rows = Array.from(
      { length: lines },
      (_, n) => `r${from + n}@example.org,Ann,Quay,"""VIP""",2023-04-21`,
    );
    const answer = await app.fetch('/api/v1/imports?name=many.csv', {
      method: 'POST',
      headers: { Authorization: `Bearer ${app.apiKey}`, 'Content-Type': 'text/csv' },
      body: ['email,first_name,last_name,tags,created_at', ...rows].join('\n'),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Import;
  };

  /** @returns the most memory that the process had meanwhile */
  const finished = async (id: string) => {
    let peak = rssMb();
    const last = await eventually(
      async () => {
        const { body } = await app.api<Import>('GET', `/imports/${id}`);
        peak = Math.max(peak, rssMb());
        return body.status === 'checking' || body.status === 'running' ? undefined : body;
      },
      { timeoutMs: PATIENCE_MS, everyMs: 200 },
    );
    return { peak, last };
  };
  const begin = async (id: string) => {
    const consent = { source: 'The form of the old site', terms: 'accepted' };
    const { status } = await app.api('POST', `/imports/${id}/start`, { consent });
    expect(status).toBe(202);
  };

  it(
    'takes no more memory than one of few',
    async () => {
      const few = await upload(0, 2_000); // warms the heap, the caches and the database
      await begin(few.id);
      await finished(few.id);
      const { id } = await upload(2_000, LINES);
      const before = rssMb();
      await app.api('POST', `/imports/${id}/check`);
      const dry = await finished(id);
      expect(dry.last).toMatchObject({ status: 'checked', check: { counts: { made: LINES } } });
      const began = Date.now();
      await begin(id);
      const { peak, last } = await finished(id);
      expect(last).toMatchObject({ status: 'done', counts: { made: LINES, failed: 0 } });
      const seconds = ((Date.now() - began) / 1_000).toFixed(1);
      console.log(
        `${LINES} lines in ${seconds} s: ${before.toFixed(0)} MB before, at most ${dry.peak.toFixed(0)} in the dry run, ${peak.toFixed(0)} in the import`,
      );
      expect(Math.max(peak, dry.peak) - before).toBeLessThan(GROWTH_MB);
    },
    2 * PATIENCE_MS,
  );
});
