import type { Check } from '../check.js';
import { reversed } from '../dns/names.js';
import { DnsFailure, type Resolver } from '../dns/resolver.js';

/** Lists answer so to who may not ask: public resolvers, and who asks too much. */
const REFUSALS = /^127\.(?:255\.255\.\d{1,3}|0\.0\.1)$/;
/** RFC 5782 §2.1. */
const LISTED = /^127\./;

/**
 * Whether an address that we send from stands on a DNS block list (RFC 5782).
 * @param zone `zen.spamhaus.example`
 * @throws DnsFailure
 */
export async function checkBlockList(address: string, zone: string, resolver: Resolver): Promise<Check> {
  const name = `${reversed(address)}.${zone}`;
  const answers = (await resolver.a(name)).sort();
  const line = {
    check: 'block_list',
    about: `${address} at ${zone}`,
    found: answers.join(', ') || 'not listed',
  } as const;
  if (answers.length === 0) {
    return { ...line, state: 'ok', publish: 'nothing', why: 'The list does not know the address.' };
  }
  if (answers.some((answer) => REFUSALS.test(answer)) || !answers.every((answer) => LISTED.test(answer))) {
    return {
      ...line,
      state: 'unknown',
      publish: 'nothing; ask the list through a resolver of your own',
      why: 'The list does not answer this resolver: most refuse public ones.',
    };
  }
  const reason = await reasonOf(name, resolver);
  return {
    ...line,
    state: 'fail',
    found: [...answers, ...reason].join(', '),
    publish: `nothing; ask ${zone} to take ${address} off, once the cause is found`,
    why: 'Receivers that use this list refuse mail from this address.',
  };
}

async function reasonOf(name: string, resolver: Resolver): Promise<string[]> {
  try {
    return (await resolver.txt(name)).sort();
  } catch (error) {
    if (error instanceof DnsFailure) return []; // the reason is a courtesy
    throw error;
  }
}
