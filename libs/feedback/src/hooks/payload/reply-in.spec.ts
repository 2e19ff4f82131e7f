import { replyIn } from './reply-in.js';

describe('the codes in a reply that is quoted', () => {
  it.each<[string, number | null, string | null]>([
    ['550 5.1.1 user unknown', 550, '5.1.1'],
    ['smtp; 550 5.1.1 user unknown', 550, '5.1.1'],
    ['smtp;550-5.7.26 not authenticated', 550, '5.7.26'],
    ['X-Postfix; 452 4.2.2 over quota', 452, '4.2.2'],
    ['550', 550, null],
    ['5.1.1 user unknown', null, '5.1.1'],
    ['554 delivery error: (#5.1.2) bad host', 554, '5.1.2'],
    ['mailbox is 450 MB over', null, null],
    ['5501 things', null, null],
    ['connection to 5.1.1.7 timed out', null, null],
    ['version 4.2.2.1', null, null],
    ['', null, null],
  ])('%j', (text, code, status) => {
    expect(replyIn(text)).toEqual({ code, status });
  });
});
