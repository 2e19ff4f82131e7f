import { isIP } from 'node:net';
import { recordName } from '#delivery/dkim/dkim-names.js';
import type { Check, CheckName, DeliverabilitySubject } from './check.js';
import { checkUnsubscribe, type Reach } from './check-unsubscribe.js';
import { checkDkimKey } from './dkim/check-dkim.js';
import { checkAlignment } from './dmarc/check-alignment.js';
import { checkDmarc } from './dmarc/check-dmarc.js';
import { askedOnce } from './dns/asked-once.js';
import { isNearBy } from './dns/near-by.js';
import { asciiDomain } from './dns/names.js';
import type { Resolver } from './dns/resolver.js';
import { checkBlockList } from './hosts/check-block-list.js';
import { checkMx } from './hosts/check-mx.js';
import { checkPtr } from './hosts/check-ptr.js';
import { checkTlsRecords, checkTransportTls } from './hosts/check-tls.js';
import { checkSpf } from './spf/check-spf.js';
import { answered, type Question } from './unanswered.js';

export interface DeliverabilitySettings {
  /** Zones of DNS block lists to ask, such as `zen.example.net`; none by default: most allow no commercial use. */
  blockLists?: readonly string[];
  /** null: the unsubscribe link is not tried. */
  reach?: Reach | null;
  /** For all questions to DNS together, and for each. Milliseconds. */
  limitMs?: number;
  questionMs?: number;
}

/** A request waits for it. Of a healthy domain all is known within a second. */
const LIMIT_MS = 20_000;
/** A server that is slow, asked twice by {@link nodeResolver}. */
const QUESTION_MS = 8_000;

/**
 * Looks from outside at what receivers judge our mail by. Where DNS does not answer a line is `unknown`, never `fail`.
 * @returns lines in the order of {@link CheckName}; never rejects because of DNS
 */
export async function checkDeliverability(
  subject: DeliverabilitySubject,
  resolver: Resolver,
  settings: DeliverabilitySettings = {},
): Promise<Check[]> {
  const { blockLists = [], reach = null, limitMs = LIMIT_MS, questionMs = QUESTION_MS } = settings;
  const dns = askedOnce(resolver, { questionMs, wholeMs: limitMs });
  const groups = await Promise.all(questions(subject, dns, { blockLists, reach }).map(answered));
  return groups.flat();
}

function questions(
  subject: DeliverabilitySubject,
  dns: Resolver,
  { blockLists, reach }: Required<Pick<DeliverabilitySettings, 'blockLists' | 'reach'>>,
): Question[] {
  const { dkim, bounceDomain, transportHosts } = subject;
  const fromDomain = asciiDomain(subject.fromDomain);
  const returnPathDomain = bounceDomain === null ? fromDomain : asciiDomain(bounceDomain);
  const one = (check: CheckName, about: string, ask: () => Promise<Check> | Check): Question => ({
    check,
    about,
    ask: async () => [await ask()],
  });
  const sending = transportHosts.flatMap(({ host, addresses }) =>
    (addresses ?? [])
      .filter((address) => isIP(address) !== 0)
      .map((address) => ({
        address,
        host: isIP(host) !== 0 || isNearBy(host) ? `mail.${fromDomain}` : host,
      })),
  );
  return [
    { check: 'spf', about: returnPathDomain, ask: () => checkSpf(returnPathDomain, transportHosts, dns) },
    ...(transportHosts.length === 0
      ? NO_TRANSPORT.map((line) => one(line.check, line.about, () => line))
      : []),
    ...dkim.map((key) =>
      one('dkim', recordName(key.selector, asciiDomain(key.domain)), () => checkDkimKey(key, dns)),
    ),
    { check: 'dmarc', about: fromDomain, ask: () => checkDmarc(fromDomain, dns) },
    {
      check: 'alignment_dkim',
      about: fromDomain,
      ask: () => checkAlignment({ fromDomain, returnPathDomain }, dkim, dns),
    },
    one('return_path', returnPathDomain, () => returnPath(bounceDomain, fromDomain)),
    one('mx', fromDomain, () => checkMx(fromDomain, 'sender', dns)),
    ...(returnPathDomain === fromDomain
      ? []
      : [one('mx', returnPathDomain, () => checkMx(returnPathDomain, 'return_path', dns))]),
    ...transportHosts.map((transport) =>
      one('tls_transport', transport.name, () => checkTransportTls(transport)),
    ),
    { check: 'mta_sts', about: returnPathDomain, ask: () => checkTlsRecords(returnPathDomain, dns) },
    ...sending.map(({ address, host }) => one('ptr', address, () => checkPtr(address, host, dns))),
    one('list_unsubscribe', subject.baseUrl, () => checkUnsubscribe(subject, reach)),
    ...sending.flatMap(({ address }) =>
      blockLists.map((zone) =>
        one('block_list', `${address} at ${zone}`, () => checkBlockList(address, zone, dns)),
      ),
    ),
  ];
}

/** What would be said of transports. */
const NO_TRANSPORT: Check[] = (['spf_transport', 'tls_transport', 'ptr'] as const).map((check) => ({
  check,
  about: 'transports',
  state: 'unknown',
  found: 'no transport that is enabled',
  publish: 'nothing; make a transport, or set SMTP_URL',
  why: 'No mail leaves at present, so from where it would leave is not known.',
}));

function returnPath(bounceDomain: string | null, fromDomain: string): Check {
  const isSet = bounceDomain !== null;
  return {
    check: 'return_path',
    about: bounceDomain ?? fromDomain,
    state: isSet ? 'ok' : 'warn',
    found: isSet ? `a return path for each message at ${bounceDomain}` : 'the address of the sender',
    publish: `BOUNCE_ADDRESS=bounces@${bounceDomain ?? fromDomain}`,
    why: isSet
      ? 'What comes back names the message that it is about.'
      : 'Bounce mails come to the sender and do not say which message they are about.',
  };
}
