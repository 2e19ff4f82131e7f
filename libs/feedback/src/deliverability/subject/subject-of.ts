import type { Publication } from '#audience/publication/publication.service.js';
import type { TransportOutside } from '#delivery/transports/transport-settings.js';
import type { DeliverabilitySubject } from '../check.js';
import { sendingAddresses } from './own-addresses.js';

/** Whether we speak TLS, by the setting; null: only if the server offers it. */
const IS_TLS = { tls: true, starttls: true, opportunistic: null, none: false } as const;

/** What the settings of an installation are, as far as receivers see them. */
export interface Installation {
  publication: Pick<Publication, 'senderEmail' | 'baseUrl'>;
  transports: readonly TransportOutside[];
  /** `BOUNCE_ADDRESS` */
  bounceAddress: string | null;
  /** Public addresses of this machine. */
  addresses: readonly string[];
}

/** What is to be checked, but for the link that is tried. */
export function subjectOf({
  publication,
  transports,
  bounceAddress,
  addresses,
}: Installation): Omit<DeliverabilitySubject, 'listUnsubscribeUrl'> {
  // Transports that sign with the same key are one line.
  const keys = new Map(
    transports
      .flatMap(({ dkim }) => dkim)
      .map((key) => [`${key.selector} ${key.domain} ${key.publicKey}`, key]),
  );
  return {
    fromDomain: domainOf(publication.senderEmail),
    dkim: [...keys.values()],
    bounceDomain: bounceAddress === null ? null : domainOf(bounceAddress),
    baseUrl: publication.baseUrl,
    transportHosts: transports.map(({ name, host, security }) => ({
      name,
      host,
      addresses: sendingAddresses(host, addresses),
      isTls: IS_TLS[security],
    })),
  };
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);
