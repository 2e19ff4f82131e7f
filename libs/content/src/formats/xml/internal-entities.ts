const DECLARATION =
  /^!ENTITY\s+([\w.-]{1,50})\s+(?:"((?:[^"<&%]|&#x?\w{1,6};){0,200})"|'((?:[^'<&%]|&#x?\w{1,6};){0,200})')\s*$/;
/** Characters that all of a document's own entities may add: what doubles itself again and again stops here. */
const MAX_ADDED = 100_000;

/** Entities that a document declares for itself (XML 1.0 §4.2). Only plain text counts: nothing that holds others. */
export class InternalEntities {
  private readonly texts = new Map<string, string>();
  private added = 0;

  /** @param declaration as it stands between `<` and `>` */
  declare(declaration: string): void {
    // The first stands behind the document type's name and bracket.
    const own = declaration.slice(Math.max(0, declaration.lastIndexOf('<!ENTITY') + 1));
    const [, name, double, single] = DECLARATION.exec(own.slice(0, 2_000)) ?? [];
    if (name !== undefined && !this.texts.has(name)) this.texts.set(name, double ?? single ?? '');
  }

  /** The text with these entities replaced; others stay. */
  replace(raw: string): string {
    if (this.texts.size === 0) return raw;
    return raw.replace(/&([\w.-]{1,50});/g, (whole, name: string) => {
      const text = this.texts.get(name);
      if (text === undefined || this.added > MAX_ADDED) return whole;
      this.added += text.length;
      return text;
    });
  }
}
