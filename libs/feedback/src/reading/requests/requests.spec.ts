import { fixture, type FixtureMail } from '../fixtures.js';
import { readReturnedMail } from '../read-returned-mail.js';

const from = 'Anna <anna@reader.example>';

describe('unsubscribes', () => {
  it.each([
    'unsubscribe',
    'Unsubscribe',
    'UNSUBSCRIBE please',
    'Re: unsubscribe',
    'unsubscribe:tok3n',
    'Abmelden',
    'Désabonnement',
    'Désinscription',
    'Cancelar suscripción',
    'Baja',
    'Descadastrar',
    'Cancellami',
    'Uitschrijven',
    'Avregistrera',
    'Wypisz',
    'Odhlásit',
    'Leiratkozás',
    'Отписаться',
    '配信停止',
    '退订',
    '수신거부',
  ])('by the subject %s', async (subject) => {
    const read = await readReturnedMail(fixture({ from, subject, text: '' }));
    expect([read.kind, read.returnPaths]).toEqual(['unsubscribe', ['bounces+tok3n@news.example.org']]);
  });

  it.each<[string, FixtureMail, string]>([
    ['the first line', { from, subject: '', text: '\nPlease unsubscribe me\n' }, 'unsubscribe'],
    ['what a one-click sends', { from, subject: '', text: 'List-Unsubscribe=One-Click' }, 'unsubscribe'],
    [
      'a word in a long line',
      {
        from,
        subject: 'Hello',
        text: 'Unsubscribe is what I will never do, since I like your letter more than any other that I have ever got.',
      },
      'other',
    ],
    ['a word in the middle', { from, subject: 'How do I unsubscribe a friend?', text: 'Tell me.' }, 'other'],
    ['a quoted line', { from, subject: 'Re: Today', text: '> Unsubscribe\n' }, 'other'],
    [
      'a machine',
      { from, subject: 'unsubscribe', headers: ['Auto-Submitted: auto-replied'], text: '' },
      'auto_reply',
    ],
  ])('%s', async (_, mail, kind) => expect((await readReturnedMail(fixture(mail))).kind).toBe(kind));
});

const attached = (type: string, name: string, content = 'eJw=') =>
  [
    `${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64`,
    content,
  ] satisfies [string, string];

describe('reports of machines', () => {
  it.each<[string, FixtureMail, string, string | null]>([
    [
      'by the name of its file',
      {
        subject: 'Your report',
        text: '',
        part: attached('application/gzip', 'mx.example!news.example.org!1764000000!1764086400.xml.gz'),
      },
      'dmarc_report',
      'application/gzip',
    ],
    [
      'by its subject',
      {
        subject: 'Report Domain: news.example.org Submitter: mx.example Report-ID: <1@mx.example>',
        text: 'x',
        part: attached('application/zip', 'report.zip'),
      },
      'dmarc_report',
      'application/zip',
    ],
    [
      'TLS, by its field',
      {
        subject: 'Report Domain: news.example.org Submitter: mx.example Report-ID: <1@mx.example>',
        headers: ['TLS-Report-Domain: news.example.org', 'TLS-Report-Submitter: mx.example'],
        text: 'x',
        part: attached('application/tlsrpt+gzip', 'a.json.gz'),
      },
      'tls_report',
      'application/tlsrpt+gzip',
    ],
    [
      'TLS, by its report type',
      {
        subject: 'TLS',
        reportType: 'tlsrpt',
        text: 'x',
        part: attached('application/tlsrpt+json', 'a.json'),
      },
      'tls_report',
      'application/tlsrpt+json',
    ],
    [
      'a file without such a name',
      { from, subject: 'My holiday', text: 'x', part: attached('application/zip', 'pictures.zip') },
      'other',
      null,
    ],
  ])('%s', async (_, mail, kind, type) => {
    const read = await readReturnedMail(fixture({ from: 'reports@mx.example', ...mail }));
    expect([read.kind, read.report?.contentType ?? null]).toEqual([kind, type]);
    if (type) expect(Buffer.from(read.report?.content ?? []).toString('base64')).toBe('eJw=');
  });

  it('is the whole mail when it has no parts', async () => {
    const name = 'mx.example!news.example.org!1764000000!1764086400.zip';
    const read = await readReturnedMail(
      fixture({
        from: 'reports@mx.example',
        subject: 'Report domain: news.example.org',
        contentType: `application/zip; name="${name}"`,
        encoding: 'base64',
        text: 'UEsDBA==',
      }),
    );
    expect([read.kind, read.report?.filename, read.report?.content.length]).toEqual([
      'dmarc_report',
      name,
      4,
    ]);
  });
});
