import { z } from 'zod';
import {
  digestInput,
  digestPatch,
  editionInput,
  editionPatch,
  pauseInput,
  previewQuery,
  scheduleInput,
} from './digest.schemas.js';

it.each<[string, z.ZodType, unknown, boolean]>([
  ['a name is enough', digestInput, { name: 'The Morning Brief' }, true],
  ['no name', digestInput, {}, false],
  ['a slug with capitals', digestInput, { name: 'x', slug: 'Morning' }, false],
  ['a schedule', digestInput, { name: 'x', schedule: { cron: '0 7 * * *' } }, true],
  ['a schedule without a cron', digestInput, { name: 'x', schedule: {} }, false],
  ['a schedule of another kind', digestPatch, { schedule: { cron: '0 7 * * *', every: 'day' } }, false],
  ['no schedule any more', digestPatch, { schedule: null, approval: null }, true],
  ['an approval without minutes', digestPatch, { approval: { otherwise: 'send' } }, false],
  ['a rule twice', digestPatch, { orderBy: ['pin', 'recency', 'pin'] }, false],
  ['a rule there is not', digestPatch, { orderBy: ['luck'] }, false],
  ['no rule at all', digestPatch, { orderBy: [] }, false],
  ['an article pinned twice', digestPatch, { pinned: ['a', 'a'] }, false],
  ['a template as source', digestPatch, { templates: { de: '<mjml></mjml>' } }, true],
  ['a template that is too long', digestPatch, { template: '<'.repeat(200_001) }, false],
  ['a raw column', digestPatch, { scheduledThrough: '2027-01-01T00:00:00Z' }, false],
  ['a template by path', digestInput, { name: 'x', template: '../x' }, false],
  ['no articles at most', digestInput, { name: 'x', maxArticles: 0 }, false],
  ['half an article', digestInput, { name: 'x', minArticles: 1.5 }, false],
  ['an empty patch', digestPatch, {}, true],
  ['a slug never changes', digestPatch, { slug: 'x' }, false],
  ['an empty draft', editionInput, {}, true],
  ['an article twice', editionInput, { articleIds: ['a', 'b', 'a'] }, false],
  ['a time without a zone', editionInput, { sendAt: '2027-01-01T00:00' }, false],
  ['a status by patch', editionPatch, { status: 'sent' }, false],
  ['schedule without a time', scheduleInput, {}, true],
  ['pause without a reason', pauseInput, {}, true],
  ['a preview in a format there is not', previewQuery, { format: 'pdf' }, false],
  ['a preview without a format', previewQuery, {}, true],
])('%s', (_name, schema, input, ok) => {
  expect(schema.safeParse(input).success).toBe(ok);
});

it.each([digestInput, digestPatch, editionInput, editionPatch, scheduleInput, pauseInput, previewQuery])(
  'can be shown as JSON Schema',
  (schema) => {
    const { $defs, ...inPlace } = z.toJSONSchema(schema, { io: 'input' });
    expect($defs?.[schema.meta()?.id ?? ''] ?? inPlace).toMatchObject({
      type: 'object',
      additionalProperties: false,
    });
  },
);
