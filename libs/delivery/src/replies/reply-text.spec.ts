import { readReply } from './reply-text.js';

const read = (text: string) => readReply({ code: null, text });

describe('readReply', () => {
  it.each([
    ['550 5.1.1 no', 550, '5.1.1'],
    ['550-5.7.26 no', 550, '5.7.26'],
    ['smtp; 550 no', 550, null],
    ['smtp;552 5.2.2 full', 552, '5.2.2'],
    ['host mx.example.org[192.0.2.1] said: 450 4.2.0 wait', 450, '4.2.0'],
    ['#< #5.1.1> #SMTP#', null, '5.1.1'],
    ['Sorry. (#5.1.1)', null, '5.1.1'],
    ['gone, 5.1.1.', null, '5.1.1'],
    ['250 2.1.5 ok', 250, '2.1.5'],
    ['IP 5.1.1.7 is odd', null, null],
    ['550 5.1 no', 550, null],
    ['550 5.1.1.2 no', 550, null],
    ['550 3.1.1 no', 550, null],
    ['about 550 of them', null, null],
    ['no', null, null],
  ])('finds the codes of: %s', (text, code, status) => {
    expect(read(text)).toMatchObject({ code, status });
  });

  it.each([
    ['550 5.1.1 <ada@example.org>... User unknown', '@ user unknown'],
    ['550 User ada@example.org...unknown', 'user @ unknown'],
    ['550-5.1.1 It does\r\n550-5.1.1 not exist', 'it does not exist'],
    ['550 Isn’t here, e-mail', 'isnt here email'],
    ['550 Boîte pleine', 'boite pleine'],
    ['550 see https://spam.example.org/unknown-user', 'see'],
    ['550 see https://www.spamhaus.org/query', 'see spamhaus'],
    ['550 mx.full.example.org says no', 'says no'],
    ['550 RESOLVER.ADR.RecipNotFound', 'resolver adr recipnotfound'],
    ['550 no (in reply to RCPT TO command)', 'no'],
    ['5.1.0 - Unknown address error 550-‘Go’', 'go'],
  ])('finds the words of: %s', (text, words) => {
    expect(read(text).words.join(' ')).toBe(words);
  });

  it.each([
    ['no (in reply to RCPT TO command)', 'rcpt'],
    ['no (in reply to end of DATA\n    command)', 'message'],
    ['host mx.example.org refused to talk to me: 554 no', 'connect'],
    ['SMTP error from remote mail server after MAIL FROM:<a@example.org>: 550 no', 'mail'],
    ['no', undefined],
  ] as const)('finds where it was said: %s', (text, stage) => {
    expect(read(text).stage).toBe(stage);
  });
});
