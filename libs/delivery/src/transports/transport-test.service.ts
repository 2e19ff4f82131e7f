import { TLSSocket } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { AddressHasher } from '#audience/suppression/address-hasher.js';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { Clock } from '#kernel/clock.js';
import { invalidField } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { mailMessageId } from '#kernel/message-id.js';
import { buildPlate } from '#rendering/wire/plate.js';
import { DkimSigner } from '../dkim/dkim-signer.js';
import { ReturnPaths } from '../messages/return-paths.js';
import type { SendResult } from '../outcomes/send-result.js';
import { openSocket, type ReadySocket } from '../smtp/smtp-handshake.js';
import { SmtpSession } from '../smtp/smtp-session.js';
import type { OutgoingMessage } from '../smtp/transport.js';
import { TransportSource, type TransportSettings } from './transport-settings.js';
import { withoutSecrets } from './transport-secrets.js';
import type { TransportTestInput } from './transport.schemas.js';
import { TransportService } from './transport.service.js';

/** Somebody waits at a button; what has not answered by then is as good as broken. */
const TEST_TIMEOUT_MS = 20_000;

/** What became of a test. */
export interface TransportTest {
  ok: boolean;
  /** Null: the connection is not encrypted, or was not made. */
  tls: { protocol: string; cipher: string; verified: boolean } | null;
  /** Signed in; false also when no sign-in is set. */
  authenticated: boolean;
  /** What the server offers; null: the connection was not made. */
  capabilities: {
    pipelining: boolean;
    smtpUtf8: boolean;
    eightBitMime: boolean;
    maxSize: number | null;
  } | null;
  /** A test mail was accepted. */
  sent: boolean;
  /** The server's words about the test mail. */
  reply: string | null;
  /** What went wrong, in the server's words where they are its. */
  error: string | null;
  milliseconds: number;
}

type Finding = Omit<TransportTest, 'milliseconds' | 'ok'>;

const NOTHING: Finding = {
  tls: null,
  authenticated: false,
  capabilities: null,
  sent: false,
  reply: null,
  error: null,
};

/** Tries a transport: connection, TLS, sign-in and, if asked, one small mail. */
@Injectable()
export class TransportTester {
  /** How long a test may take. */
  timeoutMs = TEST_TIMEOUT_MS;

  constructor(
    private readonly transports: TransportService,
    private readonly source: TransportSource,
    private readonly publications: PublicationService,
    private readonly suppressions: SuppressionService,
    private readonly hasher: AddressHasher,
    private readonly returnPaths: ReturnPaths,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes at most {@link timeoutMs}. Whatever the server does is an answer, never an error.
   * @throws DomainError `invalid_input`, `not_found`
   */
  async test(id: string, { to }: TransportTestInput = {}): Promise<TransportTest> {
    const row = await this.transports.row(id);
    if (to) await this.refuseSuppressed(to.normalised);
    const started = performance.now();
    const finding = await this.tried(() => this.source.settingsOf(row), to?.address);
    const ok = finding.error === null;
    return { ok, ...finding, milliseconds: Math.round(performance.now() - started) };
  }

  private async refuseSuppressed(normalised: string): Promise<void> {
    if (!(await this.suppressions.isSuppressed(await this.hasher.hash(normalised)))) return;
    throw invalidField('to', 'suppressed', 'This address is suppressed: it is never to be mailed.');
  }

  private async tried(open: () => TransportSettings | null, to: string | undefined): Promise<Finding> {
    let settings: TransportSettings | null;
    try {
      settings = open();
    } catch (error) {
      return { ...NOTHING, error: `The transport cannot be opened: ${(error as Error).message}` };
    }
    if (!settings)
      return { ...NOTHING, error: 'This process has no SMTP_URL, so it cannot try its transport.' };
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), this.timeoutMs);
    try {
      return await this.connected(settings, to, timer.signal);
    } catch (error) {
      return { ...NOTHING, error: failure((error as Error).message, settings, timer.signal) };
    } finally {
      clearTimeout(timeout);
    }
  }

  private async connected(
    settings: TransportSettings,
    to: string | undefined,
    signal: AbortSignal,
  ): Promise<Finding> {
    const ready = await openSocket(settings.options, signal);
    const found = { ...NOTHING, ...offered(ready), authenticated: settings.options.auth !== null };
    const session = new SmtpSession(ready, () => undefined);
    const giveUp = () => session.breakOff('no answer');
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    try {
      if (to === undefined) return found;
      const publication = await this.publications.current();
      const from = this.returnPaths.plain(publication);
      const message = testMessage(settings, publication, { from, to }, this.clock.now());
      const result = await session.send(message, () => true);
      if (result.kind !== 'accepted') return { ...found, error: failure(wordsOf(result), settings, signal) };
      return { ...found, sent: true, reply: withoutSecrets(result.reply, settings.options.auth) };
    } finally {
      signal.removeEventListener('abort', giveUp);
      session.close();
    }
  }
}

function failure(words: string, { options }: TransportSettings, signal: AbortSignal): string {
  return signal.aborted ? 'The server did not answer in time.' : withoutSecrets(words, options.auth);
}

function offered({ socket, pipelining, smtpUtf8, eightBitMime, maxSize }: ReadySocket) {
  const tls =
    socket instanceof TLSSocket
      ? {
          protocol: socket.getProtocol() ?? 'unknown',
          cipher: socket.getCipher()?.name ?? 'unknown',
          verified: socket.authorized,
        }
      : null;
  return { tls, capabilities: { pipelining, smtpUtf8, eightBitMime, maxSize: maxSize || null } };
}

/** A mail that says where it comes from, signed as readers' mails are. */
function testMessage(
  { name, options, dkim }: TransportSettings,
  publication: Publication,
  { from, to }: { from: string; to: string },
  date: Date,
): OutgoingMessage {
  const messageId = mailMessageId(newId(), publication.senderEmail);
  const subject = `Test of the transport ${name}`;
  const text = `This is a test of the transport ${name} (${options.host}:${options.port}).\n\nThe mail server accepted it.\n`;
  const plate = buildPlate({
    from: { name: publication.senderName, address: publication.senderEmail },
    replyTo: publication.replyTo,
    subject,
    text,
    html: paragraphs(text),
    list: false,
    listId: null,
    date,
  });
  const signer = new DkimSigner(dkim);
  return {
    from,
    to,
    messageId,
    subject,
    stamp: (form) => {
      const stamped = plate.stamp({ to: { name: '', address: to }, messageId, values: {} }, form);
      const signatures = signer.sign(stamped.headers, stamped.body);
      const headers = Buffer.concat([signatures, stamped.headers]);
      return { ...stamped, headers, size: stamped.size + signatures.length };
    },
  };
}

function paragraphs(text: string): string {
  const escaped = text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return escaped
    .trim()
    .split('\n\n')
    .map((one) => `<p>${one}</p>`)
    .join('\n');
}

function wordsOf(result: Exclude<SendResult, { kind: 'accepted' }>): string {
  switch (result.kind) {
    case 'refused':
    case 'rejected-client':
      return result.reply;
    case 'not-begun':
      return 'it was not begun';
    case 'broken':
    case 'unreachable':
    case 'impossible':
      return result.reason;
  }
}
