/** The smallest of the values that so large a share of them does not exceed. @param share 0 < share ≤ 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] as number;
}
