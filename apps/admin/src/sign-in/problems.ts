/** What the server says in the address of the page it sends the browser to: words of ours for each, and none that a link could bring along. */
const PROBLEMS: Readonly<Record<string, string>> = {
  over: 'It took too long, or began in another browser. Sign in again.',
  unconfirmed: 'The identity provider did not confirm who you are.',
  unverified: 'The identity provider has not verified your address.',
  domain: 'Addresses of your domain may not sign in here.',
  no_role: 'The identity provider gives you no role here.',
  other_account: 'Your address belongs to another account of the identity provider.',
  other_person: 'At the identity provider you are somebody else than here.',
  disabled: 'This account is disabled.',
  unknown: 'There is no operator with your address. Ask an owner for an invitation.',
  away: 'The identity provider does not answer at the moment.',
};

/** @param query of the page's address. @returns undefined: there is nothing to say */
export function problemIn(query: string): string | undefined {
  const code = new URLSearchParams(query).get('problem');
  if (code === null) return undefined;
  return Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : 'Signing in did not work. Try again.';
}
