import { Injectable } from '@nestjs/common';
import { toPage, type Page, type PageQuery } from '#kernel/input/page.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database } from '#database/database.js';
import { sqlState, UNIQUE_VIOLATION } from '#database/errors.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { DomainError, invalidField, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { ENVIRONMENT_NAME, NO_HOST } from './environment-transport.js';
import { readConnection, type Connection, type KnownConnection } from './transport-connection.js';
import { TransportSecrets, type TransportSecret } from './transport-secrets.js';
import { nextVersion } from './transport-version.js';
import { transportView, type TransportView } from './transport-view.js';
import { TransportRepository, type NewTransport, type TransportRow } from './transport.repository.js';
import { type TransportInput, type TransportPatch } from './transport.schemas.js';

/** What SMTP_URL and SMTP_CONNECTIONS say about the environment's transport, and no request does. */
const ENVIRONMENTS_OWN = [
  'name',
  'url',
  'host',
  'port',
  'security',
  'verifyCertificate',
  'clientName',
  'auth',
  'connections',
] as (keyof TransportPatch)[];

/** SMTP accounts, as operators make and change them. */
@Injectable()
export class TransportService {
  constructor(
    private readonly database: Database,
    private readonly repository: TransportRepository,
    private readonly publications: PublicationService,
    private readonly secrets: TransportSecrets,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async list({ limit, cursor }: PageQuery): Promise<Page<TransportView>> {
    const { id } = await this.publications.current();
    const page = toPage(await this.repository.page(id, limit + 1, cursor), limit);
    return { ...page, data: await this.views(page.data) };
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<TransportView> {
    return this.view(await this.row(id));
  }

  /** The row itself, for this folder only. @throws DomainError `not_found` */
  async row(id: string): Promise<TransportRow> {
    const { id: publicationId } = await this.publications.current();
    const row = isId(id) ? await this.repository.find(publicationId, id) : undefined;
    if (!row) throw notFound('transport');
    return row;
  }

  /**
   * @throws DomainError `invalid_input`; `conflict` when the name is taken
   */
  async create(input: TransportInput): Promise<TransportView> {
    refuseReservedName(input.name);
    const { id: publicationId } = await this.publications.current();
    const id = newId();
    const now = this.clock.now();
    const connection = readConnection(null, input) as Connection;
    const row: NewTransport = {
      id,
      publicationId,
      name: input.name,
      origin: 'operator',
      createdAt: now,
      updatedAt: now,
      connections: this.config.smtp.connections,
      ...this.stored(id, connection),
      ...this.sending(input, null),
    };
    if (!(await this.repository.insert(this.database.db, row))) throw nameTaken(input.name);
    return this.get(id);
  }

  /**
   * @param patch without a secret it keeps the one it has, unless it is led elsewhere.
   * @throws DomainError `invalid_input`, `not_found`, `conflict`; `wrong_state` for what SMTP_URL says
   */
  async patch(id: string, patch: TransportPatch): Promise<TransportView> {
    if (patch.name !== undefined) refuseReservedName(patch.name);
    await this.change(id, (row) => {
      if (row.origin === 'environment') refuseEnvironments(row, patch);
      const connection = readConnection(this.known(row), patch);
      // What is new about it may have mended it: it is tried at once.
      const isFresh = connection !== null || (patch.enabled === true && !row.enabled);
      return {
        ...(patch.name === undefined ? {} : { name: patch.name }),
        ...(connection ? this.stored(id, connection) : {}),
        ...this.sending(patch, row),
        ...(isFresh ? { restingUntil: null, lastError: null, lastErrorAt: null } : {}),
      };
    });
    return this.get(id);
  }

  /** @throws DomainError `not_found`; `wrong_state` for the environment's */
  async remove(id: string): Promise<void> {
    const { id: publicationId } = await this.publications.current();
    await this.database.transaction(async (tx) => {
      const row = isId(id) ? await this.repository.lock(tx, publicationId, id) : undefined;
      if (!row) throw notFound('transport');
      if (row.origin === 'environment') {
        const message = 'This transport comes from SMTP_URL. Disable it, or unset SMTP_URL and restart.';
        throw wrongState(message, 'environment');
      }
      await this.repository.delete(tx, id);
    });
  }

  /**
   * Changes a transport under its lock.
   * @returns the row before
   * @throws DomainError `not_found`; `conflict` when the name is taken
   */
  async change(id: string, decide: (row: TransportRow) => Partial<NewTransport>): Promise<TransportRow> {
    const { id: publicationId } = await this.publications.current();
    let name: string | undefined;
    try {
      return await this.database.transaction(async (tx) => {
        const row = isId(id) ? await this.repository.lock(tx, publicationId, id) : undefined;
        if (!row) throw notFound('transport');
        const changes = decide(row);
        name = changes.name;
        await this.repository.update(tx, id, { ...changes, updatedAt: nextVersion(row, this.clock) });
        return row;
      });
    } catch (error) {
      if (sqlState(error) === UNIQUE_VIOLATION) throw nameTaken(name ?? '');
      throw error;
    }
  }

  private known(row: TransportRow): KnownConnection {
    return { ...row, openSecret: () => this.openSecret(row) };
  }

  /** An earlier APP_SECRET's cannot be opened: then it has to be given again. */
  private openSecret({ id, sealedSecret }: TransportRow): TransportSecret | null {
    try {
      return sealedSecret && this.secrets.open(id, sealedSecret);
    } catch {
      return null;
    }
  }

  private stored(id: string, { secret, ...connection }: Connection) {
    if (secret === 'kept') return connection;
    return { ...connection, sealedSecret: secret && this.secrets.seal(id, secret) };
  }

  /** The columns about how much is sent, as far as the input speaks of them. */
  private sending(input: TransportPatch, before: TransportRow | null): Partial<NewTransport> {
    const { weight, connections, limits = {}, warmUp, domainRules, enabled } = input;
    const startedOn = () => before?.warmUp?.startedOn ?? this.clock.now().toISOString().slice(0, 10);
    const plan = warmUp && { ...warmUp, startedOn: warmUp.startedOn ?? startedOn() };
    return defined({ weight, connections, ...limits, warmUp: plan, domainRules, enabled });
  }

  private async view(row: TransportRow): Promise<TransportView> {
    const [view] = await this.views([row]);
    return view as TransportView;
  }

  private async views(rows: TransportRow[]): Promise<TransportView[]> {
    const now = this.clock.now();
    const uses = await this.repository.uses(
      rows.map(({ id }) => id),
      now,
    );
    return rows.map((row) => transportView(row, uses.get(row.id) ?? { hour: 0, day: 0 }, now));
  }
}

function refuseReservedName(name: string): void {
  if (name !== ENVIRONMENT_NAME) return;
  throw invalidField(
    'name',
    'reserved',
    `"${ENVIRONMENT_NAME}" is the transport of SMTP_URL; choose another.`,
  );
}

function refuseEnvironments(row: TransportRow, patch: TransportPatch): void {
  const field = ENVIRONMENTS_OWN.find((one) => patch[one] !== undefined);
  if (field !== undefined) {
    const variable = field === 'connections' ? 'SMTP_CONNECTIONS' : 'SMTP_URL';
    const message = `This comes from the environment: change ${variable} and restart the workers.`;
    throw new DomainError('wrong_state', message, {
      errors: [{ field, code: 'environment', message }],
      extra: { state: 'environment' },
    });
  }
  if (patch.enabled && row.host === NO_HOST) {
    throw wrongState(
      'SMTP_URL is not set. Set it and restart the workers; that enables this.',
      'environment',
    );
  }
}

function nameTaken(name: string): DomainError {
  const message = `There is a transport named "${name}" already.`;
  return new DomainError('conflict', message, { errors: [{ field: 'name', code: 'taken', message }] });
}

/** The members that were given: an undefined one must not wipe out what is there. */
function defined<T extends object>(value: T): Partial<NewTransport> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
