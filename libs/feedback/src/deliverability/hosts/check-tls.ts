import type { Check, TransportSubject } from '../check.js';
import { isLoopback } from '../dns/near-by.js';
import { txtRecord } from '../dns/names.js';
import type { Resolver } from '../dns/resolver.js';

const WITHOUT_TLS = {
  never: {
    state: 'fail',
    said: 'no TLS',
    why: 'Mail and password go over the wire in the clear, and Gmail asks bulk senders for TLS.',
  },
  perhaps: {
    state: 'warn',
    said: 'TLS if it is offered',
    why: 'Whoever stands between can take the offer away, and mail then goes over the wire in the clear.',
  },
} as const;

/** Whether we speak TLS with a transport. */
export function checkTransportTls({ name, host, isTls }: TransportSubject): Check {
  const line = { check: 'tls_transport', about: name } as const;
  if (isTls) {
    return {
      ...line,
      state: 'ok',
      found: `${host}: TLS`,
      publish: 'nothing',
      why: 'What we hand over is encrypted on its way.',
    };
  }
  const { state, said, why } = WITHOUT_TLS[isTls === null ? 'perhaps' : 'never'];
  if (isLoopback(host)) {
    return {
      ...line,
      state: 'ok',
      found: `${host}: ${said}`,
      publish: 'nothing',
      why: 'What we hand over does not leave this machine on its way to the server.',
    };
  }
  const publish = `smtps://${host} or STARTTLS in the transport's settings`;
  return { ...line, state, found: `${host}: ${said}`, publish, why };
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
