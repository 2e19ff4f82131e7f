import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { LinkTokens, type EditionLinkRef } from '#kernel/crypto/link-tokens.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { ClickRepository } from './click.repository.js';

/** Editions whose targets are kept: mails are clicked for some days. Each has some ten KB. */
const KEPT_EDITIONS = 200;

/** A link that was clicked. */
export interface FoundTarget extends EditionLinkRef {
  url: string;
}

/** Finds where a link leads: only where an edition's links were said to lead when it was frozen. */
@Injectable()
export class LinkTargets {
  private readonly tokens: LinkTokens;
  private readonly kept = new LRUCache<string, Promise<string[]>>({ max: KEPT_EDITIONS });

  constructor(
    private readonly clicks: ClickRepository,
    keyring: Keyring,
  ) {
    this.tokens = new LinkTokens(keyring);
  }

  /** Reads the database once for all links of an edition. @returns undefined: there is no such link */
  async find(token: string): Promise<FoundTarget | undefined> {
    const ref = this.tokens.read(token);
    if (!ref) return undefined;
    const known = this.kept.get(ref.editionId);
    // A later wave may have added links. Whoever has a token of one that we signed may have them looked up again.
    const url = (known && (await known)[ref.number]) ?? (await this.read(ref.editionId))[ref.number];
    return url === undefined ? undefined : { ...ref, url };
  }

  private read(editionId: string): Promise<string[]> {
    const reading = this.clicks.targets(editionId);
    this.kept.set(editionId, reading);
    reading.catch(() => this.kept.delete(editionId)); // whoever waits for it is told
    return reading;
  }
}
