import { dmarcRecord, dmarcXml } from './fixtures.js';
import { readDmarcReport } from './read-dmarc-report.js';
import { sumBySource } from './sum-by-source.js';

const report = (id: string, org: string, records: string) =>
  readDmarcReport(
    Buffer.from(dmarcXml({ records }).replace('r-1', id).replace('>mail.example<', `>${org}<`)),
    'text/xml',
    'report.xml',
  );

describe('sumBySource', () => {
  const one = report(
    '1',
    'one.example',
    dmarcRecord({ ip: '192.0.2.1', count: '10' }) +
      dmarcRecord({ ip: '192.0.2.1', count: '4', dkim: 'fail', spf: 'pass' }) +
      dmarcRecord({ ip: '192.0.2.2', count: '1', dkim: 'fail' }).replace('>none<', '>reject<'),
  );
  const two = report('1', 'two.example', dmarcRecord({ ip: '192.0.2.2', count: '90', dkim: 'fail' }));

  it('sums up by address, the largest first, and by who reports', () => {
    expect(sumBySource([one, two])).toEqual([
      {
        sourceIp: '192.0.2.2',
        messages: 91,
        aligned: 0,
        failed: 91,
        alignedByDkim: 0,
        alignedBySpf: 0,
        refused: 1,
        reporters: [
          { org: 'two.example', messages: 90, aligned: 0, failed: 90 },
          { org: 'one.example', messages: 1, aligned: 0, failed: 1 },
        ],
      },
      {
        sourceIp: '192.0.2.1',
        messages: 14,
        aligned: 14,
        failed: 0,
        alignedByDkim: 10,
        alignedBySpf: 4,
        refused: 0,
        reporters: [{ org: 'one.example', messages: 14, aligned: 14, failed: 0 }],
      },
    ]);
  });

  it('counts a report once that comes twice', () => {
    expect(sumBySource([two, one, two])).toEqual(sumBySource([one, two]));
  });
});
