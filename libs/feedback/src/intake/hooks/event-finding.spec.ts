import { setImmediate } from 'node:timers/promises';
import type { ProviderEvent } from '../../hooks/hook.js';
import { understoodEvents } from './event-finding.js';

const event = (changes: Partial<ProviderEvent> = {}): ProviderEvent => ({
  id: 'e1',
  kind: 'bounce',
  name: 'bounce',
  recipient: 'reader@example.com',
  messageId: null,
  providerMessageId: null,
  code: null,
  status: null,
  text: '',
  verdict: null,
  at: new Date('2026-11-28T09:30:00Z'),
  ...changes,
});
const findingOf = async (changes: Partial<ProviderEvent>) => {
  const [understood] = await understoodEvents([event(changes)]);
  return understood!.finding;
};
const unknownUser = { code: 550, status: '5.1.1', text: '550 5.1.1 The email account does not exist' };
const fullMailbox = { code: 552, status: '5.2.2', text: '552 5.2.2 Mailbox full, over quota' };
const ourFault = {
  code: 550,
  status: '5.7.1',
  text: '550 5.7.1 Message rejected due to the reputation of the sender',
};

describe('what an event says of its recipient', () => {
  it.each<[string, Partial<ProviderEvent>, string | null]>([
    ['the verdict, without words', { verdict: 'hard' }, 'hard'],
    ['the verdict, with words of the provider', { verdict: 'hard', text: 'Mailbox full or closed' }, 'hard'],
    ['a verdict that the server agrees with', { verdict: 'hard', ...unknownUser }, 'hard'],
    ['hard, and the server speaks of a full mailbox', { verdict: 'hard', ...fullMailbox }, 'soft'],
    ['hard, and the server speaks of us', { verdict: 'hard', ...ourFault }, 'blocked'],
    ['a milder verdict, whatever the words', { verdict: 'soft', ...unknownUser }, 'soft'],
    ['blocked, whatever the words', { verdict: 'blocked', ...unknownUser }, 'blocked'],
    ['the words, without a verdict', unknownUser, 'hard'],
    ['soft, when nothing is certain', { text: 'no reason given' }, 'soft'],
    ['nothing of a complaint', { kind: 'complaint', verdict: 'hard' }, null],
    ['nothing of an unsubscribe', { kind: 'unsubscribe' }, null],
  ])('is %s', async (_, changes, expected) => {
    expect(await findingOf(changes)).toMatchObject({ class: expected });
  });

  it('holds no address in its reason, and nothing that cannot be stored', async () => {
    const text = `<reader@example.com>: gone \0 \ud83d ${'x'.repeat(600)}`;
    const { reason, recipient } = await findingOf({ text });
    expect(reason).toMatch(/^<\[address\]>: gone \ufffd \ufffd x+$/);
    expect([reason.length, recipient]).toEqual([500, 'reader@example.com']);
  });

  const LONGEST = 1_000;
  it.each([
    ['one letter', 'a'],
    ['addresses', 'a@b.example '],
    ['addresses without an end', 'a@b.'],
    ['beginnings of links', 'https://a/'],
    ['codes', '550 5.1.1 4.2.2 '],
    ['words of servers', 'user unknown mailbox full blocked spam policy '],
    ['spaces', ' '],
    ['punctuation', '<("[:'],
  ])('costs a few milliseconds at most, made of %s', async (_, piece) => {
    const text = piece.repeat(LONGEST).slice(0, LONGEST);
    const events = Array.from({ length: 100 }, (_, at) => event({ id: `e${at}`, text, code: 550 }));
    await understoodEvents(events); // compiled, by then
    const before = process.cpuUsage();
    await understoodEvents(events);
    const { user } = process.cpuUsage(before);
    expect(user / 1_000 / events.length).toBeLessThan(5);
  });

  it('leaves others their turn while there are many of them', async () => {
    const text = 'user unknown mailbox full '.repeat(LONGEST).slice(0, LONGEST);
    const events = Array.from({ length: 5_000 }, (_, at) => event({ id: `e${at}`, text, code: 550 }));
    let turns = 0;
    let isOver = false;
    const others = (async () => {
      for (; !isOver; turns++) await setImmediate();
    })();
    expect(await understoodEvents(events)).toHaveLength(events.length);
    isOver = true;
    await others;
    expect(turns).toBeGreaterThan(5);
  });
});
