import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors/errors.js';
import { validate } from '#kernel/input/validate.js';
import { articleInput } from '../articles/article.schemas.js';
import { ArticleService, type Article } from '../articles/article.service.js';
import { GivenContent } from '../reading/content-sandboxes.js';
import { canonicalUrl } from '../story/canonical-url.js';
import { FetchError } from '../fetching/fetch-error.js';
import { Fetcher } from '../fetching/fetcher.js';
import { cutAtWord } from '../story/summary.js';
import type { PageStory } from '../reading/page-story.js';

/** `POST /articles/import`. */
export const importInput = z
  .strictObject({
    url: z
      .string()
      .overwrite((text) => text.trim())
      .min(1, 'must not be empty')
      .max(2_000, 'must be at most 2000 characters long')
      .describe('Of a page with an article. It is fetched at once.'),
  })
  .meta({ id: 'ArticleImport', description: 'A page on the web.' });
export type ImportInput = z.output<typeof importInput>;

/** Of text; longer pages are no articles. */
const MAX_PAGE_BYTES = 5_000_000;

/** The article of a page. */
export type ImportedArticle = Article & {
  /** It was made just now; false: there was one of that URL. */
  isNew: boolean;
};

/** Makes drafts of pages on the web. */
@Injectable()
export class ImportService {
  constructor(
    private readonly fetcher: Fetcher,
    private readonly articles: ArticleService,
    private readonly content: GivenContent,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a draft of a page. A page that there is an article of gives that article, unchanged.
   * @throws DomainError `invalid_input` naming `url` and why it can not be read
   */
  async import(publicationId: string, { url }: ImportInput): Promise<ImportedArticle> {
    const known = await this.known(publicationId, canonicalUrl(url));
    if (known) return known;
    const story = await this.read(url).catch((error: unknown) => {
      throw error instanceof FetchError ? error.asInvalidUrl() : error;
    });
    return (await this.known(publicationId, story.url)) ?? this.make(publicationId, story);
  }

  private async make(publicationId: string, story: PageStory): Promise<ImportedArticle> {
    const now = this.clock.now();
    const input = {
      title: cutAtWord(story.title, 300),
      body: story.html,
      format: 'html',
      url: story.url,
      summary: story.summary && cutAtWord(story.summary, 1_000),
      author: story.author && cutAtWord(story.author, 200),
      imageUrl: story.imageUrl,
      publishedAt: story.publishedAt && story.publishedAt < now ? story.publishedAt : now,
      draft: true,
    };
    try {
      return { ...(await this.articles.create(publicationId, validate(articleInput, input))), isNew: true };
    } catch (error) {
      // Two imports of one page at once: the other was first.
      const isTaken = error instanceof DomainError && error.code === 'conflict';
      const other = isTaken ? await this.known(publicationId, story.url) : undefined;
      if (other) return other;
      throw unusable(error);
    }
  }

  private async known(publicationId: string, url: string | null): Promise<ImportedArticle | undefined> {
    const id = url === null ? undefined : await this.articles.findIdByUrl(publicationId, url);
    return id === undefined ? undefined : { ...(await this.articles.get(publicationId, id)), isNew: false };
  }

  private async read(url: string): Promise<PageStory> {
    const page = await this.fetcher.get(url, { headers: { accept: 'text/html, application/xhtml+xml' } });
    const { host } = new URL(page.url);
    if (page.status !== 200) {
      throw new FetchError('http_status', `${host} answered ${page.status}.`, { status: page.status });
    }
    const type = page.headers['content-type'] ?? 'text/html';
    if (!/^\s*(?:text\/html|application\/xhtml\+xml)/i.test(type)) {
      throw new FetchError(
        'no_article',
        `This is no web page but ${type.split(';')[0]?.slice(0, 100) ?? ''}.`,
      );
    }
    if (page.body.length > MAX_PAGE_BYTES) {
      throw new FetchError('too_large', `The page is larger than ${MAX_PAGE_BYTES / 1_000_000} MB.`);
    }
    return this.content.page({ bytes: page.body, contentType: type, url: page.url });
  }
}

/** What the page has too much of was not in the request: the error is about its URL. */
function unusable(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== 'invalid_input') return error;
  const reasons = (error.errors ?? []).map(({ field, message }) => `${field} ${message}`).join(', ');
  return new FetchError('no_article', `No article can be made of this page: ${reasons}.`, {
    cause: error,
  }).asInvalidUrl();
}
