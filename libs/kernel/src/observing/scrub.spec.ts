import { DrizzleQueryError } from 'drizzle-orm';
import { createLog } from './logger.js';
import { scrub } from './scrub.js';

const TOKEN = 'AQAabcdefghijklmnopqrstuvwxyz0123456789';

describe('scrub', () => {
  it.each([
    ['mail to reader@example.org failed', 'mail to [address] failed'],
    ['<reader+x@mail.example.org>', '<[address]>'],
    ['"to":["a@b.org","c@d.org"]', '"to":["[address]","[address]"]'],
    ['leser@bücher.example', '[address]'],
    ['読者@例え.テスト', '[address]'],
    [`GET /confirm/${TOKEN}?x=1`, 'GET /confirm/[token]?x=1'],
    [`https://a.org/unsubscribe/${TOKEN}`, 'https://a.org/unsubscribe/[token]'],
    [`/preferences/${TOKEN}`, '/preferences/[token]'],
    [`HEAD /l/${TOKEN} 302`, 'HEAD /l/[token] 302'],
    [`GET /l/${TOKEN}.${TOKEN} 302`, 'GET /l/[token] 302'],
    [`GET /o/AZkAAAAAcACAAAAAAAAAAg.${TOKEN}`, 'GET /o/[token]'],
    ['authorization: Bearer 0123456789abcdef', 'authorization: Bearer [key]'],
    ['smtps://me:p4ss@smtp.example.org:465', 'smtps://[secret]@smtp.example.org:465'],
    [
      'postgres://u:p%40ss@db:5432/x and redis://:pw@r:6379',
      'postgres://[secret]@db:5432/x and redis://[secret]@r:6379',
    ],
    ['smtp://me@example.org:p4ss@smtp.example.org', 'smtp://[secret]@smtp.example.org'],
    ['smtp://me:p@ss@smtp.example.org, smtp://b:c@d', 'smtp://[secret]@smtp.example.org, smtp://[secret]@d'],
  ])('%s', (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed);
  });

  it.each(['edition 0193 sent to 12 of 12', 'see /confirm/ and /terms/3', 'a @ b'])(
    'leaves alone: %s',
    (text) => {
      expect(scrub(text)).toBe(text);
    },
  );
});

it('takes no time over a long word', () => {
  const word = 'a'.repeat(300_000);
  const start = performance.now();
  expect(scrub(word)).toBe(word);
  expect(performance.now() - start).toBeLessThan(2_000);
});

describe('a log', () => {
  it('tells the query that failed but not its values', async () => {
    const line = await new Promise<string>((resolve) => {
      const failed = new DrizzleQueryError('select 1 where a = $1', ['Ann\nPrivate'], new Error('no table'));
      createLog({ level: 'info', format: 'json' }, { write: resolve }).error('failed', failed);
    });
    expect(line).toContain('select 1 where a = $1');
    expect(line).toContain('no table');
    expect(line).not.toContain('Private');
  });

  it.each(['json', 'pretty'] as const)(
    'scrubs every %s line, whatever the call site put in',
    async (format) => {
      const lines: string[] = [];
      const written = new Promise<void>((resolve) => {
        const log = createLog(
          { level: 'info', format },
          { write: (line: string) => lines.push(line) >= 3 && resolve() },
        );
        const cause = new Error('550 no such user reader@example.org');
        log.error('sending to reader@example.org failed', new Error('refused', { cause }), {
          deep: { to: 'b@example.org' },
        });
        log.child({ url: `/unsubscribe/${TOKEN}` }).warn('a link of c@example.org');
        log.debug('d@example.org is not even written');
        log.info('last');
      });
      await written;
      const text = lines.join('');
      expect(text).toContain('[address]');
      expect(text).toContain('550 no such user');
      expect(text).not.toMatch(/@example|AQAabc/);
    },
  );
});
