import { fixture, ORIGINAL, type FixtureMail } from '../fixtures.js';
import { readReturnedMail } from '../read-returned-mail.js';

const from = 'Anna <anna@reader.example>';
const quoted = `\n\nOn Tue, The Harbour Post wrote:\n> Message could not be delivered to you? See user unknown 550 5.1.1\n> ${ORIGINAL.replaceAll('\n', '\n> ')}\n`;

/** By a field. */
const FIELDS = [
  'Auto-Submitted: auto-replied',
  'Auto-Submitted: auto-replied (vacation)',
  'Auto-Submitted: auto-generated',
  'X-Autoreply: yes',
  'X-Autorespond: Re: Today in the harbour',
  'X-Autoreply-From: anna@reader.example',
  'Precedence: auto_reply',
  'X-Precedence: auto_reply',
  'Delivered-To: Autoresponder',
  'X-Apple-Action: vacation',
  'X-Mailer: vacation 1.2',
];
/** By a subject. */
const SUBJECTS = [
  'Out of Office: Today in the harbour',
  'Automatic reply: Today in the harbour',
  'Auto: away until Monday',
  'Re: I am on vacation',
  'I have left the company',
  'Our e-mail address has changed',
  'Abwesenheitsnotiz: Heute im Hafen',
  'Automatische Antwort: Heute im Hafen',
  'Réponse automatique : Le port',
  'Absence du bureau',
  'Respuesta automática: El puerto',
  'Resposta automática: O porto',
  'Risposta automatica: Il porto',
  'Automatisch antwoord: De haven',
  'Autosvar: Hamnen',
  'Automaattinen vastaus: Satama',
  'Odpowiedź automatyczna: Port',
  'Automatická odpověď: Přístav',
  'Автоответ: Порт',
  'Automatikus válasz: Kikötő',
  'Răspuns automat: Portul',
  'Αυτόματη απάντηση: Το λιμάνι',
  'Otomatik Yanıt: Liman',
  '自動返信: 港',
  '自动回复: 港口',
  '자동 회신: 항구',
  'تلقائي رد تلقائي: الميناء',
  'תשובה אוטומטית: הנמל',
  'Please verify your message to anna@reader.example',
  '[SpamArrest] your message is held',
  '[Ticket #4711] Today in the harbour',
  'Thank you for contacting the library',
];
const holiday = 'Hello, I am away until Monday and have limited access to my e-mail.\n\nAnna';

describe('answers of machines', () => {
  it.each(FIELDS)('by the field %s', async (field) => {
    const read = await readReturnedMail(
      fixture({ from, subject: 'Re: Today in the harbour', headers: [field], text: holiday }),
    );
    expect([read.kind, read.recipients]).toEqual(['auto_reply', []]);
    expect(read.autoSubmitted?.toLowerCase()).toContain(field.slice(0, field.indexOf(':')).toLowerCase());
  });

  it.each(SUBJECTS)('by the subject %s', async (subject) => {
    const encoded = `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`;
    for (const its of [subject, encoded]) {
      const read = await readReturnedMail(fixture({ from, subject: its, text: `Hello,\n\nyours${quoted}` }));
      expect([read.kind, read.recipients]).toEqual(['auto_reply', []]);
    }
  });

  it.each<[string, FixtureMail]>([
    ['a note that quotes our mail', { from, subject: 'Out of office', text: holiday + quoted }],
    ['a note that returns our mail', { from, subject: 'Out of office', text: holiday, original: 'message' }],
    [
      'one who has left, in the words of a refusal',
      {
        from,
        subject: 'Automatic reply: Today in the harbour',
        headers: ['Auto-Submitted: auto-replied'],
        text: 'This address is no longer in use. Your message was not delivered to anna@reader.example. 550 user unknown.',
      },
    ],
    [
      'one who has left, by a machine that answers for a person, with no words of it in the subject',
      {
        from,
        subject: 'Today in the harbour',
        headers: ['Auto-Submitted: auto-replied'],
        text: 'anna@reader.example does not exist any more: your mail could not be delivered. Write to bert@reader.example.',
      },
    ],
    [
      'a challenge',
      {
        from: 'Boxbe <notice@boxbe.example>',
        subject: 'Today in the harbour (Action Required to deliver)',
        headers: ['Auto-Submitted: auto-replied'],
        text: 'Your message is not delivered to anna@reader.example yet. Click here to verify.',
      },
    ],
    [
      'a challenge in the shape of a delivery status',
      {
        from: 'noreply@boxbe.com',
        subject: 'Re: Today in the harbour',
        text: 'I received your message. This is a one-time automated message.',
        status:
          'Reporting-MTA: dns; boxbe.com\n\nFinal-Recipient: rfc822; anna@reader.example\nAction: failed\nStatus: 4.7.0\nDiagnostic-Code: X-Boxbe-Notice; Sender not pre-approved\n',
      },
    ],
    [
      'a challenge by who sends it',
      {
        from: 'anna@reader.example',
        subject: 'Re: Today',
        headers: ['Sender: <spamblocker-challenge@bounce.reader.example>'],
        text: 'This message could not be delivered yet.',
      },
    ],
    [
      'a challenge by its field',
      {
        from,
        subject: 'RE: Today',
        headers: ['X-Bluebottle-Request: <1>'],
        text: 'This account is protected.',
      },
    ],
    [
      'a receipt',
      {
        from,
        subject: 'Read: Today in the harbour',
        reportType: 'disposition-notification',
        text: 'Your message was read.',
        part: [
          'message/disposition-notification',
          'Final-Recipient: rfc822;anna@reader.example\nDisposition: manual-action/MDN-sent-manually; displayed',
        ],
      },
    ],
    [
      'in the words alone, as an answer to us',
      {
        from,
        subject: 'Re: Today in the harbour',
        headers: ['In-Reply-To: <edition-1@news.example.org>'],
        text: `I am currently out of the office.${quoted}`,
      },
    ],
  ])('%s', async (_, mail) => {
    const read = await readReturnedMail(fixture(mail));
    expect([read.kind, read.recipients]).toEqual(['auto_reply', []]);
  });

  it.each<[string, FixtureMail, string]>([
    [
      'what a server says, though it says that a machine does',
      {
        headers: ['Auto-Submitted: auto-replied'],
        subject: 'Undelivered Mail Returned to Sender',
        text: 'could not be delivered\n\n<anna@reader.example>: 550 5.1.1 unknown\n',
      },
      'bounce',
    ],
    [
      'a report about a mail whose subject was of holidays',
      {
        subject: 'Undeliverable: Out of office? Our holiday letter',
        text: 'could not be delivered\n\n<anna@reader.example>: 550 5.1.1 unknown\n',
      },
      'bounce',
    ],
    [
      'a wish that no machine answers',
      { from, subject: 'Re: Today', headers: ['X-Auto-Response-Suppress: All'], text: 'I like it.' },
      'other',
    ],
    [
      'what says that it is none',
      { from, subject: 'Re: Today', headers: ['Auto-Submitted: no'], text: 'I like it.' },
      'other',
    ],
    [
      'a person who sends a report on',
      {
        from,
        subject: 'Fwd: Undelivered Mail Returned to Sender',
        text: 'Look: could not be delivered\n\n<bert@reader.example>: 550 5.1.1 unknown\n',
        original: 'message',
      },
      'other',
    ],
    [
      'a person who complains of it',
      { from, subject: 'Re: Today', text: 'Your mails could not be delivered last week, user unknown, why?' },
      'other',
    ],
  ])('is not %s', async (_, mail, kind) => {
    expect((await readReturnedMail(fixture(mail))).kind).toBe(kind);
  });
});
