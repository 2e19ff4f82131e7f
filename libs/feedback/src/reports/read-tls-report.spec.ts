import { gzipSync } from 'node:zlib';
import { DomainError } from '#kernel/errors/errors.js';
import { zipOf } from './fixtures.js';
import { readTlsReport } from './read-tls-report.js';

const REPORT = {
  'organization-name': 'Mail Example',
  'date-range': { 'start-datetime': '2026-11-24T00:00:00Z', 'end-datetime': '2026-11-24T23:59:59Z' },
  'contact-info': 'tls@mail.example',
  'report-id': '2026-11-24_example.org',
  policies: [
    {
      policy: {
        'policy-type': 'sts',
        'policy-string': ['version: STSv1', 'mode: testing', 'mx: *.example.org'],
        'policy-domain': 'Example.org',
        'mx-host': ['*.example.org'],
      },
      summary: { 'total-successful-session-count': 40, 'total-failure-session-count': 3 },
      'failure-details': [
        {
          'result-type': 'certificate-expired',
          'sending-mta-ip': '2001:db8::7',
          'receiving-mx-hostname': 'mx1.example.org',
          'receiving-ip': '',
          'failed-session-count': 3,
          'additional-information': 'https://mail.example/tls',
          'failure-reason-code': 'X509_V_ERR_CERT_HAS_EXPIRED',
        },
      ],
    },
  ],
};
type Report = Record<string, unknown>;

const octets = (report: unknown) => Buffer.from(JSON.stringify(report));
const read = (content: Uint8Array) => readTlsReport(content, 'application/tlsrpt+gzip', 'report.json.gz');
const without = (name: string): Report =>
  Object.fromEntries(Object.entries(REPORT).filter(([key]) => key !== name));

function faultOf(content: Uint8Array): unknown {
  try {
    read(content);
  } catch (error) {
    return error instanceof DomainError ? [error.code, error.extra?.fault] : error;
  }
  return 'none';
}

describe('readTlsReport', () => {
  it.each([
    ['plain', octets(REPORT)],
    ['gzip', gzipSync(octets(REPORT))],
    ['zip', zipOf([{ name: 'report.json', text: JSON.stringify(REPORT) }])],
    ['with a byte order mark', Buffer.from(`\ufeff${JSON.stringify(REPORT)}`)],
  ])('reads a report, %s', (_, content) => {
    expect(read(content)).toEqual({
      org: 'Mail Example',
      contact: 'tls@mail.example',
      reportId: '2026-11-24_example.org',
      from: new Date('2026-11-24T00:00:00Z'),
      to: new Date('2026-11-24T23:59:59Z'),
      leftOut: 0,
      policies: [
        {
          type: 'sts',
          domain: 'example.org',
          policy: ['version: STSv1', 'mode: testing', 'mx: *.example.org'],
          mxHosts: ['*.example.org'],
          successful: 40,
          failed: 3,
          failures: [
            {
              type: 'certificate-expired',
              count: 3,
              sendingIp: '2001:db8::7',
              receivingIp: null,
              receivingHost: 'mx1.example.org',
              receivingHelo: null,
              reasonCode: 'X509_V_ERR_CERT_HAS_EXPIRED',
              moreInformation: 'https://mail.example/tls',
            },
          ],
        },
      ],
    });
  });

  it.each<[string, unknown]>([
    ['one text for a list', { policy: { 'policy-string': 'version: STSv1', 'mx-host': 'mx.example.org' } }],
    ['no details', { summary: { 'total-failure-session-count': '7' } }],
    ['nothing that it should be', { policy: 'sts', summary: [], 'failure-details': { a: 1 } }],
    ['counts below nothing', { summary: { 'total-failure-session-count': -1 } }],
  ])('takes a policy with %s', (_, policy) => {
    expect(read(octets({ ...REPORT, policies: [policy, null, 'x'] })).policies).toHaveLength(1);
  });

  it('reads a count that is a text, and none that is none', () => {
    const policies = [
      { summary: { 'total-failure-session-count': '7', 'total-successful-session-count': '1e3' } },
    ];
    expect(read(octets({ ...REPORT, policies })).policies[0]).toMatchObject({ failed: 7, successful: 0 });
  });

  it('keeps 10,000 failures and 1,000 policies, and counts the others', () => {
    const failing = { 'failure-details': Array.from({ length: 10_005 }, () => ({ 'result-type': 'x' })) };
    const report = read(
      octets({ ...REPORT, policies: [failing, ...Array.from({ length: 1_001 }, () => ({}))] }),
    );
    expect([report.policies.length, report.policies[0]?.failures.length, report.leftOut]).toEqual([
      1_000, 10_000, 7,
    ]);
  });

  it.each<[string, Uint8Array, string, string]>([
    ['no JSON', Buffer.from('<feedback/>'), 'malformed', 'damaged'],
    ['other JSON', octets({ a: 1 }), 'malformed', 'not_a_report'],
    ['a list', octets([REPORT]), 'malformed', 'not_a_report'],
    ['no id', octets(without('report-id')), 'malformed', 'damaged'],
    ['no time', octets(without('date-range')), 'malformed', 'damaged'],
    ['a nest', Buffer.from('['.repeat(5_000_000)), 'too_large', 'too_large'],
    ['too many parts', Buffer.from(`[${'1,'.repeat(1_100_000)}1]`), 'too_large', 'too_large'],
  ])('refuses %s', (_, content, code, fault) => expect(faultOf(content)).toEqual([code, fault]));

  it('names the reporter by its contact when it has no name', () => {
    expect(read(octets(without('organization-name'))).org).toBe('mail.example');
  });
});
