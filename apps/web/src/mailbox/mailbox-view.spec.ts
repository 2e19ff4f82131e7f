import { mailboxView, withLinksOutside } from './mailbox-view.js';

const MAIL = [
  'From: Post <news@example.org>',
  'Subject: =?utf-8?q?Sea_=E2=80=93_wall?=',
  'X-Long: one',
  ' two',
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Words',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<html><head><title>x</title></head><body><a href="https://example.org">y</a></body></html>',
  '--b--',
  '',
].join('\r\n');

test('takes a message apart', async () => {
  const view = await mailboxView(Buffer.from(MAIL));
  expect(view.text.trim()).toBe('Words');
  expect(view.html).toContain('<a href="https://example.org">');
  expect(view.headers).toContainEqual({ name: 'X-Long', value: 'one two' });
  expect(view.source).toBe(MAIL);
});

test('a message of text alone has no HTML', async () => {
  const view = await mailboxView(Buffer.from('Subject: x\r\n\r\nWords\r\n'));
  expect(view).toMatchObject({ html: null, attachments: [] });
});

test('links leave the frame', () => {
  expect(withLinksOutside('<head lang="en"><title>')).toBe('<head lang="en"><base target="_blank"><title>');
  expect(withLinksOutside('<p>')).toBe('<base target="_blank"><p>');
});
