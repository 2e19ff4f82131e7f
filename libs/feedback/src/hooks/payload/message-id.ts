/** RFC 5322 §2.1.1: no line is longer. */
const MAX_MESSAGE_ID = 998;
const NAMES = ['message-id', 'message_id', 'messageid'];

/** A Message-ID with its brackets, given with them or without; null: it is none. */
export function bracketed(given: string | undefined): string | null {
  const bare = (given ?? '').trim().replace(/^</, '').replace(/>$/, '');
  return bare.length <= MAX_MESSAGE_ID && /^[^\s<>@]+@[^\s<>@]+$/.test(bare) ? `<${bare}>` : null;
}

/** The Message-ID among values by name (headers, metadata that we set), whatever the case of its name. */
export function messageIdAmong(values: Record<string, unknown> | undefined): string | undefined {
  const found = Object.entries(values ?? {}).find(([name]) => NAMES.includes(name.toLowerCase()))?.[1];
  return typeof found === 'string' ? found : undefined;
}

/** The same among headers in a list. */
export function messageIdInHeaders(
  headers: { name?: string | undefined; value?: string | undefined }[] | undefined,
): string | undefined {
  return headers?.find(({ name }) => name?.toLowerCase() === 'message-id')?.value;
}
