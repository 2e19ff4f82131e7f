type Query = Readonly<Record<string, string | undefined>>;

/** Where the numbers of a path are as a file. */
export function csvHref(path: `/stats/${string}`, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/api/v1${path}?${new URLSearchParams([...given, ['format', 'csv']])}`;
}

/** The same numbers for a spreadsheet. @param of what they are of: there are several such links on a page */
export function CsvLink({ of, href }: { of: string; href: string }) {
  return (
    <a className="small" href={href} download>
      CSV<span className="unseen"> of: {of}</span>
    </a>
  );
}
