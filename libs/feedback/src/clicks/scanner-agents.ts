/**
 * Words of user agents that no person's program has: of search engines, link previews, security gateways that say who they are,
 * and of libraries that programs fetch pages with. In lower case.
 */
const WORDS = [
  'apache-httpclient',
  'axios',
  'barracuda',
  'bitdefender',
  'bluecoat',
  'bot',
  'checkpoint',
  'cisco-',
  'cloudmark',
  'crawler',
  'curl/',
  'existence discovery',
  'facebookexternalhit',
  'fireeye',
  'forcepoint',
  'fortinet',
  'go-http-client',
  'google-safety',
  'googleimageproxy',
  'guzzlehttp',
  'headlesschrome',
  'hubspot',
  'ironport',
  'java/',
  'libwww',
  'linkcheck',
  'messagelabs',
  'mimecast',
  'node-fetch',
  'okhttp',
  'phantomjs',
  'preview',
  'proofpoint',
  'puppeteer',
  'python',
  'ruby',
  'safebrowsing',
  'safelinks',
  'scan',
  'skypeuri',
  'sophos',
  'spider',
  'symantec',
  'trendmicro',
  'trustwave',
  'undici',
  'urldefense',
  'validator',
  'virustotal',
  'webinspect',
  'wget',
  'whatsapp/',
  'yahoomailproxy',
  'zscaler',
];

/** Characters looked at. Those of browsers have up to 300. */
const LOOKED_AT = 500;

/** Whether a user agent says that it is a program and no person's browser. None at all says so too. */
export function isScannerAgent(userAgent: string | undefined): boolean {
  const words = (userAgent ?? '').slice(0, LOOKED_AT).toLowerCase();
  return words.trim() === '' || WORDS.some((word) => words.includes(word));
}
