/** How long a confirmation link works, in milliseconds. Delivery makes the token when it renders the mail. */
export const confirmTokenTtl = 7 * 86_400_000;

/**
 * How long a preferences link works, in milliseconds. It opens personal data, so unlike an unsubscribe link it ends;
 * an ended one offers a fresh link by mail.
 */
export const preferencesTokenTtl = 90 * 86_400_000;

/** When a link made now ends. */
export function linkEnd(now: Date, ttl: number): Date {
  return new Date(now.getTime() + ttl);
}
