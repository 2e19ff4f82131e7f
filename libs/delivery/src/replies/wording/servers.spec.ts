import { classifyReply } from '../classify-reply.js';
import type { ReplyClass } from '../reply.js';

type Said = Partial<Record<ReplyClass, readonly string[]>>;

/** What mail servers say of themselves, and what they pass on in a bounce mail. */
const BY_SERVER: Record<string, Said> = {
  Postfix: {
    hard: [
      '550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown in local recipient table',
      '550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown in virtual mailbox table',
      '554 5.7.1 <ada@example.org>: Recipient address rejected: User unknown',
      '550 5.1.1 <ada@example.org>: Recipient address rejected: undeliverable address: No such user here',
      '550 5.1.2 <ada@example.org>: Recipient address rejected: Domain not found',
      '556 5.1.10 <ada@example.org>: Recipient address rejected: Domain example.org does not accept mail (nullMX)',
      'host mx.example.org[192.0.2.1] said: 550 5.1.1 <ada@example.org>: User unknown (in reply to RCPT TO command)',
      'Host or domain name not found. Name service error for name=example.org type=AAAA: Host not found',
      'unknown user: "ada"',
    ],
    soft: [
      '450 4.2.0 <ada@example.org>: Recipient address rejected: Greylisted',
      '450 4.1.1 <ada@example.org>: Recipient address rejected: unverified address: Address verification in progress',
      '452 4.3.1 Insufficient system storage',
      '451 4.3.5 Server configuration problem',
      'connect to mx.example.org[192.0.2.1]:25: Connection refused',
      'connect to mx.example.org[192.0.2.1]:25: No route to host',
      'conversation with mx.example.org[192.0.2.1] timed out while sending end of data -- message may be sent more than once',
      'lost connection with mx.example.org[192.0.2.1] while sending RCPT TO',
      'Host or domain name not found. Name service error for name=example.org type=MX: Host not found, try again',
      'mail for example.org loops back to myself',
      'cannot update mailbox /var/mail/ada for user ada. error writing message: File too large',
    ],
    blocked: [
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1',
      '554 5.7.1 <ada@example.org>: Relay access denied',
      '554 5.7.1 <news@example.org>: Sender address rejected: Access denied',
      '554 5.7.1 <ada@example.org>: Recipient address rejected: Access denied',
      '550 5.7.1 <ada@example.org>: Recipient address rejected: SPF fail - not authorized',
      '450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]',
      '504 5.5.2 <mail>: Helo command rejected: need fully-qualified hostname',
      '450 4.1.8 <news@example.org>: Sender address rejected: Domain not found',
      '552 5.3.4 Message size exceeds fixed limit',
      'host mx.example.org[192.0.2.1] refused to talk to me: 554 5.7.1 no',
    ],
  },
  Exim: {
    hard: [
      '550 Unrouteable address',
      '550 No Such User Here',
      '550 Unknown local part ada in <ada@example.org>',
      'SMTP error from remote mail server after RCPT TO:<ada@example.org>: host mx.example.org [192.0.2.1]: 550 No Such User Here',
      'all relevant MX records point to non-existent hosts',
    ],
    soft: [
      'mailbox is full (MTA-imposed quota exceeded while writing to file /home/ada/mail)',
      'SMTP error from remote mail server after RCPT TO:<ada@example.org>: 452 4.2.2 mailbox full',
      'retry timeout exceeded',
      'all hosts for "example.org" have been failing for a long time (and retry time not reached)',
    ],
    blocked: [
      '550 relay not permitted',
      '550 Sender verify failed',
      '550-Verification failed for <news@example.org>\r\n550-Called:   192.0.2.1\r\n550-Sent:     RCPT TO:<news@example.org>\r\n550-Response: 550 5.1.1 User unknown\r\n550 Sender verify failed',
      '550 Administrative prohibition',
      'SMTP error from remote mail server after MAIL FROM:<news@example.org> SIZE=1234: 550 5.1.1 User unknown',
      'SMTP error from remote mail server after initial connection: 554 5.7.1 no',
      'SMTP error from remote mail server after end of data: 550 This message looks like spam',
      '550 The mail server detected your message as spam and has prevented delivery.',
    ],
  },
  Sendmail: {
    hard: [
      '550 5.1.1 <ada@example.org>... User unknown',
      '553 5.3.0 <ada@example.org>... Addressee unknown, relay=[192.0.2.1]',
      '553 5.3.0 <ada@example.org>... No such user here',
      '550 5.1.2 <ada@example.org>... Host unknown (Name server: mx.example.org: host not found)',
      '551 5.1.6 <ada@example.org>... User has moved; please try <a@example.net>',
    ],
    soft: [
      '554 5.0.0 Service unavailable',
      '554 5.3.5 Local configuration error',
      '451 4.4.1 reply: read error from mx.example.org',
      '554 5.3.0 unknown mailer error 2',
    ],
    blocked: [
      '550 5.7.1 <ada@example.org>... Relaying denied',
      '553 5.1.8 <news@example.org>... Domain of sender address news@example.org does not exist',
      '550 5.7.1 <ada@example.org>... Access denied',
      '550 5.0.0 <ada@example.org>... No permit',
    ],
  },
  qmail: {
    hard: [
      'Sorry, no mailbox here by that name. vpopmail (#5.1.1)',
      'This address no longer accepts mail.',
      'Sorry, I couldn’t find any host named example.org. (#5.1.2)',
      '553 sorry, badrcptto (user mail-box not found) (#5.7.1)',
      '553 sorry, this recipient is not in my validrcptto list (#5.7.1)',
      '550 sorry, that recipient doesn’t exist (#5.7.1)',
    ],
    soft: [
      'CNAME lookup failed temporarily. (#4.4.3)',
      'Sorry, I wasn’t able to establish an SMTP connection. (#4.4.1)\nI’m not going to try again; this message has been in the queue too long.',
      'User over quota. (#5.1.1)',
      'The users mailfolder is over the allowed quota (size). (#5.2.2)',
    ],
    blocked: [
      '553 sorry, that domain isn’t in my list of allowed rcpthosts (#5.7.1)',
      '550 sorry, your envelope sender domain must exist (#5.7.1)',
    ],
  },
  'Exchange, Domino, Notes, MDaemon, MailMarshal': {
    hard: [
      '#< #5.1.1> #SMTP#',
      '#<mx.example.org #5.1.1 smtp; 550 5.1.1 <ada@example.org>... User unknown>',
      'User ada (ada@example.org) not listed in public Name & Address Book',
      '550 ada@example.org... No such user',
      '550 Recipient does not exist on this system',
    ],
    soft: ['#< #5.2.2 smtp;552 mailbox full> #SMTP#', '554 Service currently unavailable'],
    blocked: [
      '#< #5.7.1 smtp;554 5.7.1 blocked> #SMTP#',
      '550 5.7.1 Unable to relay for ada@example.org',
      '550 Message refused by MailMarshal SpamProfiler',
      '550 5.7.1 RESOLVER.RST.AuthRequired; authentication required',
    ],
  },
  'addresses, however it is said': {
    hard: [
      '550 Utilisateur inconnu',
      '550 Destinataire inconnu ou boite aux lettres désactivée',
      '550 Der Empfänger ist unbekannt',
      '550 Empfaenger unbekannt',
      '550 Destinatario sconosciuto o mailbox disattivata',
      '550 El usuario esta en estado: inactivo',
      '550 No existe ese usuario',
      '550 Usuário inexistente',
      '501 5.1.3 Odbiorca <ada@example.org> nie istnieje / Recipient <ada@example.org> does not exist',
      '550 Nie ma takiego konta',
      '550 Gebruiker onbekend',
      '550 Пользователь не найден',
      '550 该用户不存在',
      '550 ユーザーが存在しません',
      '550 존재하지 않는 사용자',
      '550 "ada@example.org" is not a known user',
      '550 ** No mail box available for this user **',
      '550 I cannot deliver mail for <ada@example.org>',
      '550 Mailbox ( ada@example.org ) not found or inactivated',
      '550 Command RCPT User <ada@example.org> not OK',
      '550 <ada@example.org>: User status is locked.',
      '550 account expired',
      '550 5.2.1 Mailbox not available / Konto niedostepne',
      '505 this account is suspended',
      '550 mailbox is frozen',
      '550 5.0.0 Recipient suspend the service',
      '550 5.1.6 address ada@example.org has been replaced by a@example.net',
      '5.1.0 - Unknown address error 550-‘No Such User Here’ (delivery attempts: 0)',
    ],
  },
  'mailboxes, however it is said': {
    soft: [
      '550 5.2.2 <ada@example.org>... Mailbox Full',
      '550 account is overquota',
      '554 5.2.2 Quota exceeded (mailbox for user is full)',
      '550 Mailbox is full / Blocks limit exceeded / Inode limit exceeded',
      '550 5.1.1 mail quota exceeded',
      '550 5.1.1 overquota',
      '552 5.2.2 This message is larger than the current system limit or the recipient’s mailbox is full.',
      '550 User has exhausted allowed storage space',
      '550 Buzón lleno',
      '552 邮箱已满',
      '452 4.2.1 mailbox temporarily disabled: ada@example.org',
      '550 5.7.1 <ada@example.org>: Recipient address rejected: User ada@example.org temporary locked. Please try again later!',
    ],
  },
  'codes alone': {
    hard: [
      '550 5.1.1',
      '550 5.1.2',
      '550 5.1.3',
      '550 5.1.6',
      '550 5.1.10',
      '556 5.1.10',
      '550 5.2.1',
      '525 5.7.13',
      '550 5.7.17',
      '550 5.7.18',
    ],
    soft: [
      '552 5.2.2',
      '552 5.2.3',
      '450 4.1.1',
      '450 4.7.1',
      '421',
      '450',
      '451',
      '452',
      '550 5.4.4',
      '550 5.4.7',
      '550 5.5.1',
      '503',
    ],
    blocked: [
      '550 5.1.7',
      '550 5.1.8',
      '552 5.3.4',
      '554 5.6.0',
      '550 5.7.1',
      '550 5.7.26',
      '530',
      '535',
      '554',
      '550',
    ],
    none: ['250', '250 2.1.5', '220', '354'],
  },
};

const rows = Object.entries(BY_SERVER).flatMap(([server, said]) =>
  Object.entries(said).flatMap(([expected, replies]) =>
    replies.map((reply) => [server, expected, reply] as const),
  ),
);

describe('what servers say', () => {
  it.each(rows)('%s: %s: %s', (_server, expected, text) => {
    expect(classifyReply({ code: null, text }).class).toBe(expected);
  });
});
