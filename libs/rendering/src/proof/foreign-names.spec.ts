import { readTemplates } from '../template/template-files.js';
import { foreignNames } from './foreign-names.js';

test.each<[string, string, RegExp]>([
  ['listmonk', '{{ UnsubscribeURL }}', /slot\.unsubscribeUrl/],
  ['listmonk', '{{ .Subscriber.FirstName }}', /slot\.greeting/],
  ['listmonk', '{{ .Subscriber.Email }}', /slot\.address/],
  ['listmonk', '{{ template "content" . }}', /article\.begin/],
  ['listmonk', '{{ TrackLink "https://x.org" . }}', /the link itself/],
  ['Mailchimp', '*|UNSUB|*', /slot\.unsubscribeUrl/],
  ['Mailchimp', '*|FNAME|*', /slot\.greeting/],
  ['Mailchimp', '*|RSSITEM:TITLE|*', /article\.title/],
  ['Mailchimp', '*|IFNOT:ARCHIVE_PAGE|*', /leave it out/],
  ['SendGrid', '<%asm_group_unsubscribe_raw_url%>', /slot\.unsubscribeUrl/],
  ['SendGrid', '{{{unsubscribe}}}', /slot\.unsubscribeUrl/],
  ['Brevo', '{{ unsubscribe }}', /slot\.unsubscribeUrl/],
  ['Brevo', '{{ contact.FIRSTNAME }}', /slot\.greeting/],
  ['Brevo', '{{ mirror }}', /publication\.baseUrl/],
  ['Keila', '{{ unsubscribe_link }}', /slot\.unsubscribeUrl/],
  ['Ghost', '%%{unsubscribe_url}%%', /slot\.unsubscribeUrl/],
  ['Ghost', '{first_name, "there"}', /slot\.greeting/],
  ['Ghost', '{{@site.title}}', /publication\.name/],
  ['Ghost', '{{post.title}}', /article\.title/],
  ['phpList', '[UNSUBSCRIBEURL]', /slot\.unsubscribeUrl/],
  ['Mailtrain', '[LINK_UNSUBSCRIBE]', /slot\.unsubscribeUrl/],
  ['Mailjet', '[[UNSUB_LINK_EN]]', /slot\.unsubscribeUrl/],
  ['Klaviyo', "{% unsubscribe 'Leave' %}", /slot\.unsubscribeUrl/],
])('a name of %s, %s, is told ours', (product, name, here) => {
  const [problem, ...more] = foreignNames(`<p>\n<a href="${name}">x</a>\n${name}`);
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ field: 'template', code: 'foreign_name' });
  expect(problem!.message).toMatch(here);
  expect(problem!.message.startsWith(`Line 2: ${name} is a name of ${product}.`)).toBe(true);
});

test('several are told in the order of the lines, ten at most', () => {
  const many = Array.from({ length: 20 }, (_, at) => `*|MERGE${at}|*`).join('\n');
  expect(foreignNames(`{{ UnsubscribeURL }}\n${many}`).map(({ message }) => message.split(':')[0])).toEqual(
    Array.from({ length: 10 }, (_, at) => `Line ${at + 1}`),
  );
});

test.each([
  '{% for post in articles %}{{ post.title }}{% endfor %}',
  '{% assign unsubscribe = slot.unsubscribeUrl %}{{ unsubscribe }}',
  '{% capture mirror %}x{% endcapture %}{{ mirror }}',
  'a * b | c * d, [1], {x}, 100%',
  '@media (x) { .name { color: red } } a{color:blue}',
  ...Object.entries(readTemplates('emails')).map(([, source]) => source),
])('what is ours or nobody’s is none: %.60s', (source) => {
  expect(foreignNames(source)).toEqual([]);
});
