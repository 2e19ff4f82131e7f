import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it came in. */
export interface ReceivedCall {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Somebody's receiver of webhooks on a free port of 127.0.0.1. */
export class CallReceiver {
  readonly calls: ReceivedCall[] = [];
  /** What it answers from now on. */
  status = 204;
  private readonly server;

  private constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        this.calls.push({ headers: request.headers, body });
        response.writeHead(this.status, { Location: '/elsewhere' }).end();
      });
    });
  }

  static async start(): Promise<CallReceiver> {
    const receiver = new CallReceiver();
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/alarms`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
