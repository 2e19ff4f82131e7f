import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { DomainError } from '#kernel/errors/errors.js';
import { dmarcXml, zipOf } from './fixtures.js';
import { readDmarcReport } from './read-dmarc-report.js';
import { readTlsReport } from './read-tls-report.js';

const TLS = JSON.stringify({
  'organization-name': 'Mail Example',
  'date-range': { 'start-datetime': '2026-11-24T00:00:00Z', 'end-datetime': '2026-11-24T23:59:59Z' },
  'report-id': '1',
  policies: [{ policy: { 'policy-type': 'sts' }, 'failure-details': [{ 'result-type': 'x' }] }],
});
const SEEDS = [
  Buffer.from(dmarcXml()),
  gzipSync(dmarcXml()),
  zipOf([{ name: 'a.xml', text: dmarcXml() }]),
  Buffer.from(TLS),
  gzipSync(TLS),
  zipOf([{ name: 'a.json', text: TLS }], true),
];

/** A seed with some octets changed, and perhaps cut off. */
const damaged = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
    fc.option(fc.nat(), { freq: 3 }),
  )
  .map(([seed, changes, cut]) => {
    const copy = Buffer.from(seed);
    for (const [at, octet] of changes) copy[at % copy.length] = octet;
    return cut === null ? copy : copy.subarray(0, cut % copy.length);
  });

describe.each([
  ['readDmarcReport', readDmarcReport],
  ['readTlsReport', readTlsReport],
])('%s', (_, read) => {
  it('reads what is damaged, or says in a DomainError that it cannot', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), (content) => {
        try {
          read(content, '', '');
        } catch (error) {
          if (!(error instanceof DomainError) || error.status >= 500) throw error;
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
