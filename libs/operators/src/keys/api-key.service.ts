import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { AuditLog } from '../audit/audit.js';
import { changesOf } from '../audit/changes.js';
import { mayGive, rightsOf, type Caller } from '../rights/caller.js';
import { ApiKeyRepository, type StoredApiKey } from './api-key.repository.js';
import type { ApiKeyInput } from './api-key.schemas.js';
import { isWithin } from './key-limits.js';

export type ApiKeyView = Pick<
  StoredApiKey,
  | 'id'
  | 'name'
  | 'prefix'
  | 'role'
  | 'scopes'
  | 'networks'
  | 'perMinute'
  | 'expiresAt'
  | 'createdAt'
  | 'lastUsedAt'
>;

const PREFIX_LENGTH = 8;
/** Keys that were valid lately: enough for any installation. */
const FAMILIAR = 1_000;
const hash = (key: string) => createHash('sha256').update(key).digest();

/** Bearer keys of the operator API. A key has 192 random bits, so its plain SHA-256 cannot be searched for. */
@Injectable()
export class ApiKeyService {
  private readonly familiar = new LRUCache<string, true>({ max: FAMILIAR });

  constructor(
    private readonly database: Database,
    private readonly repository: ApiKeyRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Makes sure that the key of the environment is an owner's key; one from an earlier environment stops working. */
  async ensureFromEnvironment(publicationId: string, key: string): Promise<void> {
    const now = this.clock.now();
    await this.repository.revokeEarlierEnvironmentKeys(hash(key), now);
    await this.repository.restore(hash(key));
    await this.repository.insert({
      id: newId(),
      publicationId,
      name: 'OPERATOR_API_KEY',
      sha256: hash(key),
      prefix: key.slice(0, PREFIX_LENGTH),
      role: 'owner',
      fromEnvironment: true,
      createdAt: now,
    });
  }

  /**
   * @param by who makes it, for the audit: a key never has more rights than that
   * @returns the key's text, which is shown this once and stored nowhere
   * @throws DomainError `forbidden`; `invalid_input` for an end that has passed
   */
  async create(by: Caller, input: ApiKeyInput): Promise<ApiKeyView & { key: string }> {
    const now = this.clock.now();
    const role = input.scopes ? null : (input.role ?? 'editor');
    if (!mayGive(by, rightsOf({ role, scopes: input.scopes ?? null }))) {
      throw new DomainError('forbidden', 'A key can not have rights that you have not.');
    }
    if (input.expiresAt && input.expiresAt <= now) {
      throw invalidField('expiresAt', 'past', 'Give a time that is to come.');
    }
    const key = `bs_${randomBytes(24).toString('base64url')}`;
    const row = {
      id: newId(),
      publicationId: by.publicationId,
      name: input.name,
      sha256: hash(key),
      prefix: key.slice(0, PREFIX_LENGTH),
      role,
      scopes: input.scopes ?? null,
      networks: input.networks ?? null,
      perMinute: input.perMinute ?? null,
      expiresAt: input.expiresAt ?? null,
      createdAt: now,
    };
    const made = view({ ...row, lastUsedAt: null });
    await this.database.transaction(async (tx) => {
      await this.repository.insert(row, tx);
      await this.audit.noteWithin(tx, by, 'api-keys', row.id, changesOf(null, made));
    });
    return { ...made, key };
  }

  async list(publicationId: string, limit: number, cursor?: string): Promise<ApiKeyView[]> {
    return (await this.repository.list(publicationId, limit, cursor)).map(view);
  }

  /**
   * @param by who revokes it
   * @throws DomainError `not_found`; `forbidden` for a key that has more rights than the caller
   */
  async revoke(by: Caller, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const known = isId(id) ? await this.repository.lock(tx, by.publicationId, id) : undefined;
      if (!known) throw notFound('API key');
      if (!mayGive(by, rightsOf(known))) {
        throw new DomainError('forbidden', 'This key has rights that you have not.');
      }
      await this.repository.revoke(tx, id, this.clock.now());
      await this.audit.noteWithin(tx, by, 'api-keys', id, changesOf(view(known), null));
    });
  }

  /** Whether the key was valid when this process saw it last: who calls with it is not taken for somebody who guesses. */
  isFamiliar(authorization: string | undefined): boolean {
    const key = keyIn(authorization);
    return key !== undefined && this.familiar.get(hash(key).toString('base64')) === true;
  }

  /**
   * @param ip from where it is used: needed where the key has networks
   * @throws DomainError `unauthorized` when the header is missing, or the key is unknown, revoked or past its end; `forbidden` from a network it
   *   may not be used from
   */
  async authenticate(authorization: string | undefined, ip?: string): Promise<Caller> {
    const key = keyIn(authorization);
    const known = key && (await this.repository.findActiveByHash(hash(key)));
    if (!known || (known.expiresAt && known.expiresAt <= this.clock.now())) {
      if (key) this.familiar.delete(hash(key).toString('base64'));
      throw new DomainError('unauthorized', 'Send a valid API key: Authorization: Bearer KEY');
    }
    this.familiar.set(hash(key).toString('base64'), true);
    insistOnNetwork(known.networks, ip);
    await this.repository.touch(known.id, this.clock.now());
    const { id: keyId, publicationId, role, name, scopes, perMinute } = known;
    return {
      keyId,
      publicationId,
      role,
      name,
      ...(scopes ? { scopes } : {}),
      ...(perMinute === null ? {} : { perMinute }),
    };
  }
}

function keyIn(authorization: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]{8,512})$/i.exec(authorization ?? '')?.[1];
}

/** @throws DomainError `forbidden` when the address is in none of the networks */
export function insistOnNetwork(networks: readonly string[] | null, ip: string | undefined): void {
  if (isWithin(networks, ip)) return;
  throw new DomainError('forbidden', 'This key may not be used from your address.');
}

function view(row: ApiKeyView): ApiKeyView {
  const { id, name, prefix, role, scopes, networks, perMinute, expiresAt, createdAt, lastUsedAt } = row;
  return { id, name, prefix, role, scopes, networks, perMinute, expiresAt, createdAt, lastUsedAt };
}
