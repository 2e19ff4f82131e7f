import { isIP } from 'node:net';
import type { Check, TransportSubject } from '../check.js';
import { txtRecord } from '../dns/names.js';
import { isNearBy } from '../dns/near-by.js';
import { addressesOf, type Resolver } from '../dns/resolver.js';
import { evaluateSpf } from './evaluate-spf.js';
import { includeFor } from './relay-providers.js';
import type { SpfSurvey } from './spf-tree.js';
import { mechanismFor, withMechanisms } from './suggest-spf.js';

/**
 * Whether a record authorises what a transport sends from. Of a relay only its server's own addresses are known, from which
 * few send on: there the include that its provider asks for counts.
 * @throws DnsFailure
 */
export async function checkTransport(
  transport: TransportSubject,
  record: string,
  survey: SpfSurvey,
  resolver: Resolver,
): Promise<Check> {
  return transport.addresses === null
    ? checkRelay(transport, record, survey, resolver)
    : checkAddresses(transport, transport.addresses, record, survey);
}

function checkAddresses(
  { name }: TransportSubject,
  addresses: readonly string[],
  record: string,
  { tree }: SpfSurvey,
): Check {
  const verdicts = addresses.map((address) => ({ address, ...evaluateSpf(tree, address) }));
  const refused = verdicts.filter(({ result }) => result !== 'pass' && result !== 'unknown');
  const isUnknown = verdicts.length === 0 || verdicts.some(({ result }) => result === 'unknown');
  const mechanisms = refused.map(({ address }) => mechanismFor(address));
  return {
    check: 'spf_transport',
    about: name,
    state: refused.length > 0 ? 'fail' : isUnknown ? 'unknown' : 'ok',
    found:
      verdicts.map(({ address, result, by }) => `${address}: ${result} by ${by}`).join('; ') || 'no address',
    publish: txtRecord(tree.domain, withMechanisms(record, mechanisms)),
    why:
      refused.length > 0
        ? 'Mail from an address that the record does not authorise fails SPF.'
        : isUnknown
          ? 'The record decides by the message, which cannot be seen from here.'
          : 'The record authorises every address that this transport sends from.',
  };
}

async function checkRelay(
  { name, host }: TransportSubject,
  record: string,
  { tree, includes }: SpfSurvey,
  resolver: Resolver,
): Promise<Check> {
  const line = { check: 'spf_transport', about: name } as const;
  const include = includeFor(host);
  const here = txtRecord(tree.domain, record);
  if (include !== null && includes.includes(include)) {
    return {
      ...line,
      state: 'ok',
      found: `include:${include}`,
      publish: here,
      why: 'The record includes what the provider of this relay asks for.',
    };
  }
  if (include !== null) {
    return {
      ...line,
      state: 'warn',
      found: `no include:${include}; includes: ${includes.join(', ') || 'none'}`,
      publish: txtRecord(tree.domain, withMechanisms(record, [`include:${include}`])),
      why: 'The provider of this relay asks for this include, unless you have set up a return path of its own with it.',
    };
  }
  if (isNearBy(host)) {
    return {
      ...line,
      state: 'unknown',
      found: `${host}, which is of this machine or network`,
      publish: here,
      why: 'From which public address it sends on cannot be seen from here: the record must authorise that one.',
    };
  }
  const addresses = isIP(host) === 0 ? await addressesOf(resolver, host) : [host];
  const isPassed =
    addresses.length > 0 && addresses.every((address) => evaluateSpf(tree, address).result === 'pass');
  if (isPassed) {
    return {
      ...line,
      state: 'ok',
      found: `${host} (${[...addresses].sort().join(', ')}): pass`,
      publish: here,
      why: 'The record authorises the addresses of this server, from which it probably sends on.',
    };
  }
  return {
    ...line,
    state: includes.length > 0 ? 'unknown' : 'warn',
    found: `${host} (${[...addresses].sort().join(', ') || 'no address'}); includes: ${includes.join(', ') || 'none'}`,
    publish:
      includes.length > 0 ? here : txtRecord(tree.domain, withMechanisms(record, [mechanismFor(host)])),
    why: 'From which addresses this relay sends on cannot be seen from here: its provider says what to include.',
  };
}
