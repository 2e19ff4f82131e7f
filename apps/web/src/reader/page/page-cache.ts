import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { matchesAny } from '../../http/entity-tag.js';

/** Of composed pages, in each web process: some hundred editions, or a few thousand articles. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Tags outlive their pages, so that a page that was dropped is not composed to say that it has not changed. */
const MOST_TAGS = 10_000;

interface Composed {
  body: Buffer;
  tag: string;
}

/** A page that is the same for everyone who asks for it in one language. */
export interface SharedPage {
  /**
   * Everything that the page is made of and that can change while the process runs, as JSON writes it. Two pages of the
   * same facts are the same, so nothing has to be told when one of them changes, and none is served that is out of date.
   */
  facts: readonly unknown[];
  compose: () => string | Promise<string>;
  /** Media type; HTML unless said. */
  type?: string;
}

/** Keeps pages as they were composed, and answers those who have them already without composing (RFC 9110 §13.1.2). */
@Injectable()
export class PageCache {
  private readonly pages = new LRUCache<string, Composed>({
    maxSize: MOST_BYTES,
    maxEntrySize: MOST_BYTES / 4, // one more would drive out all others
    // What it comes to in gzip and in brotli is kept with it (door/compression.ts), and is less than half of it.
    sizeCalculation: ({ body }) => Math.ceil(body.length * 1.5) || 1,
  });
  private readonly tags = new LRUCache<string, string>({ max: MOST_TAGS });
  /** Asked for by many at once, a page is composed once. */
  private readonly underway = new Map<string, Promise<Composed>>();

  /** Sends it, or 304 to a client that has it. Unless the reply says otherwise, clients ask every time. */
  async send(request: FastifyRequest, reply: FastifyReply, page: SharedPage): Promise<void> {
    const key = createHash('sha256').update(JSON.stringify(page.facts)).digest('base64url');
    if (!reply.hasHeader('Cache-Control')) void reply.header('Cache-Control', 'no-cache');
    void reply.header('Vary', 'Accept-Language');
    const held = request.headers['if-none-match'];
    const known = this.tags.get(key);
    if (known && matchesAny(held, known)) return notModified(reply, known);
    const { body, tag } = this.pages.get(key) ?? (await this.composeOnce(key, page));
    if (matchesAny(held, tag)) return notModified(reply, tag);
    await reply
      .header('ETag', weak(tag))
      .type(page.type ?? 'text/html; charset=utf-8')
      .send(body);
  }

  private composeOnce(key: string, page: SharedPage): Promise<Composed> {
    const running = this.underway.get(key);
    if (running) return running;
    const started = this.compose(key, page).finally(() => this.underway.delete(key));
    this.underway.set(key, started);
    return started;
  }

  private async compose(key: string, { compose }: SharedPage): Promise<Composed> {
    const body = Buffer.from(await compose());
    // Of the bytes, not of the facts: what was composed by another version of the program is another page.
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    this.pages.set(key, { body, tag });
    this.tags.set(key, tag);
    return { body, tag };
  }
}

async function notModified(reply: FastifyReply, tag: string): Promise<void> {
  await reply.status(304).header('ETag', weak(tag)).send();
}

/** One tag for the page in every encoding (RFC 9110 §8.8.1). */
const weak = (tag: string) => `W/${tag}`;
