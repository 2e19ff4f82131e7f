import type { ProviderEvent } from '../../hooks/hook.js';
import { findingOf } from './event-finding.js';

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
  ])('is %s', (_, changes, expected) => {
    expect(findingOf(event(changes), true).class).toBe(expected);
  });

  it('holds no address in its reason, and nothing that cannot be stored', () => {
    const text = `<reader@example.com>: gone \0 \ud83d ${'x'.repeat(600)}`;
    const { reason, recipient, isProved } = findingOf(event({ text }), false);
    expect(reason).toMatch(/^<\[address\]>: gone \ufffd \ufffd x+$/);
    expect([reason.length, recipient, isProved]).toEqual([500, 'reader@example.com', false]);
  });
});
