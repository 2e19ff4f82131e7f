import { z } from 'zod';
import { clickFields } from './clicks.js';
import { count, instant, orNull } from './common.js';

const clicks = z.object(clickFields).meta({ id: 'Clicks' });

const at = instant
  .optional()
  .describe('By `hour` or `day`: when it begins. Hours are full ones, UTC; days are the publication’s.');
const key = orNull(z.string()).optional();

const editionCounts = {
  frozen: count.describe('Readers it was to go to.'),
  accepted: count,
  deferred: count.describe(
    'Tries that were put off, broken off or in doubt: of one message perhaps several.',
  ),
  failed: count.describe('Messages given up: refused, or expired.'),
  bounced: count.describe('Accepted, and came back.'),
  complained: count,
  unsubscribed: count.describe('Left by a link in it.'),
  clicks,
};
const audienceCounts = {
  signUps: count.describe('Came new, or came back after they had left.'),
  confirmed: count.describe('Became active.'),
  left: count.describe('By themselves, by an operator, or erased.'),
  bounced: count,
  complained: count,
};

const statsOf = <N extends z.ZodRawShape>(name: string, counts: N, keyed: string) =>
  z
    .object({
      data: z.array(z.object({ at, key: key.describe(keyed), ...counts }).meta({ id: `${name}StatsRow` })),
      total: z.object(counts),
    })
    .meta({ id: `${name}Stats` });

export const editionStats = statsOf(
  'Edition',
  editionCounts,
  'The id of an edition, or the mailbox provider; null: of no known provider, as clicks are.',
);
export const audienceStats = statsOf(
  'Audience',
  audienceCounts,
  'The form of the first sign-up: `article`, `subscribe`, `embed`, `json`, `api`, `import`; `operator`: added without a statement of consent.',
);
export const articleStats = statsOf('Article', editionCounts, 'The id of an edition or article.');

export const comparedStats = z
  .object({
    data: z.array(
      z
        .object({
          key: z.string().describe('The id of an article, a topic or an edition.'),
          name: z
            .string()
            .describe('The title of the article, the name of the topic, the slug of the edition.'),
          ...editionCounts,
        })
        .meta({ id: 'ComparedStatsRow' }),
    ),
    total: z.object(editionCounts).describe('Of these rows.'),
  })
  .meta({ id: 'ComparedStats' });
