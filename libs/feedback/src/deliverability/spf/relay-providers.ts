import { BlockList, isIP } from 'node:net';

/** What senders through a relay include, by the end of its SMTP server's name. As the providers' setup pages have it. */
const INCLUDES: Record<string, string> = {
  'amazonaws.com': 'amazonses.com',
  'brevo.com': 'spf.brevo.com',
  'gmail.com': '_spf.google.com',
  'google.com': '_spf.google.com',
  'mailgun.org': 'mailgun.org',
  'mailjet.com': 'spf.mailjet.com',
  'mandrillapp.com': 'spf.mandrillapp.com',
  'messagingengine.com': 'spf.messagingengine.com',
  'mtasv.net': 'spf.mtasv.net',
  'office365.com': 'spf.protection.outlook.com',
  'outlook.com': 'spf.protection.outlook.com',
  'postmarkapp.com': 'spf.mtasv.net',
  'scw.cloud': '_spf.tem.scaleway.com',
  'sendgrid.net': 'sendgrid.net',
  'sendinblue.com': 'spf.sendinblue.com',
  'smtp2go.com': 'spf.smtp2go.com',
  'sparkpostmail.com': 'sparkpostmail.com',
};

/** @returns null: not known */
export function includeFor(host: string): string | null {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  return INCLUDES[labels.slice(-2).join('.')] ?? null;
}

/** Loopback, private and link-local: RFC 1918, RFC 4193, RFC 6598. */
const NEAR_BY = new BlockList();
NEAR_BY.addSubnet('10.0.0.0', 8);
NEAR_BY.addSubnet('100.64.0.0', 10);
NEAR_BY.addSubnet('127.0.0.0', 8);
NEAR_BY.addSubnet('169.254.0.0', 16);
NEAR_BY.addSubnet('172.16.0.0', 12);
NEAR_BY.addSubnet('192.168.0.0', 16);
NEAR_BY.addAddress('::1', 'ipv6');
NEAR_BY.addSubnet('fc00::', 7, 'ipv6');
NEAR_BY.addSubnet('fe80::', 10, 'ipv6');

/** Whether a server is of this machine or network, so that nobody outside sees it: `localhost`, `postfix`, `10.0.0.5`. */
export function isNearBy(host: string): boolean {
  const kind = isIP(host);
  if (kind !== 0) return NEAR_BY.check(host, kind === 4 ? 'ipv4' : 'ipv6');
  return !host.replace(/\.$/, '').includes('.') || /\.(?:localhost|local|internal|lan)\.?$/i.test(host);
}
