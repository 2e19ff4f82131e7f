import type { Publication } from '#audience/publication/publication.service.js';
import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import { linksOf } from '#rendering/links/edition-links.js';
import { webUrl } from '#rendering/template/views.js';

/** What becomes of the links of an edition when it is frozen. */
export interface LinkRules {
  /** Whether they lead where clicks are counted. */
  counted: boolean;
  /** Parameters that are added, in their order. */
  utm: Readonly<Record<string, string>>;
}

/** The rules for an edition, by what the publication has set now. */
export function linkRulesOf({
  publication: { measure, utm },
  edition,
  digest,
}: {
  publication: Pick<Publication, 'measure' | 'utm'>;
  edition: { slug: string };
  digest: { slug: string };
}): LinkRules {
  const campaign = utm?.campaign?.replaceAll('{digest}', digest.slug).replaceAll('{edition}', edition.slug);
  return {
    counted: measure !== 'none',
    utm: utm
      ? { utm_source: utm.source, utm_medium: utm.medium, ...(campaign && { utm_campaign: campaign }) }
      : {},
  };
}

/** Where a link leads in the end. What the URL has already stays, as it is written: others may have signed it. */
export function targetOf(url: string, { utm }: Pick<LinkRules, 'utm'>): string {
  const parsed = new URL(webUrl(url) ?? url);
  const added = Object.entries(utm).filter(([name]) => !parsed.searchParams.has(name));
  if (added.length === 0) return parsed.href;
  const own = parsed.search.slice(1);
  const parameters = added.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  parsed.search = [...(own ? [own] : []), ...parameters].join('&');
  return parsed.href;
}

/** A draft to be looked at: its links lead straight to their targets, and nothing is stored. */
export function withTargets(compiled: CompiledEdition, rules: LinkRules): CompiledEdition {
  if (Object.keys(rules.utm).length === 0) return compiled;
  const links = linksOf(compiled).map((link) => {
    const target = targetOf(link.url, rules);
    return { ...link, target, href: target };
  });
  return { ...compiled, links };
}
