import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { eventsOf, hookProvider } from '../../hook.js';
import { readJson } from '../../payload/json.js';
import { isIssuedBy, readCertificates, type FetchCertificate } from '../../proof/certificates.js';
import { readSns, type SnsRules } from '../../proof/sns.js';
import { topicsSetting } from '../../settings.js';
import { scalewayEvents } from './scaleway-events.js';
import { SCALEWAY_ROOT } from './scaleway-root.js';

/** What signs is issued by an authority of Scaleway's; the certificates between are published at this name, beside it. */
const TRUST_CHAIN = 'sns-trust-chain.pem';

function scalewaySns(root: X509Certificate, fetchCertificate: FetchCertificate, now: Date): SnsRules {
  return {
    certificateUrl:
      /^https:\/\/messaging\.s3\.[a-z]{2}-[a-z]{3}\.scw\.cloud\/[a-z]{2}-[a-z]{3}\/sns\/[A-Za-z0-9_-]{1,200}\.(?:crt|pem)$/,
    confirmUrl: /^https:\/\/sns\.mnq\.[a-z]{2}-[a-z]{3}\.scaleway\.com\/[\x21-\x7e]{0,2000}$/,
    // A message that is sent again keeps its time; for how long it is tried is not documented. Others allow as much.
    maxAgeMs: 8 * 3_600_000,
    async isTrusted(certificate, others, url) {
      if (isIssuedBy(root, certificate, others, now)) return true;
      const chain = await fetchCertificate(new URL(TRUST_CHAIN, url).href);
      return isIssuedBy(root, certificate, [...others, ...readCertificates(chain)], now);
    },
  };
}

const rootSetting = z
  .string()
  .max(10_000)
  .refine((pem) => readCertificates(pem).length === 1, 'must be one certificate, in PEM')
  .describe("Scaleway's root certificate, should it change. Default: the one that is valid until June 2032.");

/** Scaleway Transactional Email, through Topics and Events, which speaks as SNS does. https://www.scaleway.com/en/docs/topics-and-events/reference-content/verifying-webhooks/ */
export const scaleway = hookProvider({
  name: 'scaleway',
  settings: z.strictObject({ topics: topicsSetting, rootCertificate: rootSetting.optional() }),
  async read(request, { topics, rootCertificate }, fetchCertificate) {
    const rules = scalewaySns(
      new X509Certificate(rootCertificate ?? SCALEWAY_ROOT),
      fetchCertificate,
      request.now,
    );
    const message = await readSns(request, topics, rules, fetchCertificate);
    return message.is === 'notification'
      ? eventsOf(scalewayEvents(readJson(message.text), message), message.id)
      : message;
  },
});
