/** Whether an `Accept` header (RFC 9110 §12.5.1) would rather have CSV than JSON; of two that are alike the first. */
export function prefersCsv(accept: string): boolean {
  const wishes = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((one) => one.startsWith('q='));
    return { type, weight: q === undefined ? 1 : Number(q.slice(2)) || 0 };
  });
  const csv = wishes.find(({ type }) => type === 'text/csv');
  if (!csv || csv.weight === 0) return false;
  const json = wishes.find(({ type }) => type === 'application/json');
  if (!json) return true;
  return csv.weight === json.weight ? wishes.indexOf(csv) < wishes.indexOf(json) : csv.weight > json.weight;
}
