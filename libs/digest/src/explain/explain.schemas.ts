import { z } from 'zod';
import { instant } from '#content/articles/fields.js';

const subscriberId = z.string().max(100).describe('The reader.');

/** `GET /editions/:id/explain`. */
export const explainQuery = z.strictObject({ subscriberId });
export type ExplainQuery = z.output<typeof explainQuery>;

/** `POST /digests/:id/plan`. */
export const planInput = z
  .strictObject({
    at: instant
      .nullish()
      .describe(
        'RFC 3339. The plan is of the first time of the schedule from then on; without a schedule, of an edition at that very time. Default: now.',
      ),
    subscriberId: subscriberId.nullish().describe('A reader to be told of in particular.'),
  })
  .meta({ id: 'NewPlan', description: 'What is to be planned. Nothing is written.' });
export type PlanInput = z.output<typeof planInput>;
