import type { ReturnedMail, ReturnedRecipient } from '../reading/returned-mail.js';
import { understoodMail, type UnderstoodMail } from '../reading/understood-mail.js';
import { unreadMail } from '../reading/read-returned-mail.js';
import { findingsOf } from './act.js';
import type { Subject } from './subject-finder.js';

const SUBJECT: Subject = {
  subscriberId: 'reader',
  editionId: 'edition',
  email: 'anna@reader.example',
  isCertain: true,
};
const WORDS = {
  hard: ['5.1.1', '550 5.1.1 No such user here'],
  soft: ['5.2.2', '552 5.2.2 mailbox full'],
  blocked: ['5.7.1', '550 5.7.1 our policy: the sender has a poor reputation'],
} as const;

type Said = keyof typeof WORDS | 'delayed' | 'delivered' | 'relayed' | 'expanded';

function said(its: Said, at: number, address = `other${at}@forward.example`): ReturnedRecipient {
  const action = its === 'hard' || its === 'soft' || its === 'blocked' ? 'failed' : its;
  const [status, text] =
    action === 'failed' ? WORDS[its as keyof typeof WORDS] : ['4.4.1', '451 4.4.1 later'];
  return { address, finalAddress: null, action, code: null, status, text, stage: null };
}
function bounce(recipients: ReturnedRecipient[], kind: ReturnedMail['kind'] = 'bounce'): UnderstoodMail {
  return understoodMail({ ...unreadMail(''), note: null, kind, recipients });
}
/** What is acted on: the class, or that it is still being tried; null: nothing. */
function actedOn(mail: UnderstoodMail, subject = SUBJECT): string | null {
  const proved = findingsOf(mail, subject).filter(({ isProved }) => isProved);
  expect(proved.length).toBeLessThanOrEqual(1);
  const [one] = proved;
  return one ? (one.isDelayed ? 'delayed' : one.class) : null;
}

describe('a proved bounce of which no recipient is the reader', () => {
  it.each<[Said[], string | null]>([
    [['hard'], 'hard'],
    [['hard', 'hard'], 'hard'],
    [['hard', 'soft'], 'soft'],
    [['soft', 'blocked', 'hard'], 'blocked'],
    [['hard', 'delayed'], 'delayed'],
    [['hard', 'delivered'], null],
    [['hard', 'hard', 'relayed'], null],
    [['hard', 'expanded'], null],
  ])('%j: acts on %s', (all, expected) => {
    expect(actedOn(bounce(all.map((its, at) => said(its, at))))).toBe(expected);
    expect(actedOn(bounce(all.map((its, at) => said(its, at)).reverse()))).toBe(expected);
  });

  it('acts on none where the message is named only as answered', () => {
    expect(actedOn(bounce([said('hard', 1), said('hard', 2)]), { ...SUBJECT, isCertain: false })).toBeNull();
  });

  it('acts on the reader where they are named, whatever is said of others', () => {
    const mail = bounce([said('soft', 1), said('hard', 2, 'Anna@Reader.example'), said('delivered', 3)]);
    expect(actedOn(mail)).toBe('hard');
  });

  it('takes no complaint of several for the reader', () => {
    const both = [said('delivered', 1), said('delivered', 2)];
    expect(findingsOf(bounce(both, 'complaint'), SUBJECT).map(({ isProved }) => isProved)).toEqual([
      false,
      false,
    ]);
  });
});
