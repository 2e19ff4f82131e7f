import { Injectable } from '@nestjs/common';
import { POSTAL_ADDRESS_PLACEHOLDER } from '#audience/publication/publication.schema.js';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, inWords } from '#kernel/errors/errors.js';
import { formAt } from '#rendering/edition/chosen-fragments.js';
import { linksOf } from '#rendering/links/edition-links.js';
import { isTemplateName } from '#rendering/edition/template-name.js';
import type { EditionContext } from '../content/edition-content.service.js';
import { EditionContentService } from '../content/edition-content.service.js';
import { isEnough } from '../model/edition-minimum.js';
import { EditionRepository } from '../model/edition.repository.js';
import { EditionPreviewService, type InspectedEdition } from '../preview/edition-preview.service.js';
import {
  aboutLines,
  aboutPictures,
  aboutSize,
  aboutStories,
  problem,
  type EditionProblem,
} from './edition-checks-list.js';
import { LinkChecker } from './link-checker.js';

/** What is known of an edition before it is sent. */
export interface Inspection {
  data: EditionProblem[];
  /** As nobody in particular gets them; null: it can not be rendered. */
  lines: { subject: string; preheader: string } | null;
  /** Of the HTML part; null: likewise. */
  bytes: number | null;
  /** Links that are still being tried: ask again in a moment. */
  pendingLinks: number;
}

/** Looks through editions for what their editors should know before they send them. */
@Injectable()
export class EditionInspection {
  constructor(
    private readonly database: Database,
    private readonly content: EditionContentService,
    private readonly editions: EditionRepository,
    private readonly previews: EditionPreviewService,
    private readonly links: LinkChecker,
    private readonly clock: Clock,
  ) {}

  /** Waits for no other site: links that were not tried yet are tried meanwhile. @throws DomainError `not_found` */
  async inspect(editionId: string): Promise<Inspection> {
    const context = await this.content.context(editionId);
    const before = await this.aboutContent(context);
    try {
      const seen = await this.previews.inspect(editionId);
      const links = await this.aboutLinks(seen);
      const bytes = Buffer.byteLength(seen.html);
      return {
        data: [
          ...before,
          ...aboutLines(seen.lines),
          ...aboutSize(bytes),
          ...pictures(seen),
          ...links.problems,
        ],
        lines: seen.lines,
        bytes,
        pendingLinks: links.pending,
      };
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      const todo = 'Mend what it names.';
      const broken = problem('not_rendered', 'error', { part: 'mail' }, inWords(error), todo);
      return { data: [...before, broken], lines: null, bytes: null, pendingLinks: 0 };
    }
  }

  private async aboutContent({ edition, digest, publication }: EditionContext): Promise<EditionProblem[]> {
    const { db } = this.database;
    const now = this.clock.now();
    const at = edition.sendAt && edition.sendAt > now ? edition.sendAt : now;
    const stories = (await this.editions.storiesOf(db, [edition.id])).get(edition.id) ?? [];
    const found = edition.selection === 'list' ? aboutStories(stories, at) : [];
    if (edition.selection === 'list') {
      const sendable = await this.editions.publicArticleIdsOf(db, edition.id, at);
      if (!isEnough(digest, edition, stories.length, sendable.length)) {
        const message = `${sendable.length} of its stories may be sent; ${digest.name} asks for ${digest.minArticles}.`;
        found.push(problem('too_few_stories', 'error', { part: 'stories' }, message, 'Put stories in.'));
      }
    }
    const address = publication.postalAddress.trim();
    if (!address || address === POSTAL_ADDRESS_PLACEHOLDER) {
      const message =
        'The publication has no postal address; law in many places asks for one in every mailing.';
      const todo = 'Give it in the settings of the publication.';
      found.push(problem('missing_postal_address', 'warning', { part: 'publication' }, message, todo));
    }
    return [...found, ...this.aboutIntro(edition, digest)];
  }

  /** A template of one's own may have no place for it. */
  private aboutIntro(
    { introHtml }: EditionContext['edition'],
    { template, templates }: EditionContext['digest'],
  ): EditionProblem[] {
    const own = [template, ...Object.values(templates)].filter((its) => !isTemplateName(its));
    if (!introHtml || own.every((its) => /\bintro\b/.test(its))) return [];
    const message = 'The digest’s own template has no place for your words before the stories.';
    const todo = 'Put {{ intro }} into the template.';
    return [problem('intro_not_shown', 'warning', { part: 'intro' }, message, todo)];
  }

  private async aboutLinks({ compiled, articleIds }: InspectedEdition) {
    const { baseUrl } = compiled.facts.publication;
    const shown = new Set<string | null>([...articleIds, null]);
    const found = linksOf(compiled).filter(
      ({ url, articleId }) => shown.has(articleId) && !url.startsWith(baseUrl),
    );
    const { dead, pending } = await this.links.known(found.map(({ url }) => url));
    const titles = new Map(compiled.fragments.map(({ articleId, title }) => [articleId, title]));
    const whyOf = new Map(dead.map(({ url, problem: why }) => [url, why]));
    const problems = found.flatMap(({ url, articleId }) => {
      const why = whyOf.get(url);
      if (why === undefined) return [];
      const title = articleId === null ? null : (titles.get(articleId) ?? null);
      const where = { part: articleId ? 'stories' : 'mail', articleId, title, url };
      return problem('dead_link', 'warning', where, `A link does not work: ${why}`, 'Mend the link.');
    });
    return { problems, pending };
  }
}

/** About the pictures of what is shown of each story. */
function pictures({ compiled, articleIds }: InspectedEdition): EditionProblem[] {
  return articleIds.flatMap((articleId, at) => {
    const fragment = compiled.fragments.find((one) => one.articleId === articleId);
    if (!fragment) return [];
    const html = fragment.html[formAt(at, articleIds.length)];
    return aboutPictures(html, { part: 'stories', articleId, title: fragment.title });
  });
}
