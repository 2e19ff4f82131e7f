import { isIPv4 } from 'node:net';
import type { SpfNode, SpfTree } from './spf-tree.js';
import type { SpfQualifier } from './spf-record.js';

/** RFC 7208 §2.6, and `unknown`: it depends on the message. */
export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'unknown';

export interface SpfVerdict {
  result: SpfResult;
  /** The mechanism that decides, and what leads to it: `include:spf.example.net → ip4:192.0.2.0/24`. */
  by: string;
}

const RESULTS: Record<SpfQualifier, SpfResult> = {
  '+': 'pass',
  '-': 'fail',
  '~': 'softfail',
  '?': 'neutral',
};

/**
 * What a record says of an address (RFC 7208 §4.6, §5). A mechanism that depends on the message makes it `unknown`, unless
 * one after it lets the address pass.
 */
export function evaluateSpf(tree: SpfTree, address: string): SpfVerdict {
  let depending: SpfNode | undefined;
  for (const node of tree.nodes) {
    const verdict = verdictOf(node, address);
    if (verdict === 'depends') depending ??= node;
    else if (verdict) return depending && verdict.result !== 'pass' ? unknown(depending) : verdict;
  }
  if (depending) return unknown(depending);
  if (!tree.redirect) return { result: 'neutral', by: 'no mechanism' };
  const { result, by } = evaluateSpf(tree.redirect, address);
  return { result, by: `redirect=${tree.redirect.domain} → ${by}` };
}

const unknown = ({ term }: SpfNode): SpfVerdict => ({ result: 'unknown', by: term.text });

/** @returns null: it does not match */
function verdictOf(node: SpfNode, address: string): SpfVerdict | 'depends' | null {
  const { term, networks, include, depends } = node;
  const result = RESULTS[term.qualifier];
  if (term.mechanism === 'all') return { result, by: term.text };
  if (networks?.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')) return { result, by: term.text };
  if (depends) return 'depends';
  if (!include) return null;
  const inner = evaluateSpf(include, address);
  if (inner.result === 'unknown') return 'depends';
  return inner.result === 'pass' ? { result, by: `${term.text} → ${inner.by}` } : null;
}
