/** Mails as they come back, in words of our own and the shapes of the RFCs. */

const CRLF = '\r\n';
const lines = (...given: (string | null)[]) => given.filter((line) => line !== null).join(CRLF);

export interface BounceOptions {
  /** Where it is sent to: the return path of the message. */
  to: string;
  recipient: string;
  /** Enhanced status code. */
  status?: string;
  /** What the server said. */
  said?: string;
  action?: 'failed' | 'delayed';
  /** Our Message-ID, in the headers that come back. */
  messageId?: string;
  /** Makes two alike differ. */
  mark?: string;
}

/** A delivery status notification (RFC 3464). */
export function bounceMail(options: BounceOptions): Buffer {
  const {
    to,
    recipient,
    status = '5.1.1',
    said = '550 5.1.1 No such user here',
    messageId,
    mark = '1',
  } = options;
  const action = options.action ?? 'failed';
  return Buffer.from(
    lines(
      'Return-Path: <>',
      `To: ${to}`,
      'From: Mail Delivery System <MAILER-DAEMON@mx.example.net>',
      'Subject: Undelivered Mail Returned to Sender',
      `Message-ID: <${mark}.bounce@mx.example.net>`,
      'Date: Tue, 5 Jan 2027 09:10:00 +0000',
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
      '',
      '--b1',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      `Your message could not be delivered to <${recipient}>: ${said}`,
      '',
      '--b1',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.net',
      '',
      `Final-Recipient: rfc822; ${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${said}`,
      '',
      '--b1',
      'Content-Type: text/rfc822-headers',
      '',
      'From: The Harbour Post <news@harbour.example>',
      `To: ${recipient}`,
      'Subject: A story from the quay',
      messageId ? `Message-ID: ${messageId}` : null,
      '',
      '--b1--',
      '',
    ),
  );
}

/** A bounce as Exim writes it: no report, words and the headers that came. */
export function eximBounce({
  to,
  recipient,
  said = '550 No such user here',
  mark = '1',
}: BounceOptions): Buffer {
  return Buffer.from(
    lines(
      'Return-path: <>',
      'From: Mail Delivery System <Mailer-Daemon@mx.example.net>',
      `To: ${to}`,
      'Subject: Mail delivery failed: returning message to sender',
      `Message-Id: <${mark}.exim@mx.example.net>`,
      `X-Failed-Recipients: ${recipient}`,
      '',
      'This message was created automatically by mail delivery software.',
      '',
      'A message that you sent could not be delivered to one or more of its',
      'recipients. This is a permanent error. The following address(es) failed:',
      '',
      `  ${recipient}`,
      '    host mx.example.net [192.0.2.1]',
      `    SMTP error from remote mail server after RCPT TO:<${recipient}>:`,
      `    ${said}`,
      '',
      '------ This is a copy of the message, including all the headers. ------',
      '',
      'From: The Harbour Post <news@harbour.example>',
      `To: ${recipient}`,
      'Subject: A story from the quay',
      '',
      'It happened at the quay.',
      '',
    ),
  );
}

/** A bounce as qmail writes it. */
export function qmailBounce({
  to,
  recipient,
  said = 'Sorry, no mailbox here by that name. (#5.1.1)',
  mark = '1',
}: BounceOptions): Buffer {
  return Buffer.from(
    lines(
      'Return-Path: <>',
      `To: ${to}`,
      'From: MAILER-DAEMON@mx.example.net',
      'Subject: failure notice',
      `Message-ID: <${mark}.qmail@mx.example.net>`,
      '',
      'Hi. This is the qmail-send program at mx.example.net.',
      "I'm afraid I wasn't able to deliver your message to the following addresses.",
      "This is a permanent error; I've given up. Sorry it didn't work out.",
      '',
      `<${recipient}>:`,
      said,
      '',
      '--- Below this line is a copy of the message.',
      '',
      'From: The Harbour Post <news@harbour.example>',
      `To: ${recipient}`,
      '',
      'It happened at the quay.',
      '',
    ),
  );
}

/** A complaint (RFC 5965), the recipient redacted as many providers do. */
export function complaintMail({
  to,
  returnPath,
  messageId,
  mark = '1',
}: {
  to: string;
  returnPath?: string;
  messageId?: string;
  mark?: string;
}): Buffer {
  return Buffer.from(
    lines(
      'From: Feedback Loop <feedback@fbl.example.net>',
      `To: ${to}`,
      'Subject: Abuse report',
      `Message-ID: <${mark}.arf@fbl.example.net>`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=feedback-report; boundary="f1"',
      '',
      '--f1',
      'Content-Type: text/plain',
      '',
      'This is an abuse report of a message that a user of ours received.',
      '',
      '--f1',
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      'User-Agent: ExampleFBL/1.0',
      'Version: 1',
      returnPath ? `Original-Mail-From: <${returnPath}>` : null,
      '',
      '--f1',
      'Content-Type: message/rfc822',
      '',
      'From: The Harbour Post <news@harbour.example>',
      'To: redacted@example.net',
      'Subject: A story from the quay',
      messageId ? `Message-ID: ${messageId}` : null,
      '',
      'It happened at the quay.',
      '--f1--',
      '',
    ),
  );
}

/** A holiday note (RFC 3834), or as those who know no RFC write it. */
export function holidayNote({
  to,
  from,
  isMarked = true,
  mark = '1',
}: {
  to: string;
  from: string;
  isMarked?: boolean;
  mark?: string;
}): Buffer {
  return Buffer.from(
    lines(
      `From: ${from}`,
      `To: ${to}`,
      'Subject: Out of office: A story from the quay',
      `Message-ID: <${mark}.away@mx.example.net>`,
      isMarked ? 'Auto-Submitted: auto-replied' : 'X-Autoreply: yes',
      '',
      'I am away until Monday and my mailbox is full of unread mail. Your message was not delivered to anybody else.',
      '',
    ),
  );
}

/** A reader who writes instead of clicking. */
export function leavingMail({ to, from, mark = '1' }: { to: string; from: string; mark?: string }): Buffer {
  return Buffer.from(
    lines(
      `From: ${from}`,
      `To: ${to}`,
      'Subject: unsubscribe',
      `Message-ID: <${mark}.leave@mx.example.net>`,
      '',
      'unsubscribe',
      '',
    ),
  );
}

/** A bounce as Exchange writes it. */
export function exchangeBounce({
  to,
  recipient,
  said = '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
  mark = '1',
}: BounceOptions): Buffer {
  return Buffer.from(
    lines(
      'From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>',
      `To: ${to}`,
      'Subject: Undeliverable: A story from the quay',
      `Message-ID: <${mark}.exchange@mx.example.net>`,
      'X-MS-Exchange-Message-Is-Ndr:',
      '',
      'Delivery has failed to these recipients or groups:',
      '',
      recipient,
      "The email address you entered couldn't be found or could not take the message.",
      '',
      'Diagnostic information for administrators:',
      '',
      'Generating server: mx.example.net',
      '',
      recipient,
      `mx.example.net`,
      `Remote Server returned '${said}'`,
      '',
    ),
  );
}

/** A bounce as Sendmail writes it, without its report. */
export function sendmailBounce({
  to,
  recipient,
  said = '550 5.1.1 User unknown',
  mark = '1',
}: BounceOptions): Buffer {
  return Buffer.from(
    lines(
      'From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>',
      `To: ${to}`,
      'Subject: Returned mail: see transcript for details',
      `Message-ID: <${mark}.sendmail@mx.example.net>`,
      'Auto-Submitted: auto-generated (failure)',
      '',
      'The original message was received at Tue, 5 Jan 2027 09:10:00 GMT',
      'from news.harbour.example [192.0.2.7]',
      '',
      '   ----- The following addresses had permanent fatal errors -----',
      `<${recipient}>`,
      `    (reason: ${said})`,
      '',
      '   ----- Transcript of session follows -----',
      '... while talking to mx.example.net.:',
      '>>> DATA',
      `<<< ${said}`,
      '',
    ),
  );
}

/** A bounce as Gmail writes it. */
export function gmailBounce({
  to,
  recipient,
  said = '550 5.1.1 The email account that you tried to reach does not exist.',
  mark = '1',
}: BounceOptions): Buffer {
  return Buffer.from(
    lines(
      'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      `To: ${to}`,
      'Subject: Delivery Status Notification (Failure)',
      `Message-ID: <${mark}.gmail@mx.example.net>`,
      `X-Failed-Recipients: ${recipient}`,
      'Auto-Submitted: auto-replied',
      '',
      'Delivery to the following recipient failed permanently:',
      '',
      `     ${recipient}`,
      '',
      'Technical details of permanent failure:',
      'The error that the other server returned was:',
      said,
      '',
      '----- Original message -----',
      '',
      'From: The Harbour Post <news@harbour.example>',
      `To: ${recipient}`,
      '',
    ),
  );
}
