import { z } from 'zod';
import type { FetchCertificate } from './proof/certificates.js';

/** A body may be as long as this, in bytes, where a provider does not send longer ones. */
export const MAX_HOOK_BYTES = 1_048_576;
/** Events that one body may hold: SparkPost's largest batch, https://developers.sparkpost.com/api/webhooks/. */
export const MAX_HOOK_EVENTS = 10_000;

/**
 * What an event is to us. `unknown`: anything else, by its name: opens, clicks, what a provider adds next year.
 * `bounce`: it will not arrive, also when the provider never tried; `delayed`: the provider is still trying.
 */
export const EVENT_KINDS = ['bounce', 'delayed', 'complaint', 'unsubscribe', 'delivered', 'unknown'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Whose fault a provider says it is: the address is dead, it may work later, or it is about us. */
export type Verdict = 'hard' | 'soft' | 'blocked';

/** What a provider tells of one message and one recipient. */
export interface ProviderEvent {
  /** Stable, the same when it is sent again: to refuse doubles by, within one transport. At most 200 characters, no address in it. */
  id: string;
  kind: EventKind;
  /** The provider's own word, e.g. `spamreport`; with its sub type after a slash where there is one. At most 100 characters. */
  name: string;
  /** Lower case; null: the event does not say. */
  recipient: string | null;
  /** Our Message-ID as the provider carries it, with its brackets; null: it does not. One that is not ours matches nothing. */
  messageId: string | null;
  /** The provider's own id of the message. */
  providerMessageId: string | null;
  /** The basic reply code, 200 to 599, that the provider quotes. */
  code: number | null;
  /** The enhanced status code, e.g. `5.1.1`. */
  status: string | null;
  /** The words of the server that refused it, else the provider's; at most 1,000 characters. */
  text: string;
  /** The provider's own verdict, when it has one. Words that say otherwise are to be believed before it. */
  verdict: Verdict | null;
  at: Date;
}

/**
 * Why a request is not believed:
 * - `unauthorised`: without the secret, or the transport has no settings for it
 * - `signature`: what it signs is not what it says
 * - `stale`: signed too long ago, or in the future
 * - `topic`: of a topic that is not in the settings
 * - `shape`: no body that this provider sends
 * - `certificate`: the signer's certificate could not be fetched now; the only one that helps to try again (503)
 */
export type RefusalReason = 'unauthorised' | 'signature' | 'stale' | 'topic' | 'shape' | 'certificate';

export type HookReading =
  | {
      is: 'events';
      /**
       * What a request bears only once: the store refuses all its events when it has seen it before from this transport. Null: the
       * ids of the events are all there is. Mailgun signs nothing but this, so that a signature fits any body. A request that is seen
       * again is answered as the first was, or the provider goes on sending it.
       */
      once: string | null;
      events: ProviderEvent[];
    }
  /** Somebody subscribed this address to a topic of ours: a GET of the URL confirms it. The signature is verified, the host is the provider's. */
  | { is: 'subscription'; confirmUrl: string }
  /** `detail` is for operators and the log: no secret and no address in it. */
  | { is: 'refused'; reason: RefusalReason; detail: string };

export interface HookRequest {
  /** By lower-case name, as Node gives them. */
  headers: Record<string, string | string[] | undefined>;
  /** As it came: what is signed are bytes. */
  body: Uint8Array;
  now: Date;
  query: URLSearchParams;
}

/** How one provider's requests are read. */
export interface HookProvider {
  name: string;
  /** What an operator sets for a transport of this provider. Secrets are `writeOnly` (see `secretSettings`). */
  settings: z.ZodObject;
  /** The longest body it may send, in bytes. */
  maxBytes: number;
  /**
   * Verifies and reads a request. Never throws: any bytes end in a reading. JSON is parsed on the event loop, 10 ms for 1 MB;
   * events are read in slices of as long.
   * @param settings as they are stored
   * @param fetchCertificate see {@link FetchCertificate}; only SES and Scaleway need it
   */
  read(request: HookRequest, settings: unknown, fetchCertificate: FetchCertificate): Promise<HookReading>;
}

export function refused(reason: RefusalReason, detail: string): HookReading & { is: 'refused' } {
  return { is: 'refused', reason, detail };
}

export function eventsOf(events: ProviderEvent[], once: string | null = null): HookReading {
  return { is: 'events', once, events };
}

/** What differs between providers; {@link hookProvider} adds what does not. */
interface HookProviderPart<S extends z.ZodObject> {
  name: string;
  settings: S;
  maxBytes?: number;
  read(
    request: HookRequest,
    settings: z.output<S>,
    fetchCertificate: FetchCertificate,
  ): HookReading | Promise<HookReading>;
}

/** A provider, whose settings and length of body are checked before its own code sees them. */
export function hookProvider<S extends z.ZodObject>(part: HookProviderPart<S>): HookProvider {
  const maxBytes = part.maxBytes ?? MAX_HOOK_BYTES;
  return {
    name: part.name,
    settings: part.settings,
    maxBytes,
    async read(request, given, fetchCertificate) {
      if (request.body.byteLength > maxBytes)
        return refused('shape', `The body is longer than ${maxBytes} bytes.`);
      const settings = part.settings.safeParse(given);
      if (settings.success) return part.read(request, settings.data, fetchCertificate);
      const fields = new Set(settings.error.issues.map((issue) => String(issue.path[0] ?? 'all')));
      return refused(
        'unauthorised',
        `Settings of this transport's webhook to set: ${[...fields].join(', ')}.`,
      );
    },
  };
}
