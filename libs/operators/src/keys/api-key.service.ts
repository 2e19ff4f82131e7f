import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { ApiKeyRepository, type StoredApiKey } from './api-key.repository.js';

export const ROLES = ['owner', 'editor', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const apiKeyInput = z
  .strictObject({
    name: z.string().trim().min(1, 'Give the key a name, so that it can be told from others.').max(100),
    role: z
      .enum(ROLES)
      .default('editor')
      .describe('owner: everything; editor: everything but keys; viewer: reading'),
  })
  .meta({ id: 'NewApiKey' });
export type ApiKeyInput = z.output<typeof apiKeyInput>;

/** Who makes a request. */
export interface Caller {
  keyId: string;
  publicationId: string;
  role: Role;
  /** Of the key, or of the operator who is signed in. */
  name?: string;
}

export type ApiKeyView = Pick<StoredApiKey, 'id' | 'name' | 'prefix' | 'role' | 'createdAt' | 'lastUsedAt'>;

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

  /** @returns the key's text, which is shown this once and stored nowhere */
  async create(publicationId: string, input: ApiKeyInput): Promise<ApiKeyView & { key: string }> {
    const key = `bs_${randomBytes(24).toString('base64url')}`;
    const row = {
      id: newId(),
      publicationId,
      name: input.name,
      sha256: hash(key),
      prefix: key.slice(0, PREFIX_LENGTH),
      role: input.role,
      createdAt: this.clock.now(),
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

  /** @throws DomainError unauthorized when the header is missing or the key is unknown or revoked */
  async authenticate(authorization: string | undefined): Promise<Caller> {
    const key = keyIn(authorization);
    const known = key && (await this.repository.findActiveByHash(hash(key)));
    if (!known) {
      if (key) this.familiar.delete(hash(key).toString('base64'));
      throw new DomainError('unauthorized', 'Send a valid API key: Authorization: Bearer KEY');
    }
    this.familiar.set(hash(key).toString('base64'), true);
    await this.repository.touch(known.id, this.clock.now());
    return { keyId: known.id, publicationId: known.publicationId, role: known.role, name: known.name };
  }
}

function keyIn(authorization: string | undefined): string | undefined {
  return /^Bearer ([\x21-\x7e]{8,512})$/i.exec(authorization ?? '')?.[1];
}

function view({ id, name, prefix, role, createdAt, lastUsedAt }: ApiKeyView): ApiKeyView {
  return { id, name, prefix, role, createdAt, lastUsedAt };
}
