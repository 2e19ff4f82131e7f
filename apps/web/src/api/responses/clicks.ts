import { z } from 'zod';
import { count, id, orNull } from './common.js';

/** How many people clicked. */
export const clicksView = z
  .object({
    people: count.describe('Each once, as far as they can be told apart and from scanners.'),
    scanners: count.describe('Gateways and other programs, each once for each time they came.'),
    margin: count.describe('By how much `people` may be off, in either direction.'),
  })
  .meta({ id: 'Clicks' });

const editionLinkView = z
  .object({
    number: count,
    url: z.string().describe('Where it leads.'),
    articleId: orNull(id).describe('The article whose link it is; null: it stands around the articles.'),
    clicks: clicksView,
  })
  .meta({ id: 'EditionLink' });

/** The links of an edition's mails. */
export const editionLinksView = z.object({ data: z.array(editionLinkView) }).meta({ id: 'EditionLinks' });
