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
