import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { FeedContent } from '../reading/content-sandboxes.js';
import { FetchError } from '../fetching/fetch-error.js';
import { Fetcher, type Fetched } from '../fetching/fetcher.js';
import type { IdentifiedDocument } from '../reading/identified-document.js';
import { retryAfter } from './next-poll.js';

/** What an earlier answer said of itself, RFC 9110 §8.8. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

export interface FeedAnswer {
  /** Null: nothing is new since the validators. */
  document: IdentifiedDocument | null;
  /** Where to ask next time. */
  url: string;
  validators: Validators;
}

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1';

/** Fetches and reads feeds. */
@Injectable()
export class FeedReader {
  constructor(
    private readonly fetcher: Fetcher,
    private readonly content: FeedContent,
    private readonly clock: Clock,
  ) {}

  /**
   * @param known of the last answer: the server may say that nothing changed
   * @throws FetchError in words for the operator
   */
  async read(
    url: string,
    known: Validators = { etag: null, lastModified: null },
    signal?: AbortSignal,
  ): Promise<FeedAnswer> {
    const headers = {
      accept: ACCEPT,
      ...(known.etag ? { 'if-none-match': known.etag } : {}),
      ...(known.lastModified ? { 'if-modified-since': known.lastModified } : {}),
    };
    const fetched = await this.fetcher.get(url, { headers, ...(signal ? { signal } : {}) });
    const isConditional = known.etag !== null || known.lastModified !== null;
    if (fetched.status === 304 && isConditional) {
      return { document: null, url: fetched.permanentUrl, validators: known };
    }
    if (fetched.status !== 200) throw this.refusal(fetched);
    const { etag = null, 'last-modified': lastModified = null } = fetched.headers;
    return {
      document: await this.content.feed({
        bytes: fetched.body,
        contentType: fetched.headers['content-type'],
        url: fetched.url,
      }),
      url: fetched.permanentUrl,
      validators: { etag, lastModified },
    };
  }

  private refusal({ status, url, headers }: Fetched): FetchError {
    const { host } = new URL(url);
    const words =
      status === 410
        ? `${host} answered 410 Gone: this feed is no longer published.`
        : `${host} answered ${status}${STATUS_WORDS[status] ?? ''}.`;
    const retryAt = retryAfter(headers['retry-after'], this.clock.now());
    return new FetchError('http_status', words, { status, retryAt });
  }
}

const STATUS_WORDS: Record<number, string> = {
  401: ' (it wants a password)',
  403: ' (it refuses us)',
  404: ' (nothing is there)',
  429: ' (we ask too often)',
  500: ' (it is broken)',
  502: ' (it is broken)',
  503: ' (it is busy or down)',
};
