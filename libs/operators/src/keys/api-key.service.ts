import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { mayDo, type Caller } from '../rights/caller.js';
import { ROLE_PERMISSIONS } from '../rights/permissions.js';
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

/** A key that was shown, and how many requests a minute it may make. */
export type KeyCaller = Caller & { perMinute?: number };

const PREFIX_LENGTH = 8;
/** Keys that were valid lately: enough for any installation. */
const FAMILIAR = 1_000;
const hash = (key: string) => createHash('sha256').update(key).digest();

/** Bearer keys of the operator API. A key has 192 random bits, so its plain SHA-256 cannot be searched for. */
@Injectable()
export class ApiKeyService {
  private readonly familiar = new LRUCache<string, true>({ max: FAMILIAR });

  constructor(
    private readonly repository: ApiKeyRepository,
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
   * @param by who makes it: a key never has more rights than that
   * @returns the key's text, which is shown this once and stored nowhere
   * @throws DomainError `forbidden`; `invalid_input` for an end that has passed
   */
  async create(
    publicationId: string,
    input: ApiKeyInput,
    by?: Caller,
  ): Promise<ApiKeyView & { key: string }> {
    const now = this.clock.now();
    const role = input.scopes ? null : (input.role ?? 'editor');
    const wanted = role === null ? (input.scopes ?? []) : [...ROLE_PERMISSIONS[role]];
    if (by && !wanted.every((permission) => mayDo(by, permission))) {
      throw new DomainError('forbidden', 'A key can not have rights that you have not.');
    }
    if (input.expiresAt && input.expiresAt <= now) {
      throw invalidField('expiresAt', 'past', 'Give a time that is to come.');
    }
    const key = `bs_${randomBytes(24).toString('base64url')}`;
    const row = {
      id: newId(),
      publicationId,
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
    await this.repository.insert(row);
    return { ...view({ ...row, lastUsedAt: null }), key };
  }

  async list(publicationId: string, limit: number, cursor?: string): Promise<ApiKeyView[]> {
    return (await this.repository.list(publicationId, limit, cursor)).map(view);
  }

  /** @throws DomainError not_found */
  async revoke(id: string): Promise<void> {
    if (!isId(id) || !(await this.repository.revoke(id, this.clock.now()))) throw notFound('API key');
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
  async authenticate(authorization: string | undefined, ip?: string): Promise<KeyCaller> {
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
