/** Longer texts are cut: the audit says that a story was changed, the story says how. */
const MOST_CHARACTERS = 200;
/** Of an answer they say nothing about what somebody did. */
const UNSAID = new Set(['id', 'createdAt', 'updatedAt', 'lastUsedAt', 'lastSignInAt', 'counts', 'warnings']);
/** Shown once, or never: whatever a field is called that could hold one. */
const SECRET = /secret|password|token|hash|codes|privatekey|^key$|^ur[il]$/i;

type Shown = string | number | boolean | null;

/**
 * What a change changed: `{ name: { from: 'Post', to: 'The Post' } }`. Before and after are answers of the API, which hold no secret; a field
 * that is called like one is named without its values.
 * @param before null: it was made; @param after null: it was removed
 */
export function changesOf(before: unknown, after: unknown): Record<string, unknown> | undefined {
  const [old, young] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(young)])].filter(
    (name) => !UNSAID.has(name),
  );
  const changes = names.flatMap((name): [string, object][] => {
    const [from, to] = [old[name], young[name]];
    if (JSON.stringify(from ?? null) === JSON.stringify(to ?? null)) return [];
    if (SECRET.test(name)) return [[name, { changed: true }]];
    return [
      [
        name,
        { ...(before === null ? {} : { from: shown(from) }), ...(after === null ? {} : { to: shown(to) }) },
      ],
    ];
  });
  return changes.length > 0 ? Object.fromEntries(changes) : undefined;
}

/** The same of something personal: which fields, and nothing of what is in them, for what is erased must not live on here. */
export function changedFields(before: unknown, after: unknown): Record<string, unknown> | undefined {
  const changes = before === null || after === null ? undefined : changesOf(before, after);
  return changes && { fields: Object.keys(changes) };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function shown(value: unknown): Shown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
