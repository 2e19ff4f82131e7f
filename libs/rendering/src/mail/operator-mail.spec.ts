import { here, publicationView } from '../fixtures.js';
import { catalogue, LOCALES, translate } from '../template/locales.js';
import { MailCompiler, OPERATOR_MAIL_KINDS, type OperatorMailData } from './mail-compiler.js';
import { newNonce, sentinel } from '../template/sentinel.js';
import { splitAtPlaceholders } from '../template/placeholders.js';

const data: OperatorMailData = {
  address: 'desk@example.org',
  digestName: 'The Morning Brief',
  at: 'Monday, 23 November 2026, 07:00',
  titles: ['Ferry runs', 'Snow & ice'],
  actionUrl: 'https://news.example.org/admin/editions/1?x=1&y=2',
  otherwise: 'skip',
  alarm: { key: 'edition_late', vars: { due: 'Monday, 23 November 2026, 09:00' } },
};
const publication = publicationView();
const mails = new MailCompiler(here);

describe.each(OPERATOR_MAIL_KINDS)('%s', (kind) => {
  test.each(LOCALES)('in %s is complete and is not list mail', async (locale) => {
    const { subject, html, text } = await mails.compile(kind, { locale, publication, data });
    expect(subject).toContain('The Morning Brief');
    for (const part of [html, text]) {
      expect(part).toContain('desk@example.org');
      expect(part).toContain('Monday, 23 November 2026, 07:00');
      expect(part).toContain('Falmouth TR11 3HP');
      expect(part).not.toMatch(/mail\.[a-z]+[._]|\{\w+\}|Xq[0-9a-z]{24}/);
      expect(part).not.toContain(translate(locale, 'mail.unsubscribe'));
    }
    expect(html).toContain('href="https://news.example.org/admin/editions/1?x=1&amp;y=2"');
    expect(text).toContain('https://news.example.org/admin/editions/1?x=1&y=2');
    expect(html).toMatch(new RegExp(`<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"`));
  });
});

test('whoever is asked for a yes sees the articles, and what happens without an answer', async () => {
  const skip = await mails.compile('approval-wanted', { locale: 'en', publication, data });
  expect(skip.subject).toBe('The Morning Brief: the next edition waits for your yes');
  expect(skip.text).toContain('will not be sent');
  expect(skip.text).toContain('In this edition:\n\n- Ferry runs\n- Snow & ice\n');
  expect(skip.html).toContain('Snow &amp; ice</td>');
  const { titles: _, otherwise: __, ...least } = data;
  const send = { ...least, otherwise: 'send' as const };
  const sent = await mails.compile('approval-wanted', { locale: 'en', publication, data: send });
  expect(sent.text).toContain('will be sent as it is');
  expect(sent.text).not.toContain('In this edition');
  const silent = await mails.compile('approval-wanted', { locale: 'en', publication, data: least });
  expect(silent.text).not.toContain('Without an answer');
});

test.each(['edition-paused', 'domain-rested', 'alarm'] as const)(
  '%s says why, in words that are only text',
  async (kind) => {
    const reason = `20 of 20 <b>were</b> refused: {{ x }} ${sentinel(newNonce(), 'address')}`;
    const { html, text } = await mails.compile(kind, {
      locale: 'en',
      publication,
      data: { ...data, reason },
    });
    expect(html).toContain('20 of 20 &lt;b&gt;were&lt;/b&gt; refused: {{ x }}');
    expect(text).toMatch(/\n20 of 20 <b>were<\/b> refused: \{\{ x \}\}/);
    expect(splitAtPlaceholders(html)).toEqual([html]);
    expect(splitAtPlaceholders(text)).toEqual([text]);
  },
);

const ALARM_KEYS = Object.keys(catalogue('en')).flatMap(
  (key) => /^mail\.alarm\.(\w+)\.title$/.exec(key)?.[1] ?? [],
);

test.each(ALARM_KEYS)('an alarm of %s says what happened and what to do, in every language', async (key) => {
  const vars = { due: '09:00', percent: '0.31 %', count: '31', of: '10,000' };
  for (const locale of LOCALES) {
    const its = { ...data, reason: 'Connection refused', alarm: { key, vars } };
    const { subject, text } = await mails.compile('alarm', { locale, publication, data: its });
    for (const part of ['title', 'text', 'todo']) {
      const said = translate(locale, `mail.alarm.${key}.${part}`, { ...vars, name: 'The Morning Brief' });
      expect(said).not.toMatch(/\{|^mail\./);
      expect(text.replace(/\s+/g, ' ')).toContain(said.replace(/\s+/g, ' '));
    }
    expect(subject).toContain('The Morning Brief');
    expect(text).toContain('Connection refused');
  }
});

test('an alarm without its words is an error', async () => {
  const { alarm: _, ...bare } = data;
  await expect(mails.compile('alarm', { locale: 'en', publication, data: bare })).rejects.toThrow(/alarm/);
});

test('titles and names are text, and no placeholders', async () => {
  const forged = `<b>${sentinel(newNonce(), 'address')}</b> {{ x }}`;
  const nasty = { ...data, titles: [forged], digestName: `${forged}\r\nBcc: x@y.z` };
  const { subject, html, text } = await mails.compile('approval-wanted', {
    locale: 'en',
    publication,
    data: nasty,
  });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain('<b>Xq');
  expect(text).toContain('{{ x }}');
  expect(splitAtPlaceholders(html)).toEqual([html]);
  expect(splitAtPlaceholders(text)).toEqual([text]);
});

test('an action without a web address is an error', async () => {
  const bad = { ...data, actionUrl: 'javascript:alert(1)' };
  await expect(mails.compile('slot-held', { locale: 'en', publication, data: bad })).rejects.toThrow(
    /actionUrl/,
  );
});
