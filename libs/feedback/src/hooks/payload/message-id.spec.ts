import { bracketed, messageIdAmong, messageIdInHeaders } from './message-id.js';

describe('a Message-ID', () => {
  it.each<[string | undefined, string | null]>([
    ['<a.b@example.org>', '<a.b@example.org>'],
    ['a.b@example.org', '<a.b@example.org>'],
    [' <a.b@example.org>\r\n', '<a.b@example.org>'],
    ['0102018c-ses-000000', null],
    ['<a b@example.org>', null],
    ['<a@b@example.org>', null],
    [`${'x'.repeat(1_000)}@example.org`, null],
    ['', null],
    [undefined, null],
  ])('%j is %j', (given, expected) => {
    expect(bracketed(given)).toBe(expected);
  });

  it.each([
    [{ 'Message-ID': 'a@b' }, 'a@b'],
    [{ message_id: 'a@b' }, 'a@b'],
    [{ MessageId: 'a@b' }, 'a@b'],
    [{ message_id: 7 }, undefined],
    [{ id: 'a@b' }, undefined],
    [undefined, undefined],
  ])('among %j is %j', (values, expected) => {
    expect(messageIdAmong(values)).toBe(expected);
  });

  it('is found in a list of headers, however it is spelt', () => {
    expect(messageIdInHeaders([{ name: 'To' }, { name: 'MESSAGE-ID', value: 'a@b' }])).toBe('a@b');
    expect(messageIdInHeaders(undefined)).toBeUndefined();
  });
});
