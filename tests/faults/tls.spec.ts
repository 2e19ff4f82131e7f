import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { TestAuthority, type Certificate } from '../support/certificates.js';
import { makeFolder, type TestFolder } from '../support/folders.js';
import { freePort } from '../support/free-port.js';
import { eventually } from '../support/wait-for.js';
import { edition, makeEdition, print, send, untilSent } from './faults.harness.js';
import { Fleet } from './fleet.js';

const READERS = 20;
const HOST = 'DNS:localhost';

/** A real mail server's TLS, changed between restarts on one port. */
class TlsServer {
  readonly received: string[] = [];
  commands = 0;
  private server: SMTPServer | undefined;

  constructor(readonly port: number) {}

  async become({ key, cert }: Certificate, more: SMTPServerOptions = {}): Promise<void> {
    await this.close();
    const server = new SMTPServer({
      key,
      cert,
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      ...more,
      onMailFrom: (_address, _session, done) => {
        this.commands += 1;
        done();
      },
      onData: (stream, session, done) => {
        stream.resume().once('end', () => {
          expect(session.secure).toBe(true);
          this.received.push(...session.envelope.rcptTo.map(({ address }) => address));
          done();
        });
      },
    });
    server.on('error', () => undefined); // a client that does not like the certificate hangs up
    this.server = server;
    await once(server.listen(this.port), 'listening');
  }

  async close(): Promise<void> {
    if (this.server) await new Promise<void>((resolve) => this.server?.close(() => resolve()));
    this.server = undefined;
  }
}

describe('an edition whose mail server cannot be trusted', () => {
  let folder: TestFolder;
  let authority: TestAuthority;
  let server: TlsServer;
  let fleet: Fleet;

  beforeAll(async () => {
    folder = await makeFolder();
    authority = await TestAuthority.create();
    const trusted = join(folder.path, 'trusted.pem');
    writeFileSync(trusted, authority.cert);
    server = new TlsServer(await freePort());
    fleet = await Fleet.start({
      smtpUrl: `smtp://localhost:${server.port}?starttls=required`,
      workers: 1,
      env: { NODE_EXTRA_CA_CERTS: trusted },
    });
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    await server.close();
    await Promise.all([authority.remove(), folder.remove()]);
  });

  it.each<[string, () => Promise<Certificate>, SMTPServerOptions, RegExp]>([
    [
      'offers no STARTTLS, as when somebody on the way strips it',
      () => authority.issue(HOST),
      { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] },
      /does not offer STARTTLS/,
    ],
    ['has a certificate that has expired', () => authority.issue(HOST, 3), {}, /certificate has expired/],
    [
      'has a certificate of another host',
      () => authority.issue('DNS:elsewhere.example'),
      {},
      /certificate is for another name than localhost/,
    ],
  ])(
    'waits, with the reason, sends and fails nobody, and goes on when it is mended: it %s',
    async (what, certificate, more, reason) => {
      const before = server.received.length;
      const commands = server.commands;
      await server.become(await certificate(), more);
      const editionId = await makeEdition(fleet.web, READERS);
      await send(fleet.web, editionId);
      const paused = await eventually(
        async () => {
          const now = await edition(fleet.web, editionId);
          return now.status === 'paused' ? now : undefined;
        },
        { timeoutMs: 20_000, what: 'the edition being paused' },
      );
      expect(paused.statusReason).toMatch(reason);
      expect(paused.counts).toMatchObject({
        recipients: READERS,
        accepted: 0,
        failed: 0,
        uncertain: 0,
        suppressed: 0,
      });
      expect([server.received.length, server.commands]).toEqual([before, commands]); // not even an envelope in the clear

      await server.become(await authority.issue(HOST));
      expect((await fleet.web.api('POST', `/editions/${editionId}/resume`)).status).toBeLessThan(300);
      const sent = await untilSent(fleet.web, editionId);
      print(`TLS: it ${what}`, sent.counts);
      expect(sent.counts.accepted).toBe(READERS);
      const received = server.received.slice(before);
      expect([received.length, new Set(received).size]).toEqual([READERS, READERS]);
    },
    90_000,
  );
});
