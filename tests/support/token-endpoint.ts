import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificates.js';

/** What a token endpoint answers: a status, a body, further headers. */
export interface TokenReply {
  status?: number;
  body?: object | string;
  headers?: Record<string, string>;
}

/** An OAuth 2 token endpoint on a free port of 127.0.0.1, over https. */
export class TokenEndpoint {
  /** The forms it was sent, in order. */
  readonly asked: Record<string, string>[] = [];
  private readonly server;

  private constructor(certificate: Certificate, reply: (count: number) => TokenReply) {
    this.server = createServer(certificate, (request, response) => {
      let form = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (form += chunk));
      request.on('end', () => {
        this.asked.push(Object.fromEntries(new URLSearchParams(form)));
        const { status = 200, body = {}, headers = {} } = reply(this.asked.length);
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  }

  /** @param reply asked at each request, with its number from 1 */
  static async start(certificate: Certificate, reply: (count: number) => TokenReply): Promise<TokenEndpoint> {
    const endpoint = new TokenEndpoint(certificate, reply);
    endpoint.server.listen(0, '127.0.0.1');
    await once(endpoint.server, 'listening');
    return endpoint;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
