import type { X509Certificate } from 'node:crypto';
import { refused, type HookReading, type HookRequest } from '../hook.js';
import { readJson } from '../payload/json.js';
import { readCertificates, isValidAt, type FetchCertificate } from './certificates.js';
import { isFresh } from './freshness.js';
import { headerOf } from './headers.js';
import { isSignedBy, snsMessage } from './sns-message.js';

/** What differs between Amazon's SNS and those who speak as it does. */
export interface SnsRules {
  /** Where its certificates are. The whole URL: that is how two readers of a URL cannot disagree on its host. */
  certificateUrl: RegExp;
  /** Where a subscription is confirmed. */
  confirmUrl: RegExp;
  /** How long after its publication a message is still sent, milliseconds. */
  maxAgeMs: number;
  /**
   * Whether the signer's certificate may be believed, beyond coming from its URL and being valid now.
   * @param others what came with it
   * @throws when something more could not be fetched now
   */
  isTrusted(certificate: X509Certificate, others: X509Certificate[], url: string): boolean | Promise<boolean>;
}

/** A notification, verified. */
export interface SnsNotification {
  is: 'notification';
  id: string;
  /** When it was published. */
  at: Date;
  /** What the publisher wrote. */
  text: string;
}

/**
 * Verifies a message of SNS: its topic, its age, where its certificate is, the certificate, the signature; in that order, so that
 * nothing is fetched for a message that would be refused anyway.
 * @param topics ARNs
 */
export async function readSns(
  request: HookRequest,
  topics: string[],
  rules: SnsRules,
  fetchCertificate: FetchCertificate,
): Promise<SnsNotification | HookReading> {
  if (headerOf(request, 'x-amz-sns-rawdelivery') === 'true')
    return refused(
      'signature',
      'Raw message delivery is on for this subscription: its messages bear no signature. Turn it off.',
    );
  const parsed = snsMessage.safeParse(readJson(request.body));
  if (!parsed.success) return refused('shape', 'This is no message of SNS.');
  const message = parsed.data;
  if (!topics.includes(message.TopicArn)) return refused('topic', 'The topic is not in the settings.');
  const at = new Date(message.Timestamp);
  if (!isFresh(at, request.now, rules.maxAgeMs))
    return refused('stale', 'It was published too long ago, or in the future.');
  if (!rules.certificateUrl.test(message.SigningCertURL))
    return refused('signature', 'Its certificate is not where those of the provider are.');

  let certificate: X509Certificate | undefined;
  try {
    const [first, ...others] = readCertificates(await fetchCertificate(message.SigningCertURL));
    if (
      first &&
      isValidAt(first, request.now) &&
      (await rules.isTrusted(first, others, message.SigningCertURL))
    )
      certificate = first;
  } catch {
    return refused('certificate', "The signer's certificate could not be fetched.");
  }
  if (!certificate) return refused('signature', "The signer's certificate is not valid.");
  if (!isSignedBy(message, certificate.publicKey)) return refused('signature', 'The signature does not fit.');

  if (message.Type === 'SubscriptionConfirmation') {
    const confirmUrl = message.SubscribeURL ?? '';
    return rules.confirmUrl.test(confirmUrl)
      ? { is: 'subscription', confirmUrl }
      : refused('shape', 'The subscription is to be confirmed at another host than the provider’s.');
  }
  // What ends a subscription is told as an event of no kind, so that it is seen.
  const text = message.Type === 'UnsubscribeConfirmation' ? message.Type : message.Message;
  return { is: 'notification', id: message.MessageId, at, text };
}
