import { DIALECTS } from './dialects/dialects.fixtures.js';
import { fixture } from './fixtures.js';
import { readReturnedMail } from './read-returned-mail.js';

describe('reports without fields', () => {
  it.each(DIALECTS.map((its) => [its.name, its] as const))('%s', async (_, its) => {
    const read = await readReturnedMail(fixture(its));
    expect(read.kind).toBe(its.kind ?? 'bounce');
    expect(read.recipients).toEqual(
      its.expect.map((one) => expect.objectContaining({ action: 'failed', ...one }) as unknown),
    );
    if (its.says) expect(read.recipients[0]?.text).toContain(its.says);
    expect(read.returnPaths).toContain('bounces+tok3n@news.example.org');
    if (its.original && its.original !== 'none')
      expect(read.messageIds[0]).toBe('<edition-1@news.example.org>');
  });
});
