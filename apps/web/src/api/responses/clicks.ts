import { z } from 'zod';
import { count, id, instant, orNull } from './common.js';

/** How many people clicked: `812 people (±35) · 1,240 with scanners`. */
export const clickFields = {
  people: count.describe('Each once, as far as they can be told apart and from scanners.'),
  scanners: count.describe('Gateways and other programs, each once for each time they came.'),
  margin: count.describe(
    'By how much `people` may be off, in either direction. Of a sum it is not the sum of margins.',
  ),
  withScanners: count.describe('People and scanners together.'),
};

const clicksView = z.object(clickFields).meta({ id: 'LinkClicks' });

const editionLinkView = z
  .object({
    number: count,
    url: z.string().describe('Where it leads.'),
    articleId: orNull(id).describe('The article whose link it is; null: it stands around the articles.'),
    clicks: clicksView,
  })
  .meta({ id: 'EditionLink' });

/** Of those readers alone who agreed to be measured: of nobody else it is known whether a mail was opened. */
const measuredView = z
  .object({
    readers: count.describe('To whom it went, and who agree: all that follows is of so many.'),
    openedBy: count.describe('Readers who opened it or followed a link.'),
    clickedBy: count.describe('Readers who followed a link.'),
    prefetched: count.describe(
      'Readers whose mail program fetched the picture ahead of them, and of whom nothing else is known.',
    ),
  })
  .meta({ id: 'MeasuredReaders' });

/** The links of an edition's mails. */
export const editionLinksView = z
  .object({
    data: z.array(editionLinkView),
    measured: orNull(measuredView).describe('Null: the publication does not measure by reader.'),
  })
  .meta({ id: 'EditionLinks' });

/** What a reader did with an edition. */
export const readerClicksView = z
  .object({
    editionId: id,
    pictures: orNull(
      z.object({
        firstAt: instant,
        lastAt: instant,
        opened: count.describe('How often the picture was shown.'),
        prefetched: count.describe('How often a mail program fetched it by itself.'),
      }),
    ).describe('Null: it was never fetched.'),
    clicks: z.array(
      z.object({
        number: count.describe('Of the link.'),
        url: z.string(),
        articleId: orNull(id),
        firstAt: instant,
        lastAt: instant,
        count,
      }),
    ),
  })
  .meta({ id: 'ReaderClicks' });
