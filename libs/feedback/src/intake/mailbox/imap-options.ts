import type { ImapFlowOptions } from 'imapflow';

/** The mailbox that is read. */
export interface MailboxAddress {
  connection: ImapFlowOptions & { host: string };
  /** The folder that mail comes to. */
  folder: string;
  /** The folder that it is moved to. */
  done: string;
}

/** Milliseconds. */
const CONNECT_MS = 30_000;
const GREETING_MS = 16_000;
/** Without a sound from the server, not even to NOOP, for so long the connection is dead. */
const SOCKET_MS = 5 * 60_000;

/** Reads `FEEDBACK_IMAP_URL`, which the configuration has checked: `imaps://user:password@host:993/INBOX?done=Handled`. */
export function mailboxOf(text: string): MailboxAddress {
  const url = new URL(text);
  const secure = url.protocol === 'imaps:';
  const folder = decodeURIComponent(url.pathname.slice(1));
  return {
    connection: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (secure ? 993 : 143) : Number(url.port),
      secure,
      ...(secure ? {} : { doSTARTTLS: url.searchParams.get('starttls') !== 'off' }),
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
      logger: false,
      emitLogs: false,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: GREETING_MS,
      socketTimeout: SOCKET_MS,
    },
    folder: folder === '' ? 'INBOX' : folder,
    done: url.searchParams.get('done') ?? 'Broadsheet',
  };
}
