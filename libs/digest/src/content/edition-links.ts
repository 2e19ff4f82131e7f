import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { LinkTokens, MOST_LINKS } from '#kernel/crypto/link-tokens.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import type { CompiledEdition, CompiledLink } from '#rendering/edition/compiled-edition.js';
import { linksOf } from '#rendering/links/edition-links.js';
import { EditionLinkRepository, type EditionLinkRow } from './edition-link.repository.js';
import { targetOf, type LinkRules } from './link-rules.js';

/** Gives the links of editions their numbers and targets, once and for all. */
@Injectable()
export class EditionLinks {
  private readonly tokens: LinkTokens;

  constructor(
    private readonly links: EditionLinkRepository,
    keyring: Keyring,
  ) {
    this.tokens = new LinkTokens(keyring);
  }

  /**
   * Writes down where the links of a content lead, and what stands for them in its mails. The same target of the same article has
   * one number in all languages and waves of the edition. In the transaction that stores the content and holds the edition's lock.
   * @returns the content with its links
   */
  async freeze(
    tx: Executor,
    { edition, publication }: { edition: { id: string }; publication: { baseUrl: string } },
    rules: LinkRules,
    compiled: CompiledEdition,
  ): Promise<CompiledEdition> {
    const found = linksOf(compiled).map((link) => ({ ...link, target: targetOf(link.url, rules) }));
    if (!rules.counted) {
      const links = found.filter(({ url, target }) => url !== target);
      return withLinks(
        compiled,
        links.map((link) => ({ ...link, href: link.target })),
      );
    }
    const known = await this.links.of(tx, edition.id);
    const numbers = new Map(known.map((row) => [keyOf(row.articleId, row.url), row.number]));
    const added: EditionLinkRow[] = [];
    const hrefOf = ({ articleId, target }: Omit<CompiledLink, 'href'>): string => {
      const key = keyOf(articleId, target);
      const number = numbers.get(key) ?? numbers.size;
      if (number >= MOST_LINKS) return target;
      if (!numbers.has(key)) added.push({ editionId: edition.id, number, url: target, articleId });
      numbers.set(key, number);
      return `${publication.baseUrl}/l/${this.tokens.sign({ editionId: edition.id, number })}`;
    };
    const links = found.map((link) => ({ ...link, href: hrefOf(link) }));
    await this.links.insert(tx, added);
    return withLinks(compiled, links);
  }
}

function withLinks(compiled: CompiledEdition, links: CompiledLink[]): CompiledEdition {
  return links.length > 0 ? { ...compiled, links } : compiled;
}

function keyOf(articleId: string | null, target: string): string {
  return `${articleId ?? ''} ${target}`;
}
