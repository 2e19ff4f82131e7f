import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Publication } from '#audience/publication/publication.service.js';
import { Config } from '#kernel/config/config.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { domainOf } from '#kernel/message-id.js';
import {
  deliveryToken,
  idBytes,
  macOf,
  mailToken,
  readToken,
  type AddressToken,
  type AddressUse,
} from './address-token.js';
import { mayAskForReports } from './report-alignment.js';

const PURPOSE = 'return path';

/** What an address names, see {@link AddressToken}. */
export type Returned = AddressToken;

/** Where complaints about a message come to (RFC 9477), and what names it in them. */
export interface ComplaintAddress {
  address: string;
  feedbackId: string;
}

/** The addresses that a message has of its own. */
export interface MessageAddresses {
  /** The envelope's sender (RFC 5321 §3.3). */
  returnPath: string;
  /** Where a mail of the reader's ends what it is of; null: nothing could be received. */
  leave: string | null;
  /** Null: nothing could be received, or it is not signed as it must be. */
  complaint: ComplaintAddress | null;
}

type Sender = Pick<Publication, 'senderEmail'>;

/**
 * The addresses at which something comes back. With `BOUNCE_ADDRESS` each message has a return path of its own (VERP):
 * `bounces+TOKEN@news.example.org`; and once mail for it is received, `bounces+uTOKEN@…` to leave by and `bounces+cTOKEN@…` for
 * complaints. A token is signed, names a delivery or a single mail, is the same whenever that is sent again, and is good for its one use.
 * In base32 of lower case, since many servers do not keep the case of what they return. Layout: address-token.ts.
 */
@Injectable()
export class ReturnPaths {
  private readonly local: string;
  private readonly domain: string;
  private readonly isReceived: boolean;

  constructor(
    private readonly keyring: Keyring,
    private readonly config: Config,
  ) {
    const { bounceAddress, feedback } = config;
    const at = bounceAddress?.lastIndexOf('@') ?? -1;
    this.local = bounceAddress?.slice(0, at) ?? '';
    this.domain = bounceAddress?.slice(at + 1) ?? '';
    this.isReceived = this.domain !== '' && (feedback.smtpPort !== null || feedback.imapUrl !== null);
  }

  /** For a message that is in no ledger: a test of a transport. */
  plain({ senderEmail }: Sender): string {
    return this.config.bounceAddress ?? senderEmail;
  }

  /**
   * Of one edition to one reader. One HMAC, whatever of it is used.
   * @param isReportable whether it is signed so that complaints may be asked for, by {@link mayReport}
   */
  ofDelivery(
    { senderEmail }: Sender,
    editionId: string,
    subscriberId: string,
    isReportable = false,
  ): MessageAddresses {
    if (this.domain === '') return { returnPath: senderEmail, leave: null, complaint: null };
    const edition = idBytes(editionId);
    const digest = digestOf(this.key, idBytes(subscriberId), edition);
    const token = (use: AddressUse) => deliveryToken(use, subscriberId, edition, digest);
    const { isReceived } = this;
    return {
      returnPath: this.address(token('return')),
      leave: isReceived ? this.address(token('leave')) : null,
      complaint: isReceived && isReportable ? this.forComplaints(token('complaint')) : null,
    };
  }

  /** Of a single mail, which is of no list. */
  ofMail({ senderEmail }: Sender, mailId: string, isReportable = false): MessageAddresses {
    if (this.domain === '') return { returnPath: senderEmail, leave: null, complaint: null };
    const digest = digestOf(this.key, idBytes(mailId));
    const isAsked = this.isReceived && isReportable;
    return {
      returnPath: this.address(mailToken('return', mailId, digest)),
      leave: null,
      complaint: isAsked ? this.forComplaints(mailToken('complaint', mailId, digest)) : null,
    };
  }

  /** Whether complaints about mail from this sender may be asked for. @param signedBy the domains that sign it */
  mayReport({ senderEmail }: Sender, signedBy: readonly string[]): boolean {
    return this.isReceived && mayAskForReports(domainOf(senderEmail), this.domain, signedBy);
  }

  /** Whether an address is the bounce address, bare or with what may be a token. */
  isOurs(address: string): boolean {
    const extension = this.extensionOf(address);
    return extension !== undefined && (extension === '' || readToken(extension) !== null);
  }

  /** What an address of ours names, whatever its case; null: it is none, or its token is not. */
  read(address: string): Returned | null {
    return this.readFeedbackId(this.extensionOf(address) ?? '');
  }

  /** The same of a `CFBL-Feedback-ID`: the token alone. White space in it says nothing (RFC 9477 §5.2). */
  readFeedbackId(text: string): Returned | null {
    const token = readToken(text.replace(/\s+/g, ''));
    if (token?.of !== 'mail') return token;
    return this.proved(token, idBytes(token.mailId)) ? token : null;
  }

  /** Whether what {@link read} found was made for this edition. */
  proves(token: Returned & { of: 'delivery' }, editionId: string): boolean {
    const edition = idBytes(editionId);
    if (!edition.toString('hex').endsWith(token.tail)) return false;
    return this.proved(token, idBytes(token.subscriberId), edition);
  }

  private get key(): Buffer {
    return this.keyring.key(PURPOSE) as Buffer;
  }

  /** By any of the secrets: mail comes back when they were changed, too. */
  private proved({ use, mac }: Returned, ...ids: Buffer[]): boolean {
    return this.keyring.keys(PURPOSE).some((key) => timingSafeEqual(macOf(use, digestOf(key, ...ids)), mac));
  }

  private address(token: string): string {
    return `${this.local}+${token}@${this.domain}`;
  }

  private forComplaints(token: string): ComplaintAddress {
    return { address: this.address(token), feedbackId: token };
  }

  /** @returns what is after the `+` of the bounce address; undefined: it is not that */
  private extensionOf(address: string): string | undefined {
    const at = address.lastIndexOf('@');
    if (this.domain === '' || address.slice(at + 1).toLowerCase() !== this.domain.toLowerCase())
      return undefined;
    const [name = '', ...rest] = address.slice(0, at).split('+');
    if (name.toLowerCase() !== this.local.toLowerCase()) return undefined;
    return rest.join('+');
  }
}

function digestOf(key: Buffer, ...ids: Buffer[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const id of ids) hmac.update(id);
  return hmac.digest();
}
