import { DomainError } from '#kernel/errors/errors.js';
import type { BodyForm, StampedMessage } from '#rendering/wire/plate.js';
import type { SendResult } from '../outcomes/send-result.js';
import type { OutgoingMessage } from './transport.js';

/**
 * Stamps a message. What can't be done for one reader (an address from old data that no header can hold) is a result;
 * what is wrong for all of them, such as our own links, is thrown.
 */
export function tryStamp(
  message: OutgoingMessage,
  form: BodyForm,
): { stamped: StampedMessage } | { stamped?: undefined; failure: SendResult } {
  try {
    return { stamped: message.stamp(form) };
  } catch (error) {
    if (!(error instanceof DomainError && error.errors?.some(({ field }) => field === 'to'))) throw error;
    // The error quotes the address; the ledger knows it already.
    return { failure: { kind: 'impossible', reason: 'the address cannot stand in a mail (RFC 5322 §3.4)' } };
  }
}
