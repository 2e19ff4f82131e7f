import { zoneResolver, type Zone } from '../dns/fixtures.js';
import { checkAlignment } from './check-alignment.js';

const zoneOf = (record: string | null): Zone =>
  record === null ? {} : { '_dmarc.example.org': { TXT: [record] } };
const RELAXED = 'v=DMARC1; p=reject';
const STRICT = 'v=DMARC1; p=reject; adkim=s; aspf=s';

describe('checkAlignment', () => {
  it.each<[string, string | null, string, string[], string, string[], string]>([
    ['the same', RELAXED, 'example.org', ['example.org'], 'example.org', ['ok'], 'ok'],
    ['the same, strict', STRICT, 'example.org', ['example.org'], 'example.org', ['ok'], 'ok'],
    ['of one organisation', RELAXED, 'news.example.org', ['example.org'], 'bounce.example.org', ['ok'], 'ok'],
    [
      'of one organisation, strict',
      STRICT,
      'news.example.org',
      ['example.org'],
      'news.example.org',
      ['warn'],
      'ok',
    ],
    [
      'of one organisation, both strict',
      STRICT,
      'news.example.org',
      ['example.org'],
      'example.org',
      ['fail'],
      'fail',
    ],
    ['another signs', RELAXED, 'example.org', ['relay.example'], 'example.org', ['warn'], 'ok'],
    [
      'another signs too',
      RELAXED,
      'example.org',
      ['relay.example', 'example.org'],
      'relay.example',
      ['warn', 'ok'],
      'warn',
    ],
    ['all are others', RELAXED, 'example.org', ['relay.example'], 'relay.example', ['fail'], 'fail'],
    ['nobody signs', RELAXED, 'example.org', [], 'example.org', ['unknown'], 'ok'],
    ['no record, the same', null, 'example.org', ['example.org'], 'example.org', ['ok'], 'ok'],
    ['no record, below', null, 'news.example.org', ['example.org'], 'news.example.org', ['warn'], 'ok'],
    [
      'capitals and punycode',
      RELAXED,
      'xn--bcher-kva.example',
      ['Bücher.example'],
      'xn--bcher-kva.example',
      ['ok'],
      'ok',
    ],
  ])('%s', async (_, record, fromDomain, domains, returnPathDomain, dkim, spf) => {
    const keys = domains.map((domain) => ({ domain, selector: 'news', publicKey: '' }));
    const lines = await checkAlignment({ fromDomain, returnPathDomain }, keys, zoneResolver(zoneOf(record)));
    const states = (name: string) => lines.filter(({ check }) => check === name).map(({ state }) => state);
    expect(states('alignment_dkim')).toEqual(dkim);
    expect(states('alignment_spf')).toEqual([spf]);
  });
});
