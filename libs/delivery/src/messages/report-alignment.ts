/**
 * Whether a mail may ask for reports of complaints (RFC 9477 §3.1). If they go to the domain of From or below it, that domain or one above
 * it signs; if they go elsewhere, both domains sign.
 * @param from the domain of From
 * @param reports the domain of `CFBL-Address`
 * @param signedBy the `d=` of the signatures, which cover both fields
 */
export function mayAskForReports(from: string, reports: string, signedBy: readonly string[]): boolean {
  const [sender, target] = [from.toLowerCase(), reports.toLowerCase()];
  const signing = signedBy.map((domain) => domain.toLowerCase());
  if (isWithin(target, sender)) return signing.some((domain) => isWithin(sender, domain));
  return signing.includes(sender) && signing.includes(target);
}

function isWithin(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
