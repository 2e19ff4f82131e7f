import type { Wording } from '../phrases.js';

/**
 * What single providers say and mean otherwise than the words or the code would have it. Each line names who says it.
 */
export const PROVIDERS: readonly Wording[] = [
  {
    class: 'hard',
    about: 'address',
    phrases: [
      '554 30|30', // Yahoo, AOL: This mailbox is disabled (554.30)
      'due to extended inactivity', // AOL
      'ofr 416|418|426|420', // Orange; its own words stand beside it
      'lpn* 416|418|426|420', // La Poste
      'this recipient is in my badrecipientto list', // qmail
      'that domain or user isnt in my list', // qmail
      'rcp p1', // Facebook
      'int p1|p3|p4', // Facebook
      'not listed in public|domino|directory|the|our', // Notes
      'due to|for inactivity', // Free
      'mx record found for domain', // Yahoo, of whom it sends to
      'nxdomain', // Gmail, of whom it sends to
    ],
  },
  {
    class: 'soft',
    about: 'mailbox',
    phrases: [
      'rcp t1|t4', // Facebook: for the time being
      'is receiving mail too quickly', // Gmail, Yahoo
      'is receiving mail at a rate', // Gmail
    ],
  },
  {
    class: 'soft',
    about: 'network',
    phrases: [
      'smtpsend dns nonexistentdomain', // Exchange, of a trouble that may be its own
      'proxy session setup failed', // Exchange
      'target ip address responded', // Exchange
      'temporary system problem', // Gmail
      'temporary authentication failure', // RFC 4954 §4
      'cannot authenticate due to temporary', // Gmail
    ],
  },
  {
    class: 'blocked',
    about: 'sender',
    phrases: [
      'tss04|tss09|tss11|iptss04|bl21|bl23|ph01', // Yahoo
      'rp|sc|dy|ou 001|002|003|004', // Outlook.com
      's3140|s3150|s775|as16012607|as16012609|as16012611', // Outlook.com, Exchange Online
      'rtr|rly|hvu|con|dyn bb|du|ch|rd|sc|bl|ge|b1|b2|b3|bd|ir|sn|t1', // AOL
      'pol|dns|con p1|p2|p3|p4|p7|t1|t2|t3|t4', // Facebook
      'ib103|ib104|ib105|ib106|ib108|ib110|ib111|ib112|ib113|ib501|ib502|ib504|ib506|ib508|ib510|ib607', // GoDaddy
      'aup cxbl|cxthrt|cxmj|cxdns|cxsndr|cxsmtp|cxcnct|cxmxrt|cdrbl|ipbl*', // Cox
      'a problem occurred', // T-Online: our address has no good name there
      'ask your postmaster for help', // T-Online
      'abus detecte', // SFR
      'hl|rp|mi|dt rep|qrc|spf|dmc|ipb|sub|rbl', // NetEase (163.com)
      'invalid dns mx', // whoever looks up the sender's domain
    ],
  },
  {
    class: 'blocked',
    about: 'content',
    phrases: [
      'ib212|ib705', // GoDaddy
      'dt spm|sum', // NetEase (163.com)
      'aup urlbl*', // Cox
      'msg p2|p3', // Facebook
      'pol p5|p6', // Facebook
      'cs01|hm07|hm08|hme1', // iCloud
    ],
  },
];

/** What they say of addresses that their directory does not have, in words that would be read otherwise. */
export const NOT_IN_DIRECTORY: readonly Wording[] = [
  {
    class: 'hard',
    about: 'address',
    status: ['5.4.1', '5.1.1', '5.1.10', '5.7.504', '5.7.505'],
    phrases: [
      'recipient address rejected access denied', // Exchange Online: not in the directory (directory-based edge blocking)
      'access denied banned recipient', // Exchange Online
    ],
  },
  {
    class: 'hard',
    about: 'address',
    status: ['5.5.0', '5.1.351'],
    phrases: ['requested action not taken mailbox unavailable', 'unknown recipient or mailbox unavailable'], // Outlook.com
  },
];
