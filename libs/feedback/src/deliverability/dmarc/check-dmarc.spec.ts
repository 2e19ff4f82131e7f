import type { Check } from '../check.js';
import { zoneResolver, type Zone } from '../dns/fixtures.js';
import { checkDmarc } from './check-dmarc.js';

type Lines = Record<string, Check>;

async function check(txt: string[], more: Zone = {}, from = 'example.org'): Promise<Lines> {
  const zone: Zone = { '_dmarc.example.org': { TXT: txt }, ...more };
  const lines = await checkDmarc(from, zoneResolver(zone));
  return Object.fromEntries(lines.map((line) => [line.check, line]));
}

describe('checkDmarc', () => {
  const good = 'v=DMARC1; p=reject; rua=mailto:dmarc@example.org';
  const at = (record: string) => `_dmarc.example.org. IN TXT "${record}"`;
  it.each<[string, string[], string, string, string, RegExp]>([
    ['a record', [good], 'dmarc', 'ok', at(good), /applies/],
    ['no record', ['other'], 'dmarc', 'fail', at('v=DMARC1; p=none; rua=mailto:dmarc@example.org'), /refuse/],
    [
      'what is nearly one',
      ['v=dmarc1 p=reject'],
      'dmarc',
      'fail',
      at('v=DMARC1; p=none; rua=mailto:dmarc@example.org'),
      /just these letters/,
    ],
    ['two records', [good, 'v=DMARC1; p=none'], 'dmarc', 'fail', at('v=DMARC1; p=none'), /several/],
    [
      'no policy',
      ['v=DMARC1'],
      'dmarc',
      'fail',
      at('v=DMARC1; p=none; rua=mailto:dmarc@example.org'),
      /no policy/,
    ],
    ['a mistake', [`${good}; adkim=x`], 'dmarc', 'warn', at(`${good}; adkim=x`), /adkim=x/],
    ['a policy', [good], 'dmarc_policy', 'ok', at(good), /stop/],
    ['none', ['v=DMARC1; p=none'], 'dmarc_policy', 'warn', at('v=DMARC1; p=quarantine'), /not stopped/],
    [
      'none, by a mistake',
      ['v=DMARC1; p=x; rua=mailto:a@example.org'],
      'dmarc_policy',
      'warn',
      at('v=DMARC1; p=quarantine; rua=mailto:a@example.org'),
      /not stopped/,
    ],
    [
      'none, and more below',
      ['v=DMARC1; sp=reject; p=none'],
      'dmarc_policy',
      'warn',
      at('v=DMARC1; p=quarantine; sp=reject'),
      /not stopped/,
    ],
    ['a test', ['v=DMARC1; p=reject; t=y'], 'dmarc_policy', 'warn', at('v=DMARC1; p=reject'), /test/],
    [
      'old tags',
      ['v=DMARC1; p=reject; pct=100; ri=86400'],
      'dmarc_tags',
      'warn',
      at('v=DMARC1; p=reject'),
      /9989/,
    ],
    ['pct=0', ['v=DMARC1; p=reject; pct=0'], 'dmarc_tags', 'warn', at('v=DMARC1; p=reject; t=y'), /9989/],
    ['no old tags', [good], 'dmarc_tags', 'ok', at(good), /in use/],
    ['a suffix', ['v=DMARC1; p=reject; psd=y'], 'dmarc_tags', 'warn', at('v=DMARC1; p=reject'), /suffix/],
    [
      'no reports',
      ['v=DMARC1; p=reject'],
      'dmarc_reports',
      'warn',
      at('v=DMARC1; p=reject; rua=mailto:dmarc@example.org'),
      /reports/,
    ],
    ['reports to us', [good], 'dmarc_reports', 'ok', at(good), /report to/],
    [
      'reports below us',
      ['v=DMARC1; p=reject; rua=mailto:a@in.example.org'],
      'dmarc_reports',
      'ok',
      at('v=DMARC1; p=reject; rua=mailto:a@in.example.org'),
      /report to/,
    ],
    [
      'reports to others',
      ['v=DMARC1; p=reject; rua=mailto:a@reports.example'],
      'dmarc_reports',
      'warn',
      'example.org._report._dmarc.reports.example. IN TXT "v=DMARC1"',
      /reports.example has not/,
    ],
    [
      'reports to others who agree',
      ['v=DMARC1; p=reject; rua=mailto:a@agreed.example'],
      'dmarc_reports',
      'ok',
      at('v=DMARC1; p=reject; rua=mailto:a@agreed.example'),
      /report to/,
    ],
    [
      'reports to some who do not',
      ['v=DMARC1; p=reject; rua=mailto:a@agreed.example,mailto:b@reports.example'],
      'dmarc_reports',
      'warn',
      'example.org._report._dmarc.reports.example. IN TXT "v=DMARC1"',
      /reports.example/,
    ],
  ])('%s', async (_, txt, name, state, publish, why) => {
    const lines = await check(txt, { 'example.org._report._dmarc.agreed.example': { TXT: ['v=DMARC1;'] } });
    expect(lines[name]).toMatchObject({ state, publish });
    expect(lines[name]?.why).toMatch(why);
  });

  it.each([
    ['v=DMARC1; p=reject', 'ok'],
    ['v=DMARC1; p=reject; sp=none', 'warn'],
    ['v=DMARC1; p=none; sp=quarantine', 'ok'],
  ])('applies %s to a name below: %s', async (record, state) => {
    const lines = await check([record], {}, 'news.example.org');
    expect(lines.dmarc).toMatchObject({ about: 'news.example.org', found: `_dmarc.example.org: ${record}` });
    expect(lines.dmarc_policy).toMatchObject({ state });
  });

  it('tells of several records of its own when another applies', async () => {
    const own = { '_dmarc.news.example.org': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] } };
    expect((await check([good], own, 'news.example.org')).dmarc).toMatchObject({ state: 'warn' });
  });

  it('knows the record when only who gets the reports is not known', async () => {
    const down: Zone = { 'example.org._report._dmarc.down.example': { TXT: 'ETIMEOUT' } };
    const lines = await check(['v=DMARC1; p=reject; rua=mailto:a@down.example'], down);
    expect([lines.dmarc?.state, lines.dmarc_reports?.state]).toEqual(['ok', 'unknown']);
  });
});
