import { classifyReply } from '../classify-reply.js';
import type { ReplyClass } from '../reply.js';

type Said = Partial<Record<ReplyClass, readonly string[]>>;

/** What mailbox providers answer, in their words. */
const BY_PROVIDER: Record<string, Said> = {
  Gmail: {
    hard: [
      '550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n550-5.1.1 double-checking the recipient’s email address for typos or\r\n550 5.1.1 unnecessary spaces. https://support.google.com/mail/?p=NoSuchUser a1si2 - gsmtp',
      '550 5.2.1 The email account that you tried to reach is disabled. https://support.google.com/mail/?p=DisabledUser',
      '550-5.2.1 The email account that you tried to reach is inactive.',
      '553 5.1.2 We weren’t able to find the recipient domain. Please check for any spelling errors',
    ],
    soft: [
      '452-4.2.2 The recipient’s inbox is out of storage space. https://support.google.com/mail/?p=OverQuotaTemp',
      '552-5.2.2 The recipient’s inbox is out of storage space and inactive. https://support.google.com/mail/?p=OverQuotaPerm',
      '552 5.2.2 The email account that you tried to reach is over quota.',
      '450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.',
      '550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.',
      '421 4.3.0 Temporary System Problem. Try again later (10).',
      '421 4.4.5 Server busy, try again later.',
      '451 4.4.2 Timeout - closing connection.',
      '454 4.7.0 Cannot authenticate due to temporary system problem. Try again later.',
      '554 5.4.6 Message exceeded 50 hops, this may indicate a mail loop.',
    ],
    blocked: [
      '550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM.',
      '550-5.7.26 Unauthenticated email from example.org is not accepted due to domain’s DMARC policy.',
      '550-5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked.',
      '550-5.7.1 Our system has detected that this message is likely suspicious due to the very low reputation of the sending IP address.',
      '421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address.',
      '421 4.7.32 Your email has been rate limited because the From: header in this message isn’t aligned with either the authenticated SPF or DKIM organizational domain.',
      '550-5.7.25 The IP address sending this message does not have a PTR record setup, or the corresponding forward DNS entry does not point to the sending IP.',
      '552-5.7.0 This message was blocked because its content presents a potential security issue.',
      '550 5.7.1 The user or domain that you are sending to (or from) has a policy that prohibited the mail that you sent.',
      '550 5.4.5 Daily sending quota exceeded.',
      '550-5.7.1 This message is not RFC 5322 compliant. There are multiple Subject headers.',
      '552 5.3.4 Your message exceeded Google’s message size limits.',
      '550-5.7.0 Mail relay denied. Invalid credentials for relay for one of the domains in: example.org',
    ],
  },
  'Outlook.com and Exchange Online': {
    hard: [
      '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).',
      '550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [AM5EUR02FT019.eop-EUR02.prod.protection.outlook.com]',
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ada@example.org not found by SMTP address lookup',
      '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found',
      '550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found',
      '550 5.1.351 Remote server returned unknown recipient or mailbox unavailable -> 550 5.1.1 no',
      '550 5.4.310 DNS domain example.org does not exist [Message=InfoDomainNonexistent]',
      '550 5.7.505 Access denied, banned recipient.',
      '550 5.1.6 Recipient addresses in single label domains not accepted',
    ],
    soft: [
      '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
      '432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded',
      '550 5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour.',
      '550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient',
      '550 5.4.300 Message expired -> 451 4.4.1 Connection timed out',
      '550 5.4.316 Message expired, connection refused(Socket error code 10061)',
      '450 4.4.312 DNS query failed [Message=ErrorTimeout]',
      '550 5.4.312 DNS query failed(ServerFailure)',
      '452 4.3.1 Insufficient system resources',
      '451 4.7.500 Server busy. Please try again later.',
      '421 4.4.2 Connection dropped due to SocketError',
      '550 5.4.14 Hop count exceeded - possible mail loop ATTR34',
    ],
    blocked: [
      '550 5.7.1 Unfortunately, messages from [192.0.2.1] weren’t sent. Please contact your Internet service provider since part of their network is on our block list (S3150).',
      '550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit https://sender.office.com/',
      '451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. (S775)',
      '550 5.7.515 Access denied, sending domain EXAMPLE.ORG doesn’t meet the required authentication level.',
      '550 5.7.509 Access denied, sending domain example.org does not pass DMARC verification and has a DMARC policy of reject.',
      '550 5.7.511 Access denied, banned sender[192.0.2.1].',
      '550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus. (AS16012611)',
      '550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authorized to send to recipient',
      '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
      '550 5.7.13 Sender was not authenticated for public folder',
      '550 5.1.8 Access denied, bad outbound sender AS(42004)',
      '550 5.7.64 TenantAttribution; Relay Access Denied',
      '550 5.1.90 Your message can’t be sent because you’ve reached your daily limit for message recipients',
      '550 5.2.2 Submission quota exceeded',
      '550 SC-001 (BAY004-MC1F1) Unfortunately, messages from 192.0.2.1 weren’t sent.',
      '421 RP-001 Unfortunately, some messages from 192.0.2.1 weren’t sent.',
      '550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant',
    ],
  },
  'Yahoo and AOL': {
    hard: [
      '554 delivery error: dd This user doesn’t have a yahoo.com account (ada@example.org) [0] - mta4011.mail.bf1.yahoo.com',
      '554 delivery error: dd Sorry, your message to ada@example.org cannot be delivered. This mailbox is disabled (554.30). - mta1082.mail.ne1.yahoo.com',
      '554.30 mailbox disabled',
      '554 delivery error: dd Sorry your message to ada@example.org cannot be delivered. This account has been disabled or discontinued [#102].',
      '554 delivery error: dd Requested mail action aborted, mailbox not found',
      '552 1 Requested mail action aborted, mailbox not found (in reply to end of DATA command)',
      '550 5.1.1 <ada@example.org>: Recipient address rejected: example.org',
      '550 MAILBOX NOT FOUND',
    ],
    soft: [
      '450 User is receiving mail too quickly',
      '451 Resources temporarily unavailable. Please try again later [#4.16.5].',
      '421 Too many concurrent connections',
    ],
    blocked: [
      '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1',
      '553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.',
      '553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus’s list',
      '554 Message not allowed - [PH01] Email not accepted for policy reasons.',
      '554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes',
      '554- (RTR:BL)  https://postmaster.aol.com/error-codes#554rtrbl\r\n554  Connecting IP: 192.0.2.1',
      '550 5.7.9 This mail has been blocked because the sender is unauthenticated.',
    ],
  },
  iCloud: {
    hard: [
      '550 5.1.1 <ada@example.org>: inactive email address (in reply to RCPT TO command)',
      '550 5.1.1 <ada@example.org>: user does not exist',
      '550 5.1.1 unknown or illegal alias: ada@example.org',
      '550 5.1.6 recipient no longer on server: ada@example.org',
    ],
    soft: ['552 5.2.2 <ada@example.org>: user is over quota (in reply to RCPT TO command)'],
    blocked: [
      '554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137',
      '550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1',
      '550 5.7.1 Your email was rejected due to having a domain present in the Spamhaus DBL',
      '450 4.1.8 <news@example.org>: Sender address rejected: Domain not found',
      '554 5.7.1 Your message was rejected due to example.org’s DMARC policy.',
      '554 nwk-smtpin001.me.com ESMTP not accepting connections',
    ],
  },
  'GMX and web.de': {
    hard: ['550 Requested action not taken: mailbox unavailable', '550 5.1.1 mailbox unavailable'],
    soft: [
      '552-Requested mail action aborted: exceeded storage allocation\r\n552 Quota exceeded.',
      '550 <ada@example.org> Benutzer hat zuviele Mails auf dem Server. / User has too many messages on the server.',
    ],
    blocked: [
      '554-gmx.net (mxgmx001) Nemesis ESMTP Service not available\r\n554-No SMTP service\r\n554 Bad DNS PTR resource record.',
      '550 Bad DNS PTR',
      '554-web.de (mxweb010) Nemesis ESMTP Service not available\r\n554-No SMTP service\r\n554-IP address is black listed.\r\n554 For explanation visit https://postmaster.web.de/',
      '550-Requested action not taken: mailbox unavailable\r\n550-Invalid DNS MX or A/AAAA resource record.\r\n550 For explanation visit https://postmaster.gmx.net/',
      '550 Invalid DNS MX',
      '554-Transaction failed\r\n554-Reject due to policy restrictions.\r\n554 For explanation visit https://postmaster.gmx.net/',
      '550-Requested action not taken: mailbox unavailable\r\n550 Reject due to policy restrictions.',
    ],
  },
  'T-Online, Freenet and 1&1': {
    hard: [
      '550 5.1.1 unknown user',
      '550 unknown recipient ada@example.org',
      '550 Adressat unbekannt oder Mailbox deaktiviert',
    ],
    soft: ['552 5.2.2 Mailbox voll', '550 mailbox is full'],
    blocked: [
      '554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tosa@example.net to clarify.) (BL)',
      '550 5.7.1 message has been rejected due to spam or virus classification',
    ],
  },
  'Orange and La Poste': {
    hard: [
      '550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]',
      '550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420',
      '550 5.5.0 Le compte du destinataire est bloque. The recipient account isblocked. LPN007_426',
    ],
    soft: [
      '552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]',
      '421 mwinf5c79 ME Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR005_104 [104]',
      '421 4.2.1 Service refuse. Veuillez essayer plus tard. Service refused, please try later. LPN006_107',
    ],
    blocked: [
      '550 mwinf5c04 ME Adresse IP source bloquee pour incident de spam. Client host blocked for spamming issues. OFR006_102',
      '550 5.5.0 SPF: example.org is not allowed to send mail. LPN004_401',
      '501 5.1.0 Emetteur invalide. Invalid Sender. OFR004_405 [405]',
      '550 5.5.0 Mail rejete. Mail rejected. OFR_506 [506]',
      '571 5.7.1 Message refused, DMARC verification Failed. LPN007_517',
      '550 mwinf5c10 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR006_103',
    ],
  },
  'Free, SFR, Libero, Tiscali': {
    hard: [
      '550 5.2.1 This mailbox has been blocked due to inactivity (UserSearch)',
      '550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown',
      '550 RCPT TO:<ada@example.org> User unknown',
      '550 Questo indirizzo e’ bloccato per inutilizzo',
      '550 5.1.1 <ada@example.org> utente sconosciuto',
    ],
    soft: ['552 Casella piena'],
    blocked: [
      '550 spam detected',
      '554 Abus detecte GU_EIB_04',
      '421 Too many spams from your IP (192.0.2.1)',
    ],
  },
  'Mail.ru and Yandex': {
    hard: [
      '550 Message was not accepted -- invalid mailbox.  Local mailbox ada@example.org is unavailable: user not found',
      '550 Message was not accepted -- invalid mailbox.  Local mailbox ada@example.org is unavailable: account is disabled',
      '550 5.7.1 No such user!',
      '550 5.7.1 No such user! 1738-abc',
    ],
    soft: [
      '452 4.2.2 Mailbox size limit exceeded',
      '451 4.7.1 Sorry, the service is currently unavailable. Please come back later.',
      '451 4.7.1 Greylisted, please try again in 300 seconds',
    ],
    blocked: [
      '550 spam message rejected. Please visit http://help.mail.ru/notspam-support/id?c=abc',
      '554 5.7.1 [1] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc',
      '550 5.7.1 We do not accept mail from hosts with dynamic IP or generic DNS PTR-records.',
      '550 5.7.26 Email rejected per DMARC policy for example.org',
    ],
  },
  'QQ, 163 and 126': {
    hard: [
      '550 Mailbox not found. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000728',
      '550 The recipient may contain a non-existent account, please check the recipient address.',
      '550 User not found: ada@example.org',
      '550 Invalid User: ada@example.org',
      '550 User suspended',
      '551 <ada@example.org> is a deactivated mailbox',
    ],
    soft: [
      '450 Mail frequency limited. http://service.mail.qq.com/',
      '552 Quota exceeded or service disabled.',
    ],
    blocked: [
      '550 Mail content denied. http://service.mail.qq.com/cgi-bin/help?subtype=1&&id=20022&&no=1000726',
      '550 Ip frequency limited. http://service.mail.qq.com/',
      '550 Domain frequency limited',
      '554 DT:SPM 163 mx14,PsCowEDpAAA',
      '550 MI:SPF mx5',
      '550 Suspected bounce attacks',
      '553 Requested action not taken: NULL sender is not allowed',
    ],
  },
  'Comcast, Cox, AT&T, Spectrum': {
    hard: [
      '550 5.1.1 Not our Customer',
      '550 5.1.1 Account Closed, Please Remove',
      '550 5.1.0 <ada@example.org> recipient rejected',
      '550 [SUSPEND] Mailbox currently suspended - Please contact correspondent directly',
    ],
    soft: ['452 4.1.1 ada@example.org 4.2.2 Over Quota', '452 too many connections'],
    blocked: [
      '554 resimta-po-11v.sys.comcast.net 192.0.2.1 found on one or more DNSBLs, see http://postmaster.comcast.net/',
      '553 5.3.0 flph825 DNSBL:ATTRBL 521< 192.0.2.1 >_is_blocked.For assistance forward this email to abuse@example.net',
      '552 sender rejected AUP#CXSNDR',
      '554 cox too many bad commands from 192.0.2.1',
      '550 rejected - no rDNS',
      '554 attachment extension is forbidden',
    ],
  },
  'GoDaddy and Zoho': {
    hard: [
      '550 Recipient not found.',
      '550 Account does not exist',
      '550 Account disabled',
      '550 5.1.1 User does not exist - <ada@example.org>',
    ],
    soft: [
      '552 Account storage limit',
      '421 Server temporarily unavailable. Try again later. IB101',
      '452 4.3.1 Temporary System Error',
    ],
    blocked: [
      '554 Connection refused. This IP has a poor reputation on Cloudmark Sender Intelligence (CSI). IB103',
      '552 This message has been rejected due to content judged to be spam by the Internet community. IB212',
      '550 ada@example.org Blank From: addresses are not allowed. Please provide a valid From. IB501',
      '550 This IP has sent too many messages this hour. IB504',
      '552 Virus infected message rejected. IB705',
      '554 5.7.1 Email cannot be delivered. Reason: Email flagged as Spam.',
      '541 5.4.1 Mail rejected by destination domain',
      '554 5.7.7 Email policy violation detected',
    ],
  },
  'Docomo and KDDI': {
    hard: ['550 Unknown user ada@example.org', '550 <ada@example.org>: User unknown'],
    soft: ['552 too much mail data', '452 Too many recipients'],
  },
  'Facebook and i.ua': {
    hard: ['550 5.1.1 RCP-P1 http://postmaster.facebook.com/response_codes'],
    soft: ['450 4.2.1 RCP-T4 http://postmaster.facebook.com/response_codes'],
    blocked: [
      '550 5.7.1 POL-P4 http://postmaster.facebook.com/response_codes',
      '550 5.2.0 RCP-P2 Refused due to recipient preferences',
    ],
  },
  'Proofpoint, Mimecast, Barracuda, Symantec, Cisco, McAfee': {
    hard: [
      '550 5.1.1 User Unknown',
      '550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [vH7Ns8biNg.us149]',
      '550 #5.1.0 Address rejected.',
      '550 5.1.0 Address rejected ada@example.org',
      '550-Invalid recipient <ada@example.org>\r\n550 (#5.1.1)',
      '553 Recipient mailbox is not allowed',
      '550 No such recipient here',
    ],
    soft: [
      '451 Internal resources are temporarily unavailable - https://community.mimecast.com/',
      '451 Recipient temporarily unavailable',
      '452 Too many recipients',
    ],
    blocked: [
      '550 csi.mimecast.org Poor Reputation Sender. - https://community.mimecast.com/docs/DOC-1369#550',
      '550 Administrative prohibition - envelope blocked - https://community.mimecast.com/',
      '550 Rejected by header based Anti-Spoofing policy: news@example.org',
      '554 Email rejected due to security policies - MCSpamSignature.sa.2.2',
      '550 permanent failure for one or more recipients (ada@example.org:blocked)',
      '554 5.7.1 Service unavailable; Client host [mail.example.org] blocked using Barracuda Reputation; http://www.barracudanetworks.com/reputation/',
      '553-mail rejected because your IP is in the PBL. See http://www.spamhaus.org/pbl',
      '553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)',
      '501 Connection rejected by policy [7.7] 20805',
      '550 5.7.0 Local Policy Violation - abc',
      '554-mx.example.org\r\n554 Your access to this mail system has been rejected due to the sending MTA’s poor reputation.',
      '550 #5.7.1 Your access to submit messages to this e-mail system has been rejected.',
      '451 TLS/SSLv3 Connection required. (#4.7.1)',
    ],
  },
};

const rows = Object.entries(BY_PROVIDER).flatMap(([provider, said]) =>
  Object.entries(said).flatMap(([expected, replies]) =>
    replies.map((reply) => [provider, expected, reply] as const),
  ),
);

describe('what providers say', () => {
  it.each(rows)('%s: %s: %s', (_provider, expected, text) => {
    expect(classifyReply({ code: Number(text.slice(0, 3)), text }).class).toBe(expected);
    expect(classifyReply({ code: null, text }).class).toBe(expected); // as a bounce mail brings it
  });
});
