import { classifyReply } from './classify-reply.js';
import type { Reply, ReplyReading, ReplyStage } from './reply.js';

const read = (text: string, over: Partial<Reply> = {}) => classifyReply({ code: null, text, ...over });

describe('classifyReply', () => {
  it.each<[string, ReplyReading]>([
    ['550 5.1.1 User unknown', { class: 'hard', about: 'address', status: '5.1.1' }],
    ['552 5.2.2 mailbox full', { class: 'soft', about: 'mailbox', status: '5.2.2' }],
    ['552 5.2.3 too large for this mailbox', { class: 'soft', about: 'content', status: '5.2.3' }],
    ['554 5.7.1 blocked using zen.spamhaus.org', { class: 'blocked', about: 'sender', status: '5.7.1' }],
    ['554 message looks like spam', { class: 'blocked', about: 'content', status: null }],
    ['421 4.4.2 connection lost', { class: 'soft', about: 'network', status: '4.4.2' }],
    ['421 too many connections', { class: 'soft', about: 'sender', status: null }],
    ['250 2.0.0 ok', { class: 'none', about: 'network', status: '2.0.0' }],
    ['Sorry, no mailbox here by that name. (#5.1.1)', { class: 'hard', about: 'address', status: '5.1.1' }],
    ['', { class: 'soft', about: 'address', status: null }],
  ])('%s', (text, reading) => {
    expect(read(text)).toEqual(reading);
  });

  describe('the words before the code', () => {
    it.each([
      ['550 5.1.1 <ada@example.org> quota exceeded', 'soft'],
      ['550 5.1.1 Recipient overquota', 'soft'],
      ['550 5.1.1 rejected by our spam filter', 'blocked'],
      ['550 5.1.1 your IP is listed by Spamhaus', 'blocked'],
      ['554 5.7.1 no such user', 'hard'],
      ['550 5.2.2 submission quota exceeded', 'blocked'],
      ['552 no such mailbox', 'hard'],
    ])('%s → %s', (text, expected) => {
      expect(read(text).class).toBe(expected);
    });
  });

  describe('a code given beside the text', () => {
    it('counts like one in it, and is what is told', () => {
      expect(read('sorry', { status: '5.1.1' })).toEqual({
        class: 'hard',
        about: 'address',
        status: '5.1.1',
      });
      expect(read('no', { code: 550, status: '5.7.1' })).toMatchObject({ class: 'blocked', about: 'sender' });
    });

    it('gives way to the one in the text when it says nothing', () => {
      expect(read('550 5.1.1 sorry', { status: '5.0.0' })).toEqual({
        class: 'hard',
        about: 'address',
        status: '5.0.0',
      });
    });

    it.each(['', '5.1', 'five', '9.1.1', null])('is passed over when it is none: %j', (status) => {
      expect(read('550 5.1.1 sorry', { status }).status).toBe('5.1.1');
    });
  });

  it('takes nothing that may pass for dead', () => {
    expect(read('450 4.1.1 user unknown')).toMatchObject({ class: 'soft', about: 'address' });
    expect(read('user unknown', { code: 450 }).class).toBe('soft');
    expect(read('user unknown', { status: '4.1.1' }).class).toBe('soft');
  });

  it('knows where it was said from what servers add', () => {
    expect(read('550 5.1.1 user unknown (in reply to MAIL FROM command)').class).toBe('blocked');
    expect(read('550 5.1.1 user unknown (in reply to RCPT TO\n command)').class).toBe('hard');
    expect(read('host mx.example.org[192.0.2.1] refused to talk to me: 550 user unknown').class).toBe(
      'blocked',
    );
  });

  it('takes a bare 550 for a dead address only where the recipient was named, and nothing was said', () => {
    expect(read('', { code: 550, stage: 'rcpt' }).class).toBe('hard');
    expect(read('hmpf', { code: 550, stage: 'rcpt' }).class).toBe('blocked');
    expect(read('', { code: 550 }).class).toBe('blocked');
  });

  it('puts what it does not understand before a person, not to the reader’s account', () => {
    expect(read('554 hmpf', { stage: 'message' })).toMatchObject({ class: 'blocked', about: 'content' });
    expect(read('554 hmpf', { stage: 'rcpt' })).toMatchObject({ class: 'blocked', about: 'sender' });
    expect(read('451 hmpf', { stage: 'message' })).toMatchObject({ class: 'soft', about: 'network' });
  });
});

describe('an address that is ours', () => {
  it.each([
    '550 Sender email address rejected',
    '550 The domain of your email address does not exist',
    '550 Unknown sender: no such user at example.org',
    '550 From address does not exist',
    '501 5.1.7 Invalid address',
    '550 Return path address does not exist',
    '550 Bounce address does not exist',
    '550 Reply-To address invalid',
    '550 callback to sender failed: user unknown',
    '550 Your account has been disabled',
    '535 5.7.8 Account is disabled',
    '550 5.7.1 Your account is suspended for sending spam',
    '550 Sender’s mailbox not found',
    '550 Sender’s host unknown',
    '550 unknown host in HELO',
    '554 unknown host [192.0.2.1]: no reverse DNS',
    '550 Client host name not found',
    '550 Host unknown: your mail server is not in DNS',
    '550 No such domain: MAIL FROM domain does not resolve',
    '550 DNS lookup failed for sender domain',
    '553 5.1.8 Your sender domain could not be found',
    '550 Host is not allowed to relay; user unknown',
  ])('is not the reader’s: %s', (text) => {
    expect(read(text).class).toBe('blocked');
  });
});

const DEAD = [
  '550 5.1.1 user unknown',
  '550 No such user here',
  '554 delivery error: dd This user doesn’t have an example.com account',
  '550 mailbox unavailable',
  '550 5.4.1 Recipient address rejected: Access denied',
  '550 5.1.2 host unknown',
  '550 Benutzer unbekannt',
  '550 用户不存在',
];
const OURS = [
  'blocked using zen.spamhaus.org',
  'your IP has a poor reputation',
  'looks like spam',
  'SPF check failed',
  'does not pass DMARC',
  'relaying denied',
  'authentication required',
  'no PTR record',
];

describe('what always holds', () => {
  it.each(['connect', 'mail'] as const)('nothing that is said at %s is hard', (stage: ReplyStage) => {
    for (const text of DEAD) expect([text, read(text, { stage }).class]).toEqual([text, 'blocked']);
  });

  it.each(DEAD)('nothing with words about us is hard: %s', (text) => {
    expect(read(text).class).toBe('hard');
    for (const ours of OURS) expect([ours, read(`${text}; ${ours}`).class]).toEqual([ours, 'blocked']);
  });

  it.each([...DEAD, '552 5.1.1 mailbox quota exceeded', '550 message rejected as spam', '550 hmpf'])(
    'case, line breaks and continuation lines change nothing: %s',
    (text) => {
      const { class: expected, about } = read(text);
      const [code = ''] = text.split(' ');
      const broken = text.replace(/ /g, '\r\n  ');
      const continued = `${code}-${text.slice(4).replace(/(\S+ \S+) /g, `$1\r\n${code}-`)}`;
      for (const same of [
        text.toUpperCase(),
        text.toLowerCase(),
        broken,
        continued,
        `smtp; ${text}`,
        `  ${text}  `,
      ])
        expect([same, read(same)]).toEqual([same, expect.objectContaining({ class: expected, about })]);
    },
  );

  it.each(['spam', 'quota', 'blocked', 'no.such.user', 'mailbox.full', 'unknown', 'relay', 'greylisted'])(
    'an address or a host named %s changes nothing',
    (name) => {
      const address = `${name}@${name}.example`;
      expect(read(`550 5.1.1 <${address}>... User unknown`).class).toBe('hard');
      expect(read(`550 5.1.1 ${address} user unknown`).class).toBe('hard');
      expect(read(`550 5.1.1 <${name}>: user unknown`).class).toBe('hard');
      expect(read(`host mx.${name}.example.com[192.0.2.1] said: 550 user unknown`).class).toBe('hard');
      expect(read(`552 5.2.2 <${address}> mailbox full`).class).toBe('soft');
      expect(read(`554 5.7.1 <${address}>: Relay access denied`).class).toBe('blocked');
      expect(read(`250 2.1.5 <${address}> ok`).class).toBe('none');
    },
  );

  it('takes whatever comes', () => {
    const odd = [
      '\0',
      '@',
      '@@@@',
      '<<<<>>>>',
      '..',
      'a'.repeat(100_000),
      '@'.repeat(50_000),
      '<'.repeat(50_000),
      'a.'.repeat(50_000),
      'a-'.repeat(50_000),
      '\uD800',
      '5.1.1'.repeat(9_999),
    ];
    for (const text of odd) expect(['soft', 'blocked', 'hard', 'none']).toContain(read(text).class);
  });
});
