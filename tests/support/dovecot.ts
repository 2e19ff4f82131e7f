import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { ImapFlow } from 'imapflow';
import { findProgram } from './binaries.js';
import { endChild } from './child.js';
import { makeFolder } from './folders.js';
import { freePort } from './free-port.js';
import { stopAfterTests } from './leftovers.js';
import { eventually } from './wait-for.js';

/** Debian's. */
const NOBODY = { uid: 65_534, gid: 65_534, username: 'nobody' };
const USER = 'bounces';
const PASSWORD = 'only-for-tests';

export interface DovecotOptions {
  /** What stands before each folder but INBOX, as at Courier: `INBOX.`; its last character is the delimiter. */
  prefix?: string;
  /** Capabilities that it does not tell of, and so are not used. */
  without?: readonly string[];
  /** Mails that all folders but INBOX may hold together: of more it says OVERQUOTA (RFC 9208). */
  mostMails?: number;
}

/** What it tells of by itself, as far as it matters here. */
const CAPABILITIES = [
  'IMAP4rev1',
  'LITERAL+',
  'IDLE',
  'NAMESPACE',
  'UIDPLUS',
  'MOVE',
  'LIST-EXTENDED',
  'CHILDREN',
];

/** A real IMAP server with one mailbox: Debian's Dovecot, in a folder of its own. */
export class Dovecot {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly folder: string,
    private options: DovecotOptions,
    private readonly remove: () => Promise<void>,
  ) {}

  static async start(options: DovecotOptions = {}): Promise<Dovecot> {
    const { path, remove } = await makeFolder();
    const dovecot = new Dovecot(await freePort(), path, options, remove);
    stopAfterTests(() => dovecot.stop());
    await dovecot.configure();
    await dovecot.launch();
    return dovecot;
  }

  /** As FEEDBACK_IMAP_URL has it. */
  get url(): string {
    return this.urlWith('Handled');
  }

  /** The same with another folder for what was read. */
  urlWith(done: string): string {
    return `imap://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${this.port}/INBOX?starttls=off&done=${done}`;
  }

  /** A client of the tests' own, connected. */
  async client(): Promise<ImapFlow> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: this.port,
      secure: false,
      doSTARTTLS: false,
      auth: { user: USER, pass: PASSWORD },
      logger: false,
    });
    client.on('error', () => undefined); // what is asked next fails
    await client.connect();
    return client;
  }

  /** Puts mails into the inbox. */
  async deliver(mails: readonly Buffer[]): Promise<void> {
    const client = await this.client();
    for (const mail of mails) await client.append('INBOX', mail);
    await client.logout();
  }

  /** Messages in a folder; 0: it is not there either. */
  async count(folder: string): Promise<number> {
    const client = await this.client();
    try {
      const status = await client.status(folder, { messages: true });
      return status ? (status.messages ?? 0) : 0;
    } catch {
      return 0;
    } finally {
      await client.logout();
    }
  }

  async launch(): Promise<void> {
    const program = findProgram('dovecot');
    this.child = spawn(program, ['-F', '-c', join(this.folder, 'dovecot.conf')], { stdio: 'ignore' });
    await eventually(
      async () => {
        const client = await this.client();
        await client.logout();
        return true;
      },
      { what: 'an IMAP server', timeoutMs: 20_000 },
    );
  }

  /** Ends it; its mail stays. */
  async halt(): Promise<void> {
    if (this.child) await endChild(this.child, 'SIGTERM');
    this.child = undefined;
  }

  /** Starts it anew, with its mail, as another server. */
  async become(options: DovecotOptions): Promise<void> {
    await this.halt();
    this.options = options;
    await this.configure();
    await this.launch();
  }

  /** Lets nobody write to a folder, or lets them again. */
  async setWritable(folder: string, isWritable: boolean): Promise<void> {
    for (const name of ['cur', 'new', 'tmp'])
      await chmod(join(this.folder, 'mail', `.${folder}`, name), isWritable ? 0o777 : 0o555);
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.remove();
  }

  private async configure(): Promise<void> {
    const isRoot = process.getuid?.() === 0;
    // Dovecot serves no mail of root's.
    const { uid, gid, username } = isRoot ? NOBODY : userInfo();
    const internal = isRoot
      ? []
      : [`default_internal_user = ${username}`, `default_login_user = ${username}`];
    for (const name of ['run', 'mail', 'state'])
      await mkdir(join(this.folder, name), { mode: 0o777, recursive: true });
    await chmod(this.folder, 0o755);
    await chmod(join(this.folder, 'mail'), 0o777);
    const lines = [
      `base_dir = ${this.folder}/run`,
      `state_dir = ${this.folder}/state`,
      `log_path = ${this.folder}/log`,
      'protocols = imap',
      'ssl = no',
      'disable_plaintext_auth = no',
      `mail_location = maildir:${this.folder}/mail`,
      'first_valid_uid = 1',
      'first_valid_gid = 1',
      ...internal,
      ...this.kind(),
      'passdb {',
      '  driver = static',
      `  args = password=${PASSWORD}`,
      '}',
      'userdb {',
      '  driver = static',
      `  args = uid=${uid} gid=${gid} home=${this.folder}/mail`,
      '}',
      'service imap-login {',
      '  chroot =',
      '  inet_listener imap {',
      '    address = 127.0.0.1',
      `    port = ${this.port}`,
      '  }',
      '  inet_listener imaps {',
      '    port = 0',
      '  }',
      '}',
      'service anvil {',
      '  chroot =',
      '}',
      '',
    ];
    await writeFile(join(this.folder, 'dovecot.conf'), lines.join('\n'));
  }

  /** What makes it like other servers. */
  private kind(): string[] {
    const { prefix, without, mostMails } = this.options;
    const namespace =
      prefix === undefined
        ? []
        : [
            'namespace inbox {',
            '  inbox = yes',
            `  separator = ${prefix.at(-1)}`,
            `  prefix = ${prefix}`,
            '}',
          ];
    const quota =
      mostMails === undefined
        ? []
        : [
            'mail_plugins = quota',
            'plugin {',
            '  quota = count:All',
            '  quota_vsizes = yes',
            `  quota_rule = *:messages=${mostMails}`,
            '  quota_rule2 = INBOX:ignore',
            '}',
          ];
    const told = CAPABILITIES.filter((name) => !without?.includes(name));
    return [
      ...namespace,
      ...quota,
      ...(without ? ['protocol imap {', `  imap_capability = ${told.join(' ')}`, '}'] : []),
    ];
  }
}
