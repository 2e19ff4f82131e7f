import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { LinkTokens, type EditionLinkRef } from '#kernel/crypto/link-tokens.js';
import { editionOfPath, MeasuredTokens, type MeasuredReader } from '#kernel/crypto/measured-tokens.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { ClickRepository } from './click.repository.js';

/** Editions whose targets are kept: mails are clicked for some days. Each has some ten KB. */
const KEPT_EDITIONS = 200;

/** A link that was clicked. */
export interface FoundTarget extends EditionLinkRef {
  url: string;
  /** In whose mail it stood, if they had agreed to be measured. */
  subscriberId?: string | undefined;
}

/** Finds where a link leads: only where an edition's links were said to lead when it was frozen. */
@Injectable()
export class LinkTargets {
  private readonly tokens: LinkTokens;
  private readonly measured: MeasuredTokens;
  private readonly kept = new LRUCache<string, Promise<string[]>>({ max: KEPT_EDITIONS });

  constructor(
    private readonly clicks: ClickRepository,
    keyring: Keyring,
  ) {
    this.tokens = new LinkTokens(keyring);
    this.measured = new MeasuredTokens(keyring);
  }

  /**
   * Reads the database once for all links of an edition. A link whose reader's part is broken leads where it leads for everybody.
   * @param token of a link, perhaps with a dot and a reader's own behind it
   * @returns undefined: there is no such link
   */
  async find(token: string): Promise<FoundTarget | undefined> {
    const [ofLink = '', ofReader] = token.split('.', 2);
    const ref = this.tokens.read(ofLink);
    if (!ref) return undefined;
    const known = this.kept.get(ref.editionId);
    // A later wave may have added links. Whoever has a token of one that we signed may have them looked up again.
    const url = (known && (await known)[ref.number]) ?? (await this.read(ref.editionId))[ref.number];
    if (url === undefined) return undefined;
    const subscriberId = ofReader && this.measured.read(ofReader, ref.editionId);
    return { ...ref, url, ...(subscriberId && { subscriberId }) };
  }

  /** Whose mail a picture stands in. @param token an edition, a dot and a reader's own @returns undefined: it is none of ours */
  ofPicture(token: string): MeasuredReader | undefined {
    const [edition = '', ofReader = ''] = token.split('.', 2);
    const editionId = editionOfPath(edition);
    const subscriberId = editionId && this.measured.read(ofReader, editionId);
    return subscriberId ? { editionId, subscriberId } : undefined;
  }

  private read(editionId: string): Promise<string[]> {
    const reading = this.clicks.targets(editionId);
    this.kept.set(editionId, reading);
    reading.catch(() => this.kept.delete(editionId)); // whoever waits for it is told
    return reading;
  }
}
