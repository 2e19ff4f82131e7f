import { ORIGINAL, type FixtureMail } from '../fixtures.js';
import type { ReturnedRecipient, ReturnKind } from '../returned-mail.js';

/** A program's way to say it, and what it says. Our message was to anna@reader.example unless something else is told. */
export interface DialectCase extends FixtureMail {
  name: string;
  kind?: ReturnKind;
  expect: Partial<ReturnedRecipient>[];
  /** Words that the first's text holds. */
  says?: string;
}

const anna = 'anna@reader.example';
const below = (line: string) => ({ original: { below: line } });

/** Reports without fields: each named after the program. */
export const DIALECTS: DialectCase[] = [
  {
    name: 'qmail',
    subject: 'failure notice',
    text: `Hi. This is the qmail-send program at mx.reader.example.
I'm afraid I could not bring your message to these addresses.
This is final; I've given up. Sorry.

<${anna}>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 no mailbox of that name
Giving up on 192.0.2.7.
`,
    ...below('--- Below this line is a copy of the message.'),
    expect: [{ address: anna, code: 550, status: '5.1.1', stage: 'rcpt' }],
  },
  {
    name: 'qmail, a host that is not there',
    subject: 'failure notice',
    text: `Hi. This is the qmail-send program at mx.reader.example.\n\n<${anna}>:\nSorry, I couldn't find any host named reader.example. (#5.1.2)\n`,
    ...below('--- Below this line is a copy of the message.'),
    expect: [{ address: anna, status: '5.1.2', stage: 'connect' }],
  },
  {
    name: 'Exim',
    subject: 'Mail delivery failed: returning message to sender',
    headers: [`X-Failed-Recipients: ${anna}`, 'Auto-Submitted: auto-replied'],
    text: `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ${anna}
    SMTP error from remote mail server after RCPT TO:<${anna}>:
    host mx.reader.example [192.0.2.7]: 550 5.1.1 <${anna}>:
    Recipient address rejected: User unknown
`,
    ...below('------ This is a copy of the message, including all the headers. ------'),
    expect: [{ address: anna, code: 550, status: '5.1.1', stage: 'rcpt' }],
  },
  {
    name: 'Exim, an address that was forwarded',
    subject: 'Mail delivery failed: returning message to sender',
    headers: ['X-Failed-Recipients: anna@other.example'],
    text: `The following address(es) failed:

  anna@other.example
    (generated from ${anna})
    host mx.other.example [192.0.2.9]
    SMTP error from remote mail server after end of data:
    552 5.2.2 mailbox is over its quota
`,
    ...below('------ This is a copy of the message, including all the headers. ------'),
    expect: [
      { address: anna, finalAddress: 'anna@other.example', code: 552, status: '5.2.2', stage: 'message' },
    ],
  },
  {
    name: 'Exim, that names the sender first',
    to: 'SRS0=HaSh=TT=news.example.org=bounces+tok3n@forwarder.example',
    subject: 'Mail delivery failed',
    headers: ['X-Failed-Recipients: anna@other.example'],
    text: `A message sent by\n\n  <bounces+tok3n@news.example.org>\n\ncould not be delivered to one or more of its recipients. The following\naddress(es) failed:\n\n  anna@other.example\n    (ultimately generated from ${anna})\n    all hosts have been failing for a long time\n`,
    expect: [{ address: anna, finalAddress: 'anna@other.example' }],
  },
  {
    name: 'Exim, an address that can not be routed',
    subject: 'Mail delivery failed: returning message to sender',
    text: `A message that you sent could not be delivered to one or more of its\nrecipients. The following address(es) failed:\n\n  ${anna}:\n    Unrouteable address\n`,
    ...below('------ This is a copy of the message, including all the headers. ------'),
    expect: [{ address: anna, code: null, status: null }],
  },
  {
    name: 'Exim, still trying',
    kind: 'delayed',
    subject: 'Warning: message 1abcde-0001 delayed 24 hours',
    text: `A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\nThe address to which the message has not yet been delivered is:\n\n  ${anna}\n    Delay reason: host mx.reader.example [192.0.2.7]: 451 4.7.1 try later\n\nNo action is required on your part. Delivery attempts will continue.\n`,
    expect: [{ address: anna, action: 'delayed', code: 451, status: '4.7.1' }],
  },
  {
    name: 'Postfix, the words alone',
    subject: 'Undelivered Mail Returned to Sender',
    text: `This is the mail system at host mx.reader.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<${anna}>: host mx.reader.example[192.0.2.7] said: 550 5.1.1
    <${anna}>: Recipient address rejected: User unknown in local
    recipient table (in reply to RCPT TO command)
`,
    original: 'message',
    expect: [{ address: anna, code: 550, status: '5.1.1', stage: 'rcpt' }],
  },
  {
    name: 'Postfix, still trying',
    kind: 'delayed',
    subject: 'Delayed Mail (still being retried)',
    text: `####################################################################\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####################################################################\n\nYour message could not be delivered for 4.0 hours.\nIt will be retried until it is 5.0 days old.\n\n<${anna}>: connect to mx.reader.example[192.0.2.7]:25: Connection timed out\n`,
    expect: [{ address: anna, action: 'delayed', stage: 'connect' }],
  },
  {
    name: 'Postfix, two of them',
    subject: 'Undelivered Mail Returned to Sender',
    text: `could not be delivered to one or more recipients.\n\n<${anna}>: host mx.reader.example[192.0.2.7] said: 552 5.2.2 Over quota (in reply to end of DATA command)\n\n<bert@other.example>: unknown user: "bert"\n`,
    expect: [
      { address: anna, code: 552, status: '5.2.2', stage: 'message' },
      { address: 'bert@other.example', code: null, status: null },
    ],
  },
  {
    name: 'sendmail',
    from: 'Mail Delivery Subsystem <MAILER-DAEMON@mx.reader.example>',
    subject: 'Returned mail: see transcript for details',
    text: `The original message was received at Tue, 24 Nov 2026 10:00:00 GMT
from out.news.example.org [192.0.2.10]

   ----- The following addresses had permanent fatal errors -----
<${anna}>
    (reason: 550 5.1.1 <${anna}>... User unknown)

   ----- Transcript of session follows -----
... while talking to mx.reader.example.:
>>> DATA
<<< 550 5.1.1 <${anna}>... User unknown
550 5.1.1 <${anna}>... User unknown
<<< 503 5.0.0 Need RCPT (recipient)
`,
    original: 'message',
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'sendmail 5, with a transcript alone',
    from: 'Mail Delivery Subsystem <MAILER-DAEMON@mx.reader.example>',
    subject: 'Returned mail: User unknown',
    text: `   ----- Transcript of session follows -----\nWhile talking to mx.reader.example:\n>>> RCPT To:<${anna}>\n<<< 550 <${anna}>... User unknown\n550 <${anna}>... User unknown\n`,
    ...below('   ----- Unsent message follows -----'),
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'sendmail, a warning',
    kind: 'delayed',
    from: 'Mail Delivery Subsystem <MAILER-DAEMON@mx.reader.example>',
    subject: 'Warning: could not send message for past 4 hours',
    text: `    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n   ----- The following addresses had transient non-fatal errors -----\n<${anna}>\n\n   ----- Transcript of session follows -----\n<${anna}>... Deferred: Connection timed out with mx.reader.example.\n`,
    expect: [{ address: anna, action: 'delayed' }],
  },
  {
    name: 'Exchange 5.5',
    from: 'System Administrator <postmaster@reader.example>',
    subject: 'Undeliverable: Today in the harbour',
    headers: ['X-Mailer: Internet Mail Service (5.5.2657.72)', 'X-MS-Embedded-Report: '],
    text: `Your message

  To:      ${anna}
  Subject: Today in the harbour
  Sent:    Tue, 24 Nov 2026 10:00:00 -0000

did not reach the following recipient(s):

${anna} on Tue, 24 Nov 2026 10:00:03 -0000
    The recipient name is not recognized
\tThe MTS-ID of the original message is: c=xx;a= ;p=reader;l=EX1
    MSEXCH:IMS:READER:MAIN:EX1 0 (000C05A6) Unknown Recipient
`,
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'Exchange 2000, by X.400 name',
    from: 'System Administrator <postmaster@reader.example>',
    subject: 'Undeliverable: Today in the harbour',
    text: `Your message\n\n  To:      list\n\ndid not reach the following recipient(s):\n\nc=XX;a= ;p=READER;o=HQ;dda:SMTP=${anna}; on Tue, 24 Nov 2026\n10:00:03 -0000\n    The recipient name is not recognized\n`,
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'Exchange 2007 and later, words for people above those for administrators',
    from: 'Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@reader.example>',
    subject: 'Undeliverable: Today in the harbour',
    text: `Delivery has failed to these recipients or groups:

${anna}<mailto:${anna}>
The e-mail address you entered couldn't be found. Please check it and try to resend.

Diagnostic information for administrators:

Generating server: ex1.reader.example

${anna}
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##rfc822;${anna}

Original message headers:
`,
    original: 'message',
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'Domino',
    from: 'postmaster@reader.example',
    subject: `DELIVERY FAILURE: User anna (${anna}) not listed in Domino Directory`,
    text: `Your message\n\n  Subject: Today in the harbour\n\nwas not delivered to:\n\n  ${anna}\n\nbecause:\n\n  User anna (${anna}) not listed in Domino Directory\n`,
    expect: [{ address: anna }],
  },
  {
    name: 'Lotus Notes, in Japanese',
    from: 'postmaster@reader.example',
    subject: 'Undeliverable message',
    text: `------- Failure Reasons  --------\n\nディレクトリのリストにありません\n${anna}\n`,
    ...below('------- Returned Message --------'),
    expect: [{ address: anna }],
  },
  {
    name: 'Gmail, before it wrote status reports',
    from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
    subject: 'Delivery Status Notification (Failure)',
    headers: [`X-Failed-Recipients: ${anna}`],
    text: `Delivery to the following recipient failed permanently:\n\n     ${anna}\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the server for the recipient domain reader.example by mx.reader.example. [192.0.2.7].\n\nThe error that the other server returned was:\n550 5.1.1 <${anna}>: no such person here\n`,
    ...below('----- Original message -----'),
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'Google Groups, with the recipient in a field alone',
    from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
    subject: 'Delivery Status Notification (Failure)',
    headers: ['X-Failed-Recipients: harbour@groups.example', 'Auto-Submitted: auto-replied'],
    text: 'Hello bounces+tok3n@news.example.org,\n\nWe are writing to let you know that the group you tried to contact (harbour) may not exist, or you may not have permission to post.\n',
    ...below('----- Original message -----'),
    expect: [{ address: 'harbour@groups.example' }],
  },
  {
    name: 'Yahoo',
    from: 'MAILER-DAEMON@yahoo.example',
    subject: 'Failure Notice',
    text: `Sorry, we were unable to deliver your message to the following address.\n\n<${anna}>:\nRemote host said: 554 delivery error: dd This user doesn't have a reader.example account [-5] - mta1.reader.example [BODY]\n`,
    ...below('--- Below this line is a copy of the message.'),
    expect: [{ address: anna, code: 554 }],
  },
  {
    name: 'Yahoo, on behalf of others',
    from: 'MAILER-DAEMON@yahoo.example',
    subject: 'failure delivery',
    text: `Message from yahoo.example.\nUnable to deliver message to the following address(es).\n\n<${anna}>:\n192.0.2.7 failed after I sent the message.\nRemote host said: 552 5.7.0 message rejected\n`,
    ...below('--- Original message follows.'),
    expect: [{ address: anna, code: 552, status: '5.7.0', stage: 'message' }],
  },
  {
    name: 'AOL, a name without its domain',
    from: 'Mail Delivery Subsystem <MAILER-DAEMON@aol.example>',
    subject: 'Mail Delivery Problem',
    text: 'Your mail to the following recipients could not be delivered because they are not accepting mail from bounces+tok3n@news.example.org:\n\tanna\n',
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'GMX',
    from: 'MAILER-DAEMON@gmx.example',
    subject: 'Mail delivery failed: returning message to sender',
    text: `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n"${anna}":\nSMTP error from remote server after RCPT command:\nhost: mx.reader.example\n5.1.1 <${anna}>... User unknown\n`,
    ...below('--- The header of the original message is following. ---'),
    expect: [{ address: anna, status: '5.1.1', stage: 'rcpt' }],
  },
  {
    name: '1&1',
    from: '"Mail Delivery System" <mailer-daemon@kundenserver.example>',
    subject: 'Mail delivery failed: returning message to sender',
    text: `A message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error.\n\nThe following address failed:\n\n${anna}\n\nFor the following reason:\n\nMail size limit exceeded.\n`,
    ...below('--- The header of the original message is following. ---'),
    expect: [{ address: anna }],
    says: 'size limit',
  },
  {
    name: 'mail.ru, in Russian',
    from: 'mailer-daemon@corp.mail.example',
    subject: 'Ваше сообщение не доставлено. Mail failure.',
    text: `Это письмо создано автоматически сервером, отвечать на него не нужно.\n\nК сожалению, Ваше письмо не может быть\nдоставлено одному или нескольким получателям:\n\n  ${anna}\n    SMTP error from remote mail server after RCPT TO:<${anna}>:\n    host mx.reader.example [192.0.2.7]: 550 no such user\n`,
    ...below('------ This is a copy of the message, including all the headers. ------'),
    expect: [{ address: anna, code: 550, stage: 'rcpt' }],
  },
  {
    name: 'Courier',
    from: '"Courier mail server at mx.reader.example" <@mx.reader.example>',
    subject: 'NOTICE: mail delivery status.',
    text: `This is a delivery status notification from mx.reader.example,\nrunning the Courier mail server.\n\nThe original message was received on Tue, 24 Nov 2026 10:00:00 +0000\n\n---------------------------------------------------------------------------\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<${anna}>:\n    mx.reader.example [192.0.2.7]:\n>>> RCPT TO:<${anna}>\n<<< 550 User unknown.\n\n---------------------------------------------------------------------------\n`,
    original: 'message',
    expect: [{ address: anna, code: 550, stage: 'rcpt' }],
  },
  {
    name: 'Zoho',
    from: 'mailer-daemon@mail.zoho.example',
    subject: 'Undelivered Mail Returned to Sender',
    text: `This message was created automatically by mail delivery software.\nA message that you sent could not be delivered to one or more of its recipients.\n\n${anna} Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <${anna}>... User Unknown\nbert@other.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.2.2 Mailbox Full\n`,
    expect: [
      { address: anna, status: '5.1.1' },
      { address: 'bert@other.example', status: '5.2.2' },
    ],
  },
  {
    name: 'McAfee',
    from: '<MAILER-DAEMON@mx.reader.example>',
    subject: 'Delivery Status',
    text: `    --- The following addresses had delivery problems ---\n\n<${anna}>   (Unknown user ${anna})\n`,
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'InterScan',
    from: '"InterScan MSS" <postmaster@reader.example>',
    subject: 'Mail could not be delivered',
    text: `Sent <<< RCPT TO:<${anna}>\nReceived >>> 550 5.1.1 <${anna}>... user unknown\nUnable to deliver message to <${anna}>.\n\n*****     End of message     *****\n`,
    original: 'message',
    expect: [{ address: anna, code: 550, status: '5.1.1', stage: 'rcpt' }],
  },
  {
    name: 'MailMarshal, with the reason above the list',
    from: 'postmaster@reader.example',
    subject: 'Undeliverable Mail: "Today in the harbour"',
    text: `Your message:\n   From:    editor@news.example.org\n   Subject: Today in the harbour\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n    ${anna}\n\n\nAdditional Information\n======================\nOriginal Sender:    <bounces+tok3n@news.example.org>\nRemote-MTA:         <192.0.2.7>\n`,
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'm-FILTER, in Japanese',
    from: 'POSTMASTER <postmaster@reader.example>',
    subject: 'failure notice',
    text: `このメールは自動的に生成されました。\n以下のアドレスへ送信できませんでした。\n${anna}\n\n\n-------server message\n550 unknown user <${anna}>\n\n-------SMTP command\nDATA\n`,
    ...below('-------original message'),
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'IMail',
    from: 'Postmaster <postmaster@reader.example>',
    subject: 'Undeliverable Mail',
    headers: ['X-Mailer: <SMTP32 v8.15>'],
    text: `Unknown user: ${anna}\n\nRCPT TO generated following response:\n553 5.3.0 <${anna}>... Addressee unknown\n`,
    ...below('Original message follows.'),
    expect: [{ address: anna, code: 553, status: '5.3.0', stage: 'rcpt' }],
  },
  {
    name: 'MDaemon',
    from: 'MDaemon at reader.example <MDaemon@reader.example>',
    subject: 'Permanent Delivery Failure',
    text: `The attached message had PERMANENT fatal delivery errors!\n\nThe following addresses did NOT receive a copy of your message:\n\n> ${anna}\n\n--- Session Transcript ---\n RCPT To:<${anna}>\n 552 Message for <${anna}> would exceed mailbox quota\n QUIT\n--- End Transcript ---\n`,
    original: 'message',
    expect: [{ address: anna, code: 552 }],
  },
  {
    name: 'MailEnable',
    from: 'postmaster@reader.example',
    subject: 'Delivery Failure',
    text: `Message could not be delivered to some recipients.\nThe following recipient(s) could not be reached:\n\n   Recipient: [SMTP:${anna}]\n   Reason: Remote SMTP Server Returned: 550 No such user here\n\n`,
    ...below('Message headers follow:'),
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'Verizon, by Apache James',
    from: 'post_master@vtext.example',
    subject: 'Re:Today in the harbour',
    headers: ['In-Reply-To: <edition-1@news.example.org>'],
    text: `Error: Invalid user address\n\nError message below:\n550 - Requested action not taken: no such user here\n\nMessage details:\n  Subject: Today in the harbour\n  Sent date: Tue Nov 24 10:00:00 GMT 2026\n  MAIL FROM: bounces+tok3n@news.example.org\n  RCPT TO: ${anna}\n  From: editor@news.example.org\n  Size (in bytes): 39\n`,
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'Apache James',
    from: 'postmaster@reader.example',
    subject: '[BOUNCE]',
    text: `Hi. This is the James mail server at mx.reader.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up.\n\n${anna}\n\nError message below:\n550 5.1.1 unknown user\n\nMessage details:\n  MAIL FROM: bounces+tok3n@news.example.org\n`,
    original: 'message',
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'au and KDDI',
    from: 'Postmaster@ezweb.example',
    subject: 'Mail System Error - Returned Mail',
    contentType: 'text/plain; charset="ISO-2022-JP"',
    text: `Each of the following recipients was rejected by a remote\nmail server.\n\n    Recipient: <${anna}>\n    >>> RCPT TO:<${anna}>\n    <<< 550 <${anna}>: User unknown\n`,
    expect: [{ address: anna, code: 550, stage: 'rcpt' }],
  },
  {
    name: 'KDDI',
    from: 'no-reply@app.dion.example',
    subject: 'Mail delivery failure',
    text: `Your mail sent on: Tue, 24 Nov 2026 10:00:00 +0900\n   Could not be delivered to: <${anna}>\n   As their mailbox is full.\n`,
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'Docomo',
    from: 'mailer-daemon@docomo.example',
    subject: '配信不能',
    text: `以下の宛先へメールを配信できませんでした。\n\n宛先: ${anna}\n理由: 550 Unknown user\n`,
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'Biglobe',
    from: 'postmaster@biglobe.example',
    subject: 'Returned mail: User unknown',
    text: `   ----- The following addresses had delivery problems -----\n\n${anna}\n\n   ----- Non-delivered information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n`,
    original: 'message',
    expect: [{ address: anna }],
    says: 'exceeded',
  },
  {
    name: 'Active!hunter',
    from: '"MAILER-DAEMON" <MAILER-DAEMON@reader.example>',
    subject: 'FAILURE NOTICE : Today in the harbour',
    reportType: 'delivery-status',
    text: `The original message was received at Tue, 24 Nov 2026 10:00:00 +0900\nfrom news.example.org\n\n  ----- The following addresses had permanent fatal errors -----\n\n>>> ${anna} <${anna}>\n\n  ----- Transcript of session follows -----\n550 sorry, no mailbox here by that name (#5.1.1 - chkusr)\n`,
    original: 'message',
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'one without a name, with words in brackets',
    from: '"Mail Deliver System" <MAILER-DAEMON>',
    subject: 'Returned Mail: User unknown',
    text: `The original message was received at Tue, 24 Nov 2026 10:00:00 +0900\nfrom editor@news.example.org\n\n---The following addresses had delivery errors---\n\n${anna} [User unknown]\n`,
    expect: [{ address: anna }],
    says: 'User unknown',
  },
  {
    name: 'another, with stars',
    from: 'Mail Delivery System <Mail.Delivery.System@mx.reader.example>',
    subject: 'Delivery status notification',
    text: `============================================\n      This is an automatically generated Delivery Status Notification.\n\nDelevery to the following recipients was aborted after 5.0 hour(s):\n\n  * ${anna}\n\n============================================\n             Technical details:\n\nRouting: Could not find a gateway for ${anna}\n`,
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'another, that counts its errors',
    from: 'mailer@reader.example',
    subject: 'There was an error sending your mail',
    text: `I was not able to deliver your message to the following addresses.\n\n1 error(s):\n\nSMTP Server <mx.reader.example> rejected recipient <${anna}> (Error following RCPT command). It responded as follows: [550 5.1.1 User unknown]\n\n`,
    ...below('The attachment contains the original mail headers'),
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'FML, from a list',
    from: 'harbour-admin@reader.example',
    subject: 'NOT MEMBER article from editor@news.example.org',
    kind: 'other',
    text: 'Your mail is not posted since you are not a member of this list.\n',
    expect: [],
  },
  {
    name: 'SurfControl',
    from: '<MAILER-DAEMON@reader.example>',
    subject: 'Today in the harbour',
    text: `Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of attempts made: 1\nAddressed To: ${anna}\n\nTue, 24 Nov 2026 10:00:00 +0000\nFailed to send to identified host,\n${anna}: [192.0.2.7], 550 ${anna}... No such user\n--- Message non-deliverable.\n`,
    original: 'message',
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'MailFoundry',
    from: 'MAILER-DAEMON@reader.example',
    subject: 'Message delivery has failed',
    text: `Unable to deliver message to: <${anna}>\nDelivery failed for the following reason:\nServer mx.reader.example[192.0.2.7] failed with: 550 <${anna}> No such user here\n\nThis has been a permanent failure.  No further delivery attempts will be made.\n`,
    original: 'message',
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'MXLogic',
    from: 'Mail Delivery System <Mailer-Daemon@reader.example>',
    subject: 'Mail delivery failed: returning message to sender',
    text: `This message was created automatically by mail delivery software.\n\nThe following address failed:\n\n  <${anna}>: 550 5.1.1 no such mailbox\n`,
    ...below('Included is a copy of the message header:'),
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'OpenSMTPD',
    from: 'Mailer Daemon <MAILER-DAEMON@mx.reader.example>',
    subject: 'Delivery status notification: error',
    text: `    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n${anna}: 550 5.2.2 <${anna}>... Mailbox Full\n\n`,
    ...below('    Below is a copy of the original message:'),
    expect: [{ address: anna, code: 550, status: '5.2.2' }],
  },
  {
    name: 'Oracle Messaging Server, the words alone',
    from: 'postmaster@reader.example',
    subject: 'Delivery Notification: Delivery has failed',
    text: `This report relates to a message you sent with the following header fields:\n\n  Message-id: <edition-1@news.example.org>\n  From: The Harbour Post <editor@news.example.org>\n  To: ${anna}\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: anna@other.example\n  Original address: ${anna}\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 unknown or illegal alias: anna@other.example\n`,
    expect: [{ address: anna, finalAddress: 'anna@other.example', code: 550, status: '5.1.1' }],
  },
  {
    name: 'GroupWise',
    from: 'Mail Administrator <postmaster@reader.example>',
    subject: 'Message status - undeliverable',
    text: `The message that you sent was undeliverable to the following:\n\tanna (user not found)\n\nPossibly truncated original message follows:\n`,
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'CommuniGate',
    from: '<MAILER-DAEMON@reader.example>',
    subject: 'Undeliverable mail: Today in the harbour',
    text: `Failed to deliver to '${anna}'\nSMTP module(domain reader.example) reports:\n host mx.reader.example says:\n 550 5.1.1 unknown account\n`,
    original: 'message',
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'Amazon SES',
    from: 'MAILER-DAEMON@amazonses.example',
    subject: 'Delivery Status Notification (Failure)',
    text: `An error occurred while trying to deliver the mail to the following recipients:\n${anna}\n`,
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'a filter that refuses',
    from: 'postmaster@reader.example',
    subject: 'email bounce notification',
    headers: ['Auto-Submitted: auto-replied'],
    text: `This message is to inform you that an email you sent was rejected.\n\nreject reason: Mailbox full\ntarget mail address: ${anna}\n\n------------------------------------------\nbounced E-Mail:\n`,
    original: 'message',
    expect: [{ address: anna }],
  },
  {
    name: 'Dovecot, by a disposition notice',
    from: 'Mail Delivery Subsystem <postmaster@reader.example>',
    subject: 'Rejected: Today in the harbour',
    headers: ['Auto-Submitted: auto-replied (rejected)'],
    reportType: 'disposition-notification',
    text: `Your message to <${anna}> was automatically rejected:\nQuota exceeded (mailbox for user is full)\n`,
    part: [
      'message/disposition-notification',
      `Final-Recipient: rfc822; ${anna}\nDisposition: automatic-action/MDN-sent-automatically; deleted`,
    ],
    expect: [{ address: anna }],
  },
  {
    name: 'German words of a server nobody knows',
    from: 'postmaster@leser.example',
    subject: 'Unzustellbar: Heute im Hafen',
    text: `Ihre Nachricht konnte nicht zugestellt werden.\n\nEmpfänger: ${anna}\nGrund: 550 5.1.1 Benutzer unbekannt\n`,
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'French words',
    from: 'Mail Delivery Subsystem <mailer-daemon@lecteur.example>',
    subject: 'Non remis : Le port',
    text: `Votre message n'a pas pu être remis à\n${anna}\n\nRaison : boîte pleine (552 5.2.2)\n`,
    expect: [{ address: anna, status: '5.2.2' }],
  },
  {
    name: 'Spanish words',
    from: 'postmaster@lector.example',
    subject: 'No se puede entregar: El puerto',
    text: `No se pudo entregar el mensaje a estos destinatarios:\n\n${anna}\n\n550 5.1.1 usuario desconocido\n`,
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'Portuguese words',
    from: 'postmaster@leitor.example',
    subject: 'Não foi possível entregar: O porto',
    text: `A sua mensagem não pôde ser entregue aos seguintes destinatários:\n\n  ${anna}\n\n550 utilizador desconhecido\n`,
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'Italian words',
    from: 'postmaster@lettore.example',
    subject: 'Mancato recapito: Il porto',
    text: `Impossibile recapitare il messaggio ai seguenti destinatari:\n\n<${anna}>: 550 utente sconosciuto\n`,
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'Polish words',
    from: 'Mailer-Daemon@czytelnik.example',
    subject: 'Nie można dostarczyć wiadomości',
    text: `Wiadomość nie została dostarczona do:\n${anna}\n\n550 5.1.1 nieznany adres\n`,
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'Chinese words',
    from: 'postmaster@duzhe.example',
    subject: '系统退信/Systems bounce',
    text: `抱歉，您的邮件被退回来了……\n\n收件人: ${anna}\n无法送达: 550 User not found\n`,
    expect: [{ address: anna, code: 550 }],
  },
  {
    name: 'Korean words',
    from: 'postmaster@dokja.example',
    subject: '메일 전송 실패 안내',
    text: `다음 수신자에게 메일을 전달할 수 없습니다.\n\n받는 사람: ${anna}\n550 5.1.1 unknown user\n`,
    expect: [{ address: anna, code: 550, status: '5.1.1' }],
  },
  {
    name: 'T-Online',
    from: 'Mail Delivery System <Mailer-Daemon@t-online.example>',
    subject: 'Mail delivery failed: returning message to sender',
    headers: [`X-Failed-Recipients: ${anna}`],
    text: `|------------------------- Failed addresses follow: ---------------------|\n <${anna}>\n   552 5.2.2 <${anna}> Quota exceeded (mailbox for user is full)\n`,
    ...below('|------------------------- Message header follows: ----------------------|'),
    expect: [{ address: anna, code: 552, status: '5.2.2' }],
  },
  {
    name: 'Gmail, still trying, without fields',
    kind: 'delayed',
    from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
    subject: 'Delivery Status Notification (Delay)',
    text: `** Delivery incomplete **\n\nThere was a temporary problem delivering your message to ${anna}. Gmail will retry for 46 more hours. You'll be notified if the delivery fails permanently.\n`,
    expect: [{ address: anna, action: 'delayed' }],
  },
  {
    name: 'DragonFly',
    from: 'MAILER-DAEMON <>',
    subject: 'Mail delivery failed',
    headers: [`X-Original-To: <${anna}>`],
    text: `This is the DragonFly Mail Agent v0.13 at mx.reader.example.\n\nThere was an error delivering your mail to <${anna}>.\n\nmx.reader.example [192.0.2.7] did not like our final DATA:\n550-5.7.26 Unauthenticated email is\n550 5.7.26 not accepted\n`,
    ...below('Message headers follow.'),
    expect: [{ address: anna, code: 550, status: '5.7.26' }],
  },
  {
    name: 'one that attaches the header as a text',
    from: 'mailer-daemon',
    subject: 'There was an error sending your mail',
    headers: ['Auto-Submitted: auto-replied', 'Precedence: list'],
    text: `We had trouble delivering your message. Full details follow:\n\nSubject: 'Today in the harbour'\n\n1 error(s):\n\nThe following recipients returned permanent errors: ${anna}. Reason: SMTP Server <192.0.2.7> refused to accept your message (DATA), with the following error message: [554 5.4.6 Hop count exceeded]\n`,
    part: ['text/plain; name="headers.txt"\nContent-Disposition: attachment', ORIGINAL],
    expect: [{ address: anna, code: 554, status: '5.4.6' }],
  },
  {
    name: 'HTML alone',
    from: 'postmaster@reader.example',
    subject: 'Undeliverable: Today in the harbour',
    contentType: 'text/html; charset=utf-8',
    text: `<html><head><style>p{}</style></head><body><p><b>Delivery has failed to these recipients:</b></p><p>${anna}<br>The mailbox is full.</p><p>#552 5.2.2 over quota ##</p></body></html>`,
    expect: [{ address: anna, code: 552, status: '5.2.2' }],
  },
  {
    name: 'quoted-printable words',
    subject: 'failure notice',
    encoding: 'quoted-printable',
    text: `Hi. The MTA at mx.reader.example was unable to deliver =\nyour message to the following addresses.\n\n<anna=40reader.example>:\n550 5.2.1 disabled=\n account\n`,
    ...below('--- Below this line is a copy of the message.'),
    expect: [{ address: anna, code: 550, status: '5.2.1' }],
  },
];
