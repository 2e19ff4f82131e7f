import { replyWords } from './reply-words.js';

describe('the words of a reply', () => {
  it.each([
    ['550 5.1.1 User unknown', '5.1.1 User unknown'],
    ['5.1.1 no such user (id 4F2A77C1)', '5.1.1 no such user (id …'],
    ['mx12.mail.example.org said: mailbox full', '… said: mailbox full'],
    ['blocked [192.0.2.17] see https://example.org/why?ip=192.0.2.17 now', 'blocked … see … now'],
    ['#5.7.1: try later. Please.', '#5.7.1: try later. Please.'],
    ['a   b\r\nc', 'a b c'],
    ['', ''],
  ])('of %j are %j', (reply, words) => {
    expect(replyWords(reply)).toBe(words);
  });

  it('are the same of two messages', () => {
    const said = (id: string) => `4.2.2 over quota ${id} - gsmtp 1712345678 host${id}.in.example.net`;
    expect(replyWords(said('a1b2c3d4'))).toBe(replyWords(said('ffee00112233')));
  });

  it('are few, however much was said', () => {
    expect(replyWords('x'.repeat(5_000)).length).toBeLessThanOrEqual(200);
  });
});
