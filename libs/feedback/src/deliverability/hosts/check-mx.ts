import { isIP } from 'node:net';
import type { Check } from '../check.js';
import { addressesOf, type Resolver } from '../dns/resolver.js';

export type MailDomainUse = 'sender' | 'return_path';

/** What is lost when nothing takes mail there. */
const LOST: Record<MailDomainUse, string> = {
  sender: 'Answers of readers come back, and many receivers refuse mail from a domain that takes none.',
  return_path:
    'Bounce mails are lost, so dead addresses are mailed on, and many receivers refuse such a sender.',
};

/**
 * Whether a domain takes mail (RFC 5321 §5.1, RFC 7505): its MX, else its own addresses.
 * @throws DnsFailure
 */
export async function checkMx(domain: string, use: MailDomainUse, resolver: Resolver): Promise<Check> {
  const exchangers = (await resolver.mx(domain)).sort(
    (one, other) => one.preference - other.preference || (one.exchange < other.exchange ? -1 : 1),
  );
  const publish = `${domain}. IN MX 10 mail.${domain}.`;
  const found = exchangers.map(({ exchange, preference }) => `${preference} ${exchange || '.'}`).join(', ');
  const line = { check: 'mx', about: domain, found, publish } as const;
  if (exchangers.some(({ exchange }) => exchange === '')) {
    return {
      ...line,
      state: use === 'return_path' ? 'fail' : 'warn',
      why: `The domain says that it takes no mail (null MX). ${LOST[use]}`,
    };
  }
  if (exchangers.length === 0) return withoutMx(domain, use, resolver, publish);
  const hosts = await Promise.all(
    exchangers.map(async ({ exchange }) => ({
      exchange,
      isThere: isIP(exchange) === 0 && (await addressesOf(resolver, exchange)).length > 0,
    })),
  );
  const gone = hosts.filter(({ isThere }) => !isThere).map(({ exchange }) => exchange);
  if (gone.length === 0) {
    return {
      ...line,
      state: 'ok',
      publish: exchangers.map((one) => `${domain}. IN MX ${one.preference} ${one.exchange}.`).join('\n'),
      why: 'Mail servers take what comes for this domain.',
    };
  }
  return gone.length === hosts.length
    ? { ...line, state: 'fail', why: `No mail server of the domain has an address. ${LOST[use]}` }
    : {
        ...line,
        state: 'warn',
        publish: gone.map((host) => `${host}. IN A <the address of this server>`).join('\n'),
        why: `${gone.join(', ')} has no address, so some senders wait for nothing before they try another.`,
      };
}

async function withoutMx(
  domain: string,
  use: MailDomainUse,
  resolver: Resolver,
  publish: string,
): Promise<Check> {
  const addresses = (await addressesOf(resolver, domain)).sort();
  const line = { check: 'mx', about: domain, publish } as const;
  return addresses.length > 0
    ? {
        ...line,
        state: 'warn',
        found: 'no MX',
        why: `Without MX, mail goes to the domain's own address (${addresses.join(', ')}), where a web site often takes none.`,
      }
    : { ...line, state: 'fail', found: 'no MX and no address', why: LOST[use] };
}
