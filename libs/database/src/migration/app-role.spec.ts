import { grantsFor, type Relation } from './app-role.js';

const table = (name: string, privileges: string[] = [], schema = 'public'): Relation => ({
  schema,
  name,
  kind: 'table',
  privileges,
});

describe('grantsFor', () => {
  it.each([
    [
      'a table',
      table('subscriber'),
      'GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE "public"."subscriber" TO "app"',
    ],
    ['the ledger', table('consent'), 'GRANT INSERT, SELECT ON TABLE "public"."consent" TO "app"'],
    ['the audit', table('audit_entry'), 'GRANT INSERT, SELECT ON TABLE "public"."audit_entry" TO "app"'],
    ['the list of migrations', table('__m', [], 'drizzle'), 'GRANT SELECT ON TABLE "drizzle"."__m" TO "app"'],
    [
      "a table of the queue's",
      table('job', [], 'bullmq'),
      'GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE "bullmq"."job" TO "app"',
    ],
    [
      "a sequence of the queue's",
      { ...table('job_seq', [], 'bullmq'), kind: 'sequence' as const },
      'GRANT USAGE ON SEQUENCE "bullmq"."job_seq" TO "app"',
    ],
  ])('gives what it needs of %s', (_what, relation, grant) => {
    expect(grantsFor([relation], 'app')).toEqual([
      expect.stringMatching(/^REVOKE ALL ON .* FROM "app"$/),
      grant,
    ]);
  });

  it('takes away what is too much', () => {
    expect(grantsFor([table('consent', ['DELETE', 'INSERT', 'SELECT', 'UPDATE'])], 'app')).toHaveLength(2);
    const sequence: Relation = { ...table('__m_seq', ['USAGE'], 'drizzle'), kind: 'sequence' };
    expect(grantsFor([sequence], 'app')).toEqual(['REVOKE ALL ON SEQUENCE "drizzle"."__m_seq" FROM "app"']);
  });

  it('does nothing where all is as it should be', () => {
    expect(
      grantsFor(
        [table('consent', ['INSERT', 'SELECT']), table('topic', ['DELETE', 'INSERT', 'SELECT', 'UPDATE'])],
        'app',
      ),
    ).toEqual([]);
  });

  it('quotes names', () => {
    expect(grantsFor([table('a"b')], 'the "app"')[1]).toMatch(/ON TABLE "public"."a""b" TO "the ""app"""$/);
  });
});
