/** Prints rows as a table with aligned columns. */
export function table(rows: Record<string, unknown>[]): void {
  const first = rows[0];
  if (!first) {
    console.log('(none)');
    return;
  }
  const columns = Object.keys(first);
  const cell = (value: unknown) =>
    value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const width = (column: string) => Math.max(column.length, ...rows.map((row) => cell(row[column]).length));
  const line = (values: string[]) =>
    values
      .map((value, i) => value.padEnd(width(columns[i] ?? '')))
      .join('  ')
      .trimEnd();
  console.log(line(columns.map((column) => column.toUpperCase())));
  for (const row of rows) console.log(line(columns.map((column) => cell(row[column]))));
}

/** Prints an answer as JSON when that was asked for, else as the command does. */
export function show<T>(asJson: boolean, answer: T, print: (answer: T) => void): void {
  if (asJson) console.log(JSON.stringify(answer, null, 2));
  else print(answer);
}
