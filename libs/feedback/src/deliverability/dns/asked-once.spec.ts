import { askedOnce } from './asked-once.js';
import { zoneResolver } from './fixtures.js';

const LONG = 60_000;
const silent = () => new Promise<never>(() => undefined);
const SILENT = { txt: silent, a: silent, aaaa: silent, mx: silent, ptr: silent };

describe('askedOnce', () => {
  it('asks a question once, and of each type for itself', async () => {
    const resolver = zoneResolver({ 'example.org': { A: ['192.0.2.1'] } });
    const dns = askedOnce(resolver, { questionMs: LONG, wholeMs: LONG });
    const answers = [dns.a('example.org'), dns.a('example.org'), dns.aaaa('example.org')];
    expect(await Promise.all(answers)).toEqual([['192.0.2.1'], ['192.0.2.1'], []]);
    expect(resolver.asked).toEqual(['A example.org', 'AAAA example.org']);
  });

  it.each([
    ['one question', { questionMs: 5, wholeMs: LONG }],
    ['all', { questionMs: LONG, wholeMs: 5 }],
  ])('gives up when the time of %s is over', async (_, limits) => {
    await expect(askedOnce(SILENT, limits).mx('example.org')).rejects.toMatchObject({
      question: 'MX example.org',
      reason: 'ENOTIME',
    });
  });

  it('asks nothing any more when all time is over', async () => {
    const resolver = zoneResolver({});
    const dns = askedOnce(resolver, { questionMs: LONG, wholeMs: 0 });
    await expect(dns.txt('example.org')).rejects.toMatchObject({ reason: 'ENOTIME' });
    expect(resolver.asked).toEqual([]);
  });
});
