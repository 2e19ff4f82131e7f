import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A site on 127.0.0.1 that answers as a test says. */
export class WebSite {
  /** By path. What is not here is a 404. */
  readonly pages = new Map<string, Answer>();
  readonly requests: IncomingMessage[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<WebSite> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const site = new WebSite(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      site.requests.push(request);
      const answer = site.pages.get(request.url ?? '');
      if (answer) answer(request, response);
      else response.writeHead(404).end();
    });
    return site;
  }

  /** Puts a page there. */
  says(path: string, body: string | Buffer, headers: Record<string, string> = {}, status = 200): void {
    this.pages.set(path, (_, response) => response.writeHead(status, headers).end(body));
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

export interface Item {
  guid?: string;
  title: string;
  path?: string;
  date?: string;
  body?: string;
  categories?: string[];
}

/** An RSS feed of these stories. */
export function rssOf(items: readonly Item[], title = 'The Post'): string {
  const story = ({ guid, path, date, body, categories = [], ...item }: Item) =>
    [
      `<item><title>${item.title}</title>`,
      guid === undefined ? '' : `<guid isPermaLink="false">${guid}</guid>`,
      path === undefined ? '' : `<link>https://post.example${path}</link>`,
      date === undefined ? '' : `<pubDate>${date}</pubDate>`,
      body === undefined ? '' : `<description><![CDATA[${body}]]></description>`,
      ...categories.map((category) => `<category>${category}</category>`),
      '</item>',
    ].join('');
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>${title}</title>${items.map(story).join('')}</channel></rss>`;
}
