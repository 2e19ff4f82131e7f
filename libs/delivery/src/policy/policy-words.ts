/** Domains named in a reason; the others are counted. */
const NAMED = 5;

/**
 * Why an edition is paused that is refused across domains.
 * @param of how many messages were looked at
 * @param reply the server's last words, without addresses
 */
export function acrossReason(
  refusals: readonly { domain: string; refused: number }[],
  of: number,
  reply: string,
): string {
  const refused = refusals.reduce((sum, one) => sum + one.refused, 0);
  const named = refusals.slice(0, NAMED).map((one) => `${one.domain} (${one.refused})`);
  const others = refusals.length - named.length;
  if (others > 0) named.push(`${others} more`);
  return `${refused} of the last ${of} messages were refused for policy, by ${named.join(', ')}, the last with: ${reply}`;
}

/** Why a domain is left alone. */
export function restReason(domain: string, refused: number, of: number, reply: string): string {
  const counted =
    of === 1
      ? 'refused the message that was tried after its rest'
      : `refused ${refused} of the last ${of} messages`;
  return `${domain} ${counted} for policy, the last with: ${reply}`;
}
