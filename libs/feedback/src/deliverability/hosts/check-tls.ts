import type { Check, TransportSubject } from '../check.js';
import { isLoopback } from '../dns/near-by.js';
import { txtRecord } from '../dns/names.js';
import type { Resolver } from '../dns/resolver.js';

/** Whether we speak TLS with a transport. */
export function checkTransportTls({ name, host, isTls }: TransportSubject): Check {
  if (!isTls && isLoopback(host)) {
    return {
      check: 'tls_transport',
      about: name,
      state: 'ok',
      found: `${host}: no TLS`,
      publish: 'nothing',
      why: 'What we hand over does not leave this machine on its way to the server.',
    };
  }
  return {
    check: 'tls_transport',
    about: name,
    state: isTls ? 'ok' : 'fail',
    found: `${host}: ${isTls ? 'TLS' : 'no TLS'}`,
    publish: isTls ? 'nothing' : `smtps://${host} or STARTTLS in the transport's settings`,
    why: isTls
      ? 'What we hand over is encrypted on its way.'
      : 'Mail and password go over the wire in the clear, and Gmail asks bulk senders for TLS.',
  };
}

interface TlsRecordKind {
  check: 'mta_sts' | 'tls_rpt';
  prefix: string;
  version: RegExp;
  publish: (domain: string) => string;
  missing: string;
}

/** RFC 8461 §3.1, RFC 8460 §3. */
const KINDS: TlsRecordKind[] = [
  {
    check: 'mta_sts',
    prefix: '_mta-sts',
    version: /^v=STSv1[ \t]{0,20};/,
    publish: () => 'v=STSv1; id=1',
    missing:
      'Nothing tells senders to insist on TLS when bounces and answers come in; it needs a policy at mta-sts.<domain> too, and is good to have, not asked for.',
  },
  {
    check: 'tls_rpt',
    prefix: '_smtp._tls',
    version: /^v=TLSRPTv1[ \t]{0,20};/,
    publish: (domain) => `v=TLSRPTv1; rua=mailto:tls@${domain}`,
    missing:
      'Nobody reports when mail to this domain cannot be encrypted; it is good to have, not asked for.',
  },
];

/**
 * What a domain that takes mail says of TLS.
 * @throws DnsFailure
 */
export async function checkTlsRecords(domain: string, resolver: Resolver): Promise<Check[]> {
  return Promise.all(KINDS.map((kind) => checkKind(kind, domain, resolver)));
}

async function checkKind(kind: TlsRecordKind, domain: string, resolver: Resolver): Promise<Check> {
  const about = `${kind.prefix}.${domain}`;
  const records = (await resolver.txt(about)).filter((text) => kind.version.test(text)).sort();
  const [record] = records;
  const line = { check: kind.check, about, found: records.join(' | ') || 'no record' } as const;
  if (record !== undefined && records.length === 1) {
    return { ...line, state: 'ok', publish: txtRecord(about, record), why: 'The record is published.' };
  }
  return {
    ...line,
    state: 'warn',
    publish: txtRecord(about, record ?? kind.publish(domain)),
    why:
      record === undefined ? kind.missing : 'There are several records, and senders then use none of them.',
  };
}
