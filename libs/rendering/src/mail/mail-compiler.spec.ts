import { here, publicationView } from '../fixtures.js';
import { LOCALES } from '../template/locales.js';
import { MAIL_KINDS, MailCompiler, type MailData } from './mail-compiler.js';
import { newNonce, sentinel } from '../template/sentinel.js';
import { splitAtPlaceholders } from '../template/placeholders.js';

const data: MailData = {
  address: 'anna@example.org',
  name: 'Anna',
  requested: ['The Morning Brief', 'Weekend'],
  confirmUrl: 'https://news.example.org/confirm/abc?x=1&y=2',
  preferencesUrl: 'https://news.example.org/preferences/abc',
  unsubscribeUrl: 'https://news.example.org/unsubscribe/abc',
};
const publication = publicationView();
const mails = new MailCompiler(here);

describe.each(MAIL_KINDS)('%s', (kind) => {
  test.each(LOCALES)('in %s is complete', async (locale) => {
    const { subject, html, text } = await mails.compile(kind, { locale, publication, data });
    expect(subject).toContain('The Harbour Post');
    for (const part of [html, text]) {
      expect(part).toContain('anna@example.org');
      expect(part).toContain('Harbour Post Ltd');
      expect(part).toContain('Falmouth TR11 3HP');
      expect(part).not.toMatch(/mail\.[a-z]+[._]|\{\w+\}|Xq[0-9a-z]{24}/);
    }
    expect(html).toMatch(new RegExp(`<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"`));
  });
});

test('the confirmation asks, offers one button, and is not list mail', async () => {
  const { subject, html, text } = await mails.compile('confirmation', { locale: 'en', publication, data });
  expect(subject).toBe('Please confirm your subscription to The Harbour Post');
  expect(html).toContain('The Morning Brief and Weekend');
  expect(html).toContain('href="https://news.example.org/confirm/abc?x=1&amp;y=2"');
  expect(text).toContain('https://news.example.org/confirm/abc?x=1&y=2');
  expect(html).toContain('do nothing');
  expect(html + text).not.toContain('/unsubscribe/');
});

test('the receipt says it is done and how to come back', async () => {
  const { html, text } = await mails.compile('unsubscribed', {
    locale: 'en',
    publication,
    data: { address: 'a@b.org' },
  });
  expect(html).toContain('It is done');
  expect(html).toContain('href="https://news.example.org/subscribe"');
  expect(text).toContain('https://news.example.org/subscribe');
});

test('compiles once per kind, locale and look', async () => {
  const compiles: string[] = [];
  const counting = new MailCompiler({
    ...here,
    mailTemplates: (its) => {
      compiles.push(its.kind);
      return here.mailTemplates(its);
    },
  });
  const once = { locale: 'en', publication, data };
  await Promise.all([counting.compile('welcome', once), counting.compile('welcome', once)]);
  await counting.compile('welcome', { ...once, data: { ...data, address: 'other@example.org' } });
  expect(compiles).toEqual(['welcome']);
  await counting.compile('welcome', { ...once, locale: 'de-AT' });
  await counting.compile('welcome', { ...once, publication: publicationView({ name: 'Other' }) });
  await counting.compile('confirmation', once);
  expect(compiles).toEqual(['welcome', 'welcome', 'welcome', 'confirmation']);
});

test('what a stranger types is text, and no placeholder', async () => {
  const forged = sentinel(newNonce(), 'address');
  const nasty = { ...data, name: '<b>"A"</b> & {{ x }} $&', requested: [`<i>${forged}`] };
  const { html, text } = await mails.compile('confirmation', { locale: 'en', publication, data: nasty });
  expect(html).toContain('Hello &lt;b&gt;&quot;A&quot;&lt;/b&gt; &amp; {{ x }} $&amp;,');
  expect(text).toContain('Hello <b>"A"</b> & {{ x }} $&,');
  expect(splitAtPlaceholders(html)).toEqual([html]);
  expect(splitAtPlaceholders(text)).toEqual([text]);
});

test('a missing link is an error, not a hole', async () => {
  const without = { locale: 'en', publication, data: { address: 'a@b.org' } };
  await expect(mails.compile('confirmation', without)).rejects.toThrow(/confirmUrl/);
});
