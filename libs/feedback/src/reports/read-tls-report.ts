import { jsonShape } from '#kernel/input/json-shape.js';
import { reportError } from './report-error.js';
import type { TlsFailure, TlsPolicyResult, TlsReport } from './tls-report.js';
import { unpackReport } from './unpack.js';

const MAX_POLICIES = 1_000;
const MAX_FAILURES = 10_000;
const MAX_LINES = 100;
const MAX_TEXT = 1_000;
/** What JSON.parse may be given: a report of 10,000 failures has a tenth of it. */
const MAX_SHAPE = { members: 1_000_000, depth: 20 };

type Members = Record<string, unknown>;

/**
 * Reads a TLS report: gzip, zip or plain JSON. Pure, and made for foreign input: run it in a process that may be ended.
 * @param contentType and `filename`, as the mail says: only told in errors, for they cannot be relied on
 * @throws DomainError `too_large` (over 10 MB, or 50 MB unpacked, or a bomb), `malformed`, `unsupported_media_type`;
 * `extra.fault` says it closer
 */
export function readTlsReport(content: Uint8Array, contentType: string, filename: string): TlsReport {
  const report = parse(unpackReport(content));
  if (!isObject(report) || !(Array.isArray(report.policies) || isObject(report['date-range']))) {
    throw reportError('not_a_report', `No TLS report: ${filename || contentType}.`);
  }
  const range = objectOf(report['date-range']);
  const listed = listOf(report.policies).filter(isObject);
  const contact = textOf(report['contact-info']);
  const room = { failures: MAX_FAILURES, leftOut: Math.max(0, listed.length - MAX_POLICIES) };
  return {
    org: textOf(report['organization-name']) ?? contact?.split('@').at(-1) ?? missing('organization-name'),
    contact,
    reportId: textOf(report['report-id']) ?? missing('report-id'),
    from: instantOf(range, 'start-datetime'),
    to: instantOf(range, 'end-datetime'),
    policies: listed.slice(0, MAX_POLICIES).map((policy) => policyOf(policy, room)),
    leftOut: room.leftOut,
  };
}

function parse(octets: Uint8Array): unknown {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const shape = jsonShape(buffer, MAX_SHAPE);
  if (shape.members > MAX_SHAPE.members || shape.depth > MAX_SHAPE.depth) {
    throw reportError('too_large', 'The TLS report has too many parts, or nests too deeply.');
  }
  try {
    return JSON.parse(new TextDecoder().decode(buffer));
  } catch (error) {
    throw reportError('damaged', 'The TLS report is no JSON.', error);
  }
}

function policyOf(result: Members, room: { failures: number; leftOut: number }): TlsPolicyResult {
  const policy = objectOf(result.policy);
  const summary = objectOf(result.summary);
  const failures = listOf(result['failure-details']).filter(isObject);
  const taken = failures.slice(0, room.failures);
  room.failures -= taken.length;
  room.leftOut += failures.length - taken.length;
  return {
    type: textOf(policy['policy-type']) ?? 'no-policy-found',
    domain: textOf(policy['policy-domain'])?.toLowerCase() ?? null,
    policy: textsOf(policy['policy-string']),
    // RFC 8460 §4.2 has `mx-host` in its text and `mx-host-pattern` in its grammar.
    mxHosts: textsOf(policy['mx-host'] ?? policy['mx-host-pattern']),
    successful: countOf(summary['total-successful-session-count']),
    failed: countOf(summary['total-failure-session-count']),
    failures: taken.map(failureOf),
  };
}

function failureOf(failure: Members): TlsFailure {
  return {
    type: textOf(failure['result-type']) ?? 'validation-failure',
    count: countOf(failure['failed-session-count']),
    sendingIp: textOf(failure['sending-mta-ip']),
    receivingIp: textOf(failure['receiving-ip']),
    receivingHost: textOf(failure['receiving-mx-hostname']),
    receivingHelo: textOf(failure['receiving-mx-helo']),
    reasonCode: textOf(failure['failure-reason-code']),
    moreInformation: textOf(failure['additional-information'] ?? failure['additional-info-uri']),
  };
}

function missing(name: string): never {
  throw reportError('damaged', `The TLS report has no usable ${name}.`);
}

function instantOf(range: Members, name: string): Date {
  const at = Date.parse(textOf(range[name]) ?? '');
  return Number.isNaN(at) ? missing(name) : new Date(at);
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Members => (isObject(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** '' is as good as nothing: several reporters write every member. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.trim().slice(0, MAX_TEXT) || null : null;
}

/** Several reporters write a single text where the standard has a list. */
function textsOf(value: unknown): string[] {
  return (typeof value === 'string' ? [value] : listOf(value))
    .slice(0, MAX_LINES)
    .map(textOf)
    .filter((text) => text !== null);
}

function countOf(value: unknown): number {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}
