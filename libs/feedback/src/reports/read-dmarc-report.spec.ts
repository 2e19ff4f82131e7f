import { gzipSync } from 'node:zlib';
import { DomainError } from '#kernel/errors/errors.js';
import { dmarcRecord, dmarcXml } from './fixtures.js';
import { readDmarcReport } from './read-dmarc-report.js';

const read = (xml: string | Uint8Array) =>
  readDmarcReport(typeof xml === 'string' ? Buffer.from(xml) : xml, 'application/gzip', 'report.xml.gz');

function faultOf(xml: string): unknown {
  try {
    read(xml);
  } catch (error) {
    return error instanceof DomainError ? [error.code, error.extra?.fault] : error;
  }
  return 'none';
}

describe('readDmarcReport', () => {
  it('reads a report by RFC 7489', () => {
    expect(read(gzipSync(dmarcXml()))).toEqual({
      org: 'mail.example',
      email: 'dmarc@mail.example',
      contact: null,
      reportId: 'r-1',
      from: new Date('2025-11-25T00:00:00Z'),
      to: new Date('2025-11-25T23:59:59Z'),
      errors: [],
      generator: null,
      policy: {
        domain: 'example.org',
        p: 'none',
        sp: 'reject',
        np: null,
        adkim: 'r',
        aspf: 's',
        pct: 50,
        fo: null,
        isTesting: false,
        discovery: null,
      },
      rows: [
        {
          sourceIp: '192.0.2.7',
          count: 3,
          disposition: 'none',
          dkim: 'pass',
          spf: 'fail',
          reasons: [],
          headerFrom: 'example.org',
          envelopeFrom: null,
          envelopeTo: null,
          signatures: [{ domain: 'example.org', selector: 'news', result: 'pass' }],
          returnPaths: [{ domain: 'relay.example', scope: null, result: 'fail' }],
        },
      ],
      leftOut: { rows: 0, messages: 0 },
    });
  });

  it('reads what RFC 9990 adds', () => {
    const report = read(
      dmarcXml({
        root: 'feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0" xmlns:ext="https://ext.example"',
        metadata: `<org_name>mail.example</org_name><email>d@mail.example</email><report_id>&lt;9@x&gt;</report_id>
          <date_range><begin>1764028800</begin><end>1764115199</end></date_range>
          <error>two records</error><error>rua is no address</error><generator>Reporter 1.2</generator>`,
        policy: `<domain>example.org</domain><discovery_method>treewalk</discovery_method><p>reject</p><np>reject</np>
          <fo>1</fo><testing>y</testing>`,
        records: `<extension><ext:record>1</ext:record></extension><record>
          <row><source_ip>2001:DB8::1</source_ip><count>1</count><policy_evaluated><disposition>pass</disposition>
            <dkim>fail</dkim><spf>pass</spf>
            <reason><type>mailing_list</type><comment>list.example</comment></reason><reason><type>other</type></reason>
          </policy_evaluated></row>
          <identifiers><header_from>example.org</header_from><envelope_from/><envelope_to>mail.example</envelope_to></identifiers>
          <auth_results><spf><domain>example.org</domain><scope>mfrom</scope><result>pass</result></spf></auth_results>
          <ext:arc>none</ext:arc>
        </record>`,
      }),
    );
    expect(report).toMatchObject({
      reportId: '<9@x>',
      errors: ['two records', 'rua is no address'],
      generator: 'Reporter 1.2',
      policy: { p: 'reject', np: 'reject', fo: '1', isTesting: true, discovery: 'treewalk', pct: null },
      rows: [
        {
          sourceIp: '2001:db8::1',
          disposition: 'pass',
          envelopeFrom: '',
          envelopeTo: 'mail.example',
          reasons: [
            { type: 'mailing_list', comment: 'list.example' },
            { type: 'other', comment: null },
          ],
          signatures: [],
          returnPaths: [{ domain: 'example.org', scope: 'mfrom', result: 'pass' }],
        },
      ],
    });
  });

  it.each<[string, string | Uint8Array]>([
    ['a byte order mark', `\ufeff${dmarcXml()}`],
    ['blank lines before it', `\n\n${dmarcXml({ head: '' })}`],
    ['a namespace with a prefix', dmarcXml().replaceAll(/<(\/?)([a-z_]+)>/g, '<$1d:$2>')],
    ['the namespace of RFC 7489', dmarcXml({ root: 'feedback xmlns="http://dmarc.org/dmarc-xml/0.1"' })],
    ['capitals', dmarcXml().replaceAll('pass', 'Pass').replace('<feedback>', '<Feedback>')],
    ['UTF-16', Buffer.from(`\ufeff${dmarcXml({ head: '' })}`, 'utf16le')],
    ['UTF-16 in words only', dmarcXml({ head: '<?xml version="1.0" encoding="utf-16"?>' })],
    ['an encoding that is none', dmarcXml({ head: '<?xml version="1.0" encoding="klingon"?>' })],
    ['a schema around it', `<xs:schema xmlns:xs="http://x.example">${dmarcXml({ head: '' })}</xs:schema>`],
    ['an address that is an element', dmarcXml().replace('dmarc@mail.example', '<dmarc@mail.example>')],
    ['an end that is missing', dmarcXml().replace('</feedback>', '')],
    ['identities', dmarcXml().replaceAll('identifiers', 'identities')],
    ['a mapped address', dmarcXml({ records: dmarcRecord({ ip: '::ffff:192.0.2.7' }) })],
    ['spaces', dmarcXml({ records: dmarcRecord({ ip: ' 192.0.2.7\n', count: ' 3 ' }) })],
    ['a fraction of a second', dmarcXml().replace('1764028800', '1764028800.0')],
    ['a date', dmarcXml().replace('1764028800', '2025-11-25 00:00:00')],
    ['a date with its zone', dmarcXml().replace('1764028800', '2025-11-25T01:00:00+01:00')],
    ['a comment', dmarcXml().replace('<record>', '<!-- <record> --><record>')],
  ])('reads %s', (_, xml) => {
    const report = read(xml);
    expect(report).toMatchObject({ org: 'mail.example', from: new Date('2025-11-25T00:00:00Z') });
    expect(report.rows).toMatchObject([
      { sourceIp: '192.0.2.7', count: 3, dkim: 'pass', headerFrom: 'example.org' },
    ]);
  });

  it('reads the charset that the declaration names', () => {
    const head = '<?xml version="1.0" encoding="ISO-8859-1"?>';
    const xml = dmarcXml({ head }).replace('mail.example<', 'Müller<');
    expect(read(Buffer.from(xml, 'latin1')).org).toBe('Müller');
  });

  it('keeps 10,000 rows and counts the others', () => {
    const report = read(dmarcXml({ records: dmarcRecord({ count: '2' }).repeat(10_005) }));
    expect(report.rows).toHaveLength(10_000);
    expect(report.leftOut).toEqual({ rows: 5, messages: 10 });
  });

  it.each([
    ['no address', { ip: 'localhost' }],
    ['an address that is too long', { ip: '1'.repeat(500) }],
    ['a count below nothing', { count: '-1' }],
    ['no count', { count: '' }],
    ['a count that is none', { count: '1e9' }],
  ])('leaves a row out that has %s', (_, row) => {
    const report = read(dmarcXml({ records: dmarcRecord(row) + dmarcRecord() }));
    expect([report.rows.length, report.leftOut.rows]).toEqual([1, 1]);
  });

  it('takes at most 100 signatures of a row', () => {
    const signature = '<dkim><domain>a.example</domain><result>pass</result></dkim>';
    const records = dmarcRecord().replace('<auth_results>', `<auth_results>${signature.repeat(900)}`);
    expect(read(dmarcXml({ records })).rows[0]?.signatures).toHaveLength(100);
  });

  it.each([
    ['HTML', '<html><body>Report</body></html>', 'not_a_report'],
    ['nothing', '', 'not_a_report'],
    ['JSON', '{"policies": []}', 'not_a_report'],
    ['no org', dmarcXml({ metadata: '<report_id>1</report_id>' }), 'damaged'],
    ['no id', dmarcXml().replace('r-1', ''), 'damaged'],
    ['no time', dmarcXml().replace('1764028800', 'soon'), 'damaged'],
    ['a time that never comes', dmarcXml().replace('1764028800', '176402880000'), 'damaged'],
    ['no domain', dmarcXml({ policy: '<p>none</p>' }), 'damaged'],
    ['entities of its own', `<!DOCTYPE feedback [<!ENTITY a "aaaa">]>${dmarcXml({ head: '' })}`, 'damaged'],
    ['too deep a nest', dmarcXml({ records: '<a>'.repeat(200) }), 'damaged'],
  ])('refuses %s', (_, xml, fault) => expect(faultOf(xml)).toEqual(['malformed', fault]));

  it('knows no entity but XML’s own', () => {
    const xml = dmarcXml().replace('mail.example<', 'a &amp; b &#65; &euro;<');
    expect(read(xml).org).toBe('a & b A &euro;');
  });

  it('reads 30 MB within some seconds', () => {
    const xml = Buffer.from(dmarcXml({ records: dmarcRecord().repeat(45_000) }));
    const begun = performance.now();
    expect(read(gzipSync(xml)).leftOut.rows).toBe(35_000);
    expect(performance.now() - begun).toBeLessThan(8_000);
  });
});
